/** Where a person of Teams can go: the chat with the app, group chats, the channels of a team. */
import { button, h } from './dom.js';
import { fullName } from './people.js';
import { Sidebar } from './sidebar.js';

/** Where somebody's chat with the app stands while there is none yet. */
export const APP = 'app';

export class TeamsPlaces extends Sidebar {
  list() {
    const { world, user } = this.screen;
    const rooms = world.rooms(user);
    const channels = rooms.filter(({ kind }) => kind === 'channel');
    const teams = [...new Map(channels.map((room) => [room.team.id, room.team])).values()];
    return [
      h('h2', {}, 'Chat'),
      this.row(world.directMessage(user)?.id ?? APP, fullName(world.botOf(user)), 'the app’s chat with you'),
      rooms.filter(({ kind }) => kind === 'group').map((room) => this.row(room.id, room.name, 'group chat')),
      teams.map((team) => [
        h('h2', {}, team.name),
        channels.filter((room) => room.team.id === team.id)
          .map((room) => this.row(room.id, room.name, this.sharing(room))),
      ]),
    ];
  }
}

/** The head of what is shown: its name, whose it is, whether the app is there. */
export function teamsHeading(screen) {
  const { world, place, user } = screen;
  const room = world.channel(place);
  const app = fullName(world.botOf(user));
  if (!room || room.kind === 'dm') return [h('h2', {}, app), h('small', {}, 'Chat with the app')];
  const firms = world.partners(room, user);
  const about = [
    room.team?.name ?? 'Group chat',
    firms.length && `shared with ${firms.join(', ')}`,
    `${room.members.length} people`,
  ];
  return [
    h('h2', {}, room.name),
    h('small', {}, about.filter(Boolean).join(' · ')),
    !room.bot && button(`Add ${app}`, {
      class: 'quiet pins', onclick: () => screen.install(),
    }),
  ];
}
