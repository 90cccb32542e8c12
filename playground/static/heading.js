/** The head of what a screen shows. */
import { button, h } from './dom.js';
import { fullName } from './people.js';

/** A conversation's name, who shares it, what is pinned there. */
export function heading(screen) {
  const { world } = screen;
  const room = world.channel(screen.place);
  if (room.kind === 'dm') return [h('h2', {}, fullName(world.botOf(screen.user))), h('small', {}, 'Direct message')];
  const firms = world.partners(room, screen.user);
  const people = room.members.filter((id) => !world.isBot(id)).length;
  const sharing = room.shared && firms.length ? `Shared with ${firms.join(', ')} · ` : '';
  const pins = room.pins?.length ?? 0;
  return [
    h('h2', {}, `# ${room.name}`),
    h('small', {}, `${sharing}${people} people`),
    pins > 0 && button(pins === 1 ? '1 pinned' : `${pins} pinned`, {
      class: 'quiet pins', onclick: () => screen.toMessage(room.pins.at(-1)),
    }),
  ];
}
