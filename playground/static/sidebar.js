/** Where a person can go: Home, their channels, the direct message with the bot. */
import { button, fill, h, hidden } from './dom.js';
import { fullName } from './people.js';

export class Sidebar {
  /** `screen` has world, unread, user, place and go({...}). */
  constructor(screen) {
    this.screen = screen;
    this.node = h('nav', { class: 'side' });
  }

  draw() {
    const { world, user } = this.screen;
    this.node.setAttribute('aria-label', `Channels of ${fullName(world.user(user))}`);
    const active = document.activeElement;
    const focused = this.node.contains(active) ? active.dataset.place : null;
    fill(this.node, this.list());
    if (focused) this.node.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
    this.node.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  list() {
    const { world, user } = this.screen;
    const direct = world.directMessage(user);
    return [
      h('h2', {}, 'Channels'),
      world.rooms(user).map((room) => this.row(room.id, `# ${room.name}`, this.sharing(room))),
      h('h2', {}, 'For you alone'),
      direct && this.row(direct.id, fullName(world.botOf(user)), 'direct message'),
      this.row('home', 'Home'),
    ];
  }

  sharing(room) {
    if (!room.shared) return null;
    const firms = this.screen.world.partners(room, this.screen.user);
    return firms.length ? `shared with ${firms.join(', ')}` : 'shared';
  }

  row(id, label, note) {
    const { place, unread, user } = this.screen;
    const news = place !== id && unread.isNew(user, id);
    return button([
      h('span', { class: 'words' }, h('span', { class: news ? 'label new' : 'label' }, label),
        note && h('small', {}, note)),
      news && h('span', { class: 'dot' }, hidden('new messages')),
    ], {
      class: 'place',
      data: { place: id },
      'aria-current': place === id ? 'page' : null,
      onclick: () => this.screen.go({ channel: id, thread: null }),
    });
  }
}
