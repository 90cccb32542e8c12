"""Who is in a conversation, and what a team consists of, as the Bot Connector tells it."""

from playground.refusal import Json
from playground.teams.connector import Answer, Call, room_of
from playground.teams.denial import denied
from playground.teams.house import House
from playground.teams.keys import ANY_TENANT
from playground.teams.world import Person, Room, Team

_LEAST, _MOST = 50, 500


def _account(house: House, person: Person) -> Json:
    given, _, surname = person.name.partition(" ")
    """A tenant that nobody knows is left out."""
    home = house.world.tenants.get(person.tenant)
    domain = home.domain if home is not None else "elsewhere.example"
    mail = f"{person.handle}@{domain}"
    upn = f"{person.handle}_elsewhere.example#EXT#@{domain}" if person.guest else mail
    return {
        "id": person.id,
        "name": person.name,
        "givenName": given,
        "surname": surname,
        "email": mail,
        "userPrincipalName": upn,
        **({"tenantId": home.id} if home is not None else {}),
        "userRole": "guest" if person.guest else "user",
    }


def _rows(house: House, room: Room) -> list[Json]:
    """In a shared channel somebody may stand here twice: in person and through a team."""
    world = house.world
    if room.kind != "channel" or room.channel_type == "standard":
        return [_listed(house, one) for one in world.people_in(room)]
    rows = [_listed(house, one) | _source(house, room, one, None) for one in room.members]
    for team in room.shared_with:
        for one in world.teams[team].members:
            rows.append(_listed(house, one) | _source(house, room, one, team))
    return rows


def _listed(house: House, person_id: str) -> Json:
    person = house.world.people[person_id]
    return _account(house, person) | {"objectId": person.object_id}


def _source(house: House, room: Room, person_id: str, through: str | None) -> Json:
    source = {
        "conversationId": through or room.id,
        "conversationType": "team" if through else "channel",
        "membershipType": "transitive" if through else "direct",
        "tenantId": house.world.people[person_id].tenant,
    }
    if through:
        source["teamAadGroupId"] = house.world.teams[through].group_id
    return {"membershipSource": [source]}


async def paged(house: House, call: Call) -> Answer:
    room, _ = room_of(house, call)
    house.limits.count("members", room.id, house.world.now())
    asked = call.query.get("pageSize", "200")
    token = call.query.get("continuationToken", "")
    if not asked.isdecimal() or not (token == "" or token.isdecimal()):
        raise denied("BadArgument", "pageSize or continuationToken is no good")
    size = min(max(int(asked), _LEAST), _MOST)
    start, rows = int(token or 0), _rows(house, room)
    answer: Json = {"members": rows[start : start + size]}
    if start + size < len(rows):
        answer["continuationToken"] = str(start + size)
    return 200, answer


async def everybody(house: House, call: Call) -> Answer:
    room, _ = room_of(house, call)
    house.limits.count("all members", room.id, house.world.now())
    return 200, _rows(house, room)


async def one(house: House, call: Call) -> Answer:
    room, _ = room_of(house, call)
    house.limits.count("members", room.id, house.world.now())
    asked = call.path["member"]
    for person_id in house.world.people_in(room):
        person = house.world.people[person_id]
        account = _account(house, person)
        if asked in (person.id, person.object_id, account["userPrincipalName"]):
            return 200, account | {"aadObjectId": person.object_id}
    raise denied("MemberNotFoundInConversation")


def _team(house: House, call: Call) -> Team:
    team = house.world.teams.get(call.path["team"])
    if team is None or team.tenant != call.tenant:
        raise denied("ConversationNotFound")
    if call.token_tenant not in (ANY_TENANT, team.tenant):
        raise denied("ForbiddenOperationException", "The token is for another tenant.")
    if team.id not in house.world.installed:
        raise denied("BotNotInConversationRoster")
    return team


async def team_details(house: House, call: Call) -> Answer:
    team = _team(house, call)
    return 200, {
        "id": team.id,
        "name": team.name,
        "type": "standard",
        "aadGroupId": team.group_id,
        "channelCount": len(team.channels),
        "memberCount": len(team.members),
        "tenantId": team.tenant,
    }


async def team_channels(house: House, call: Call) -> Answer:
    """The General channel has no name here."""
    team = _team(house, call)
    rooms = [house.world.rooms[room_id] for room_id in team.channels]
    seen = [r for r in rooms if r.channel_type == "standard" or house.world.bot_in(r)]
    return 200, {
        "conversations": [
            {"id": r.id, "name": None if r.id == team.id else r.name, "type": r.channel_type}
            for r in seen
        ]
    }
