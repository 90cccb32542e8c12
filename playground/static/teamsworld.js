/** What the local Teams tells, in the shape in which the page knows people, places and messages. */

const KINDS = { personal: 'dm', groupChat: 'group', channel: 'channel' };

/** A message's id counts milliseconds; the page orders by seconds. */
const moment = (id) => id && (Number(id) / 1000).toFixed(3);

function person(one) {
  return {
    id: one.id,
    object_id: one.object_id,
    name: one.handle,
    real_name: one.name,
    title: one.title,
    team: one.tenant,
    tz: one.zone,
    guest: one.guest,
    platform: 'teams',
    received: one.received,
    received_last: moment(one.received_last),
  };
}

function room(one, state) {
  const tenants = new Set(one.members.map((id) => state.people.find((known) => known.id === id)?.tenant));
  return {
    id: one.id,
    kind: KINDS[one.kind],
    name: one.name,
    team: state.teams.find((team) => team.id === one.team),
    members: one.members,
    shared: tenants.size > 1,
    bot: one.bot,
    installs: one.kind === 'channel' && one.channel_type === 'standard' ? one.team : one.id,
    platform: 'teams',
  };
}

/** {people, rooms, firms, bot, commands, actions} */
export function fromTeams(state) {
  return {
    people: state.people.map(person),
    rooms: state.conversations.map((one) => room(one, state)),
    firms: state.tenants,
    bot: { id: state.bot, name: state.bot_name, real_name: state.bot_name, is_bot: true },
    commands: state.commands,
    actions: state.message_actions,
    revision: state.revision,
  };
}

/** A message, with the words that are read out in place of a card. */
export function messageOfTeams(one) {
  return {
    ...one,
    ts: moment(one.id),
    user: one.from,
    root: one.thread,
    words: one.text,
    text: one.text || one.summary,
    ephemeral: one.targeted,
  };
}
