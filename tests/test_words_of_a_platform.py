"""What people read fits the platform they read it on: a text that can reach people of either names
nothing that only one of them has. Where words must differ, a function looks at the platform first,
and those functions are named here."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers.commands import VERBS
from tests.anywhere import OLIVIA, PRIYA, AnyWorld
from tests.teams.world import TeamsWorld

ROOT = Path(__file__).parent.parent
OF_SLACK = re.compile(
    r"\bworkspaces?\b|\bSlack\b|/(?:alliance|invite|remove|remind)\b|\bfiles:write\b"
    r"|\bshortcuts?\b|\bemojis?\b|\breact(?:s|ed|ing|ions?)?\b|\bpin(?:s|ned)?\b|\bMessages tab\b",
    re.I,
)
OF_TEAMS = re.compile(
    r"\btenants?\b|\bTeams\b|\bthe app Alliance\b|\bapp bar\b|\bEntra\b|\bAdaptive Cards?\b", re.I
)
NAMES = re.compile(r"\b(?:Slack|Teams)\b")
BOTH = re.compile(r"\bSlack,? (?:and|or)(?: on)? Teams\b")

EITHER = ("governance", "handlers")
ONLY_SLACK, ONLY_TEAMS = "handlers/slack", "handlers/teams"

LOOKS_FIRST = {
    "handlers/acts.py": ("typed", "bring_me", "take_me_out"),
    "handlers/digest.py": ("_why",),
    "handlers/firms/alliances.py": ("_how",),
    "handlers/firms/places.py": ("being_posted",),
    "handlers/firms/setting_up.py": ("preview",),
    "handlers/help.py": ("_keeping", "_typing"),
    "handlers/seeing/export.py": ("REFUSED",),
}
"""The functions, and tables by a platform's own codes, that say what fits the reader's platform."""


@dataclass(frozen=True)
class Said:
    """A text in the source, and the function or constant it stands in."""

    file: str
    where: str
    line: int
    text: str


def texts(folder: str) -> Iterator[Said]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        reader = _Reader(path.relative_to(ROOT).as_posix())
        reader.visit(ast.parse(path.read_text()))
        yield from reader.found


class _Reader(ast.NodeVisitor):
    """Every string that is made of words, with a gap for what is put into it; no docstrings."""

    def __init__(self, file: str) -> None:
        self.found: list[Said] = []
        self._file, self._where = file, ""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self._where = self._where, node.name
        self.generic_visit(node)
        self._where = before

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Assign(self, node: ast.Assign) -> None:
        before = self._where
        if not before and isinstance(node.targets[0], ast.Name):
            self._where = node.targets[0].id
        self.generic_visit(node)
        self._where = before

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._keep(node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value if isinstance(part, ast.Constant) else " " for part in node.values]
        self._keep(node, "".join(map(str, parts)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _keep(self, node: ast.expr, text: str) -> None:
        if " " in text.strip() or text.startswith(("/", "`")):
            self.found.append(Said(self._file, self._where, node.lineno, text))


def of_one_platform(text: str) -> set[str]:
    """The words in a text that only one platform's people understand. One that names both
    platforms is for everybody."""
    found = {one.casefold() for one in (*OF_SLACK.findall(text), *OF_TEAMS.findall(text))}
    return found - {"slack", "teams"} if len(set(NAMES.findall(text))) == 2 else found


def is_shown(said: Said) -> bool:
    return said.where not in LOOKS_FIRST.get(said.file, ())


def test_a_text_for_everybody_names_nothing_of_one_platform() -> None:
    wrong = [
        f"{said.file}:{said.line}: {sorted(words)} in “{said.text}”"
        for folder in EITHER
        for said in texts(folder)
        if not said.file.startswith((ONLY_SLACK, ONLY_TEAMS)) and is_shown(said)
        if (words := of_one_platform(said.text))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("folder", "foreign"), [(ONLY_SLACK, OF_TEAMS), (ONLY_TEAMS, OF_SLACK)], ids=["slack", "teams"]
)
def test_a_platform_says_nothing_of_the_other(folder: str, foreign: re.Pattern[str]) -> None:
    wrong = [
        f"{said.file}:{said.line}: “{said.text}”"
        for said in texts(folder)
        if foreign.search(said.text)
    ]
    assert wrong == []


def test_what_looks_at_the_platform_first_is_still_there() -> None:
    found = {
        (said.file, said.where)
        for folder in EITHER
        for said in texts(folder)
        if of_one_platform(said.text)
    }
    named = {(file, where) for file, all_of in LOOKS_FIRST.items() for where in all_of}
    assert named - found == set(), "no longer needed"


async def test_every_command_is_answered_in_words_of_the_platform_it_was_typed_on(
    any_world: AnyWorld,
) -> None:
    foreign = OF_SLACK if isinstance(any_world, TeamsWorld) else OF_TEAMS
    shown: list[str] = []
    for who in (PRIYA, OLIVIA):
        for typed in (*VERBS, "help all", "nonsense", "join ABCDE-23456"):
            shown.append((await any_world.mention(who, typed)).text)
            shown.append((await any_world.write(who, typed)).text)
            await any_world.close(who)
    shown += [said for said, _ in any_world.everything_said()]
    assert [text for text in shown if foreign.search(BOTH.sub("", text))] == []
