"""`make bench`: measure one thing after the other and write the page."""

import asyncio
from pathlib import Path

from tests.bench import capture, gate, report, sponsors, start, teams, tick
from tests.bench.slack import CAPTURE, CHANNELS

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    print("Measuring captures against an empty listener…", flush=True)
    captures = asyncio.run(capture.measure())
    print("Measuring captures on Teams against an empty handler of its SDK…", flush=True)
    on_teams = asyncio.run(teams.measure())
    print("Measuring ticks over up to a million open items…", flush=True)
    ticks = tick.measure()
    print("Measuring the sponsors' week of up to a hundred thousand pairs…", flush=True)
    weeks = sponsors.measure()
    print("Measuring the gate…", flush=True)
    gates = gate.measure()
    print("Measuring the start, and memory over ten thousand captures…", flush=True)
    started = asyncio.run(start.measure())
    figures = report.Figures(captures, on_teams, ticks, weeks, gates, started)
    words = CAPTURE.removeprefix("action ")
    written = report.page(figures, words=words, channels=CHANNELS)
    PAGE.write_text(written, encoding="utf-8")
    print(written[written.index("## Capture") :])
    print(f"Written to {PAGE.parent.name}/{PAGE.name}.")


if __name__ == "__main__":
    main()
