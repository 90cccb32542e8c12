/** The left side of a screen: who one is, Home, channels, the direct message with the bot. */
import { button, fill, h, hidden } from './dom.js';
import { avatar, choosePerson, fullName, localTime } from './people.js';

export class Sidebar {
  /** `screen` has world, unread, user, place and go({...}). */
  constructor(screen) {
    this.screen = screen;
    this.me = button('', { class: 'me', 'aria-haspopup': 'menu', onclick: () => this.choose() });
    this.places = h('div', { class: 'places' });
    this.node = h('nav', { class: 'side', 'aria-label': 'People and channels' }, this.me, this.places);
  }

  choose() {
    const { world, unread, user } = this.screen;
    choosePerson(this.me, world, {
      current: user, unread, choose: (id) => this.screen.go({ user: id, channel: null, thread: null }),
    });
  }

  draw() {
    const { world, user } = this.screen;
    const me = world.user(user);
    const others = world.people.some((other) => other.id !== user && this.screen.unread.anyFor(other.id));
    fill(
      this.me,
      avatar(me),
      h('span', { class: 'who' },
        h('span', { class: 'sr-only' }, 'You are '),
        h('b', {}, fullName(me)),
        h('small', {}, me.title),
        h('small', {}, world.firm(me.team)),
        h('small', {}, localTime(me, world.now))),
      others && h('span', { class: 'dot' }, hidden('Others have new messages')),
      h('span', { class: 'switch', 'aria-hidden': 'true' }, 'Switch'),
    );
    const active = document.activeElement?.dataset?.place;
    fill(this.places, this.list());
    if (active) this.places.querySelector(`[data-place="${CSS.escape(active)}"]`)?.focus();
  }

  list() {
    const { world, user } = this.screen;
    const direct = world.directMessage(user);
    return [
      this.row('home', 'Home'),
      h('h2', {}, 'Channels'),
      world.rooms(user).map((room) => this.row(room.id, `# ${room.name}`, this.sharing(room))),
      direct && h('h2', {}, 'Direct message'),
      direct && this.row(direct.id, fullName(world.bot)),
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
