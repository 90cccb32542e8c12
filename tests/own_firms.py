"""Northwind and Helix in Slack, and the Teams beside it in which both have tenants as well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlmodel import Session, select

from bot.local import LocalSlack
from bot.settings import TeamsCredentials
from storage.tables import Conversation, Member, Person, Side, SideTeam
from tests.teams.world import TeamsWorld
from tests.test_joining import code_in
from tests.world import HANA, MONDAY, OWN, PRIYA, World, direct

ALLIANCES = "Alliance"
"""A channel of Helix's own in Teams."""

TITLE = "Join for your firm"
CARD = "Set up by Priya Raman of Northwind Bio"
SECRET, JOINT = "count our margins", "send the labels"


class Local(LocalSlack):
    """Its Teams app is one for several tenants."""

    async def _teams_credentials(self) -> TeamsCredentials | None:
        made = await super()._teams_credentials()
        return replace(made, several=True) if made is not None else None


class Beside(TeamsWorld):
    """The Teams beside a local Slack, in which Northwind and Helix have tenants as well."""

    def __init__(self, local: LocalSlack) -> None:
        assert local.teams is not None
        self.local, self.teams, self.clock = local, local.teams, local.clock
        self._bot, self._last = local.bot, {}

    async def grow(self) -> None:
        await self._grow()
        await self.done(self.teams.install("Alliances", "olivia"))

    def everything(self, who: str) -> str:
        rooms = [room["id"] for room in self.teams.state()["conversations"]]
        return "\n".join(self.text(who, room) for room in [*rooms, direct(who)])


class Firms(World):
    """Northwind and Helix at one ledger in Slack, and their Teams beside it."""

    def __init__(self, local: LocalSlack) -> None:
        super().__init__(local)
        self.beside = Beside(local)

    async def code(self, who: str = PRIYA) -> str:
        """The code for one's own people that an alliance manager is given."""
        await self.write(who, "invite")
        return code_in((await self.press(who, "For our own people", channel=direct(who))).text)

    async def open(self, who: str, code: str, channel: str = OWN) -> str:
        """What somebody in Teams reads who has a code, before they press Join."""
        await self.beside.mention(who, f"join {code}", channel)
        await self.beside.press(who, TITLE, channel=channel)
        return self.beside.words(self.beside.form(who))

    async def join(self, who: str, code: str, channel: str = OWN, **values: str) -> str:
        await self.open(who, code, channel)
        sent = await self.beside.fill(who, **values)
        assert sent.ok, sent
        await self.beside.close(who)
        await self.later("PT5S")
        return sent.text

    async def refused(self, who: str, code: str, channel: str = OWN) -> str:
        return (await self.beside.mention(who, f"join {code}", channel)).text

    def teams_of(self, firm: str) -> dict[str, bool]:
        """A firm's workspaces, and of which nobody has confirmed that they are."""

        def read(session: Session) -> dict[str, bool]:
            side = session.exec(select(Side).where(Side.firm == firm)).one()
            teams = session.exec(select(SideTeam).where(SideTeam.side_id == side.id))
            return {team.team_id: team.stated for team in teams}

        return self.stored(read)

    def place_of(self, who: str) -> tuple[str, str, bool] | None:
        """The firm and role of somebody in Teams, and whether nobody has confirmed it."""
        known = self.beside.id_of(who)

        def read(session: Session) -> tuple[str, str, bool] | None:
            found = session.exec(
                select(Side.firm, Member.role, Member.stated)
                .join(Member, Member.side_id == Side.id)  # type: ignore[arg-type]
                .join(Person, Person.id == Member.person_id)  # type: ignore[arg-type]
                .where(Person.user_id == known, Member.until == None)  # noqa: E711
            ).first()
            return tuple(found) if found else None  # type: ignore[return-value]

        return self.stored(read)


@asynccontextmanager
async def started(database_url: str) -> AsyncIterator[Firms]:
    local = Local(database_url=database_url, seed="empty", now=MONDAY, with_teams=True)
    try:
        await local.start()
        made = Firms(local)
        await made.beside.grow()
        await made.set_up(own_channel=True)
        yield made
    finally:
        await local.stop()


async def items(firms: Firms) -> None:
    """One that is joint, and one that is Northwind's own."""
    await firms.command(HANA, f"action {JOINT} by Fri")
    await firms.command(HANA, f"internal {SECRET} by Fri")


def linked(session: Session, team_id: str) -> list[str]:
    chosen = select(Conversation).where(Conversation.team_ids == team_id)
    return [one.name for one in session.exec(chosen) if one.alliance_id is not None]
