"""The measurements run, with tiny sizes; what they find is nobody's test."""

import sys

import pytest

from tests.bench import capture, gate, pulses, report, sponsors, start, teams, tick


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by POSIX signals")
async def test_every_measurement_runs_and_is_written_down() -> None:
    """The ticks check for themselves that the product and the plain SQL leave the same behind."""
    captures = await capture.measure(times=16, rounds=1, channels=2)
    on_teams = await teams.measure(times=4, rounds=1)
    ticks = tick.measure(sizes=(100, 200), people=10)
    weeks = sponsors.measure(sizes=(100,))
    gates = gate.measure(times=2, sizes=(3,))
    started = await start.measure(captures=8, starts=1, channels=2)
    written = report.page(
        report.Figures(captures, on_teams, ticks, weeks, gates, started),
        words="do it by Fri",
        channels=2,
    )
    assert "| 200 |" in written
    assert "| 100 |" in written[written.index("| pairs |") :]
    assert "| memory after 8 captures |" in written
    assert all(min(gate.asked, gate.planned) > 0 for gate in gates)
    assert on_teams.capture_cpu > on_teams.empty_cpu > 0
    reactions = await pulses.measure(events=16, pulses=2, rounds=1)
    assert reactions.pulses == 2
    assert reactions.ratio > 0
    assert captures.crowd.cpu > captures.empty_crowd.cpu > 0
    assert started.fresh > started.libraries > 0
