/** The head of a screen: whose it is, of which firm, and what the app has written to them. */
import { button, fill, h, hidden } from './dom.js';
import { avatar, choosePerson, fullName, localTime, receivedWords } from './people.js';

export class Band {
  /** `screen` has world, unread, user and become(user). */
  constructor(screen) {
    this.screen = screen;
    this.me = button('', { class: 'me', 'aria-haspopup': 'menu', onclick: () => this.choose() });
    this.node = h('header', { class: 'band' }, this.me);
  }

  choose() {
    const { world, unread, user } = this.screen;
    choosePerson(this.me, world, {
      current: user, unread, choose: (id) => this.screen.become(id),
    });
  }

  draw() {
    const { world, unread, user } = this.screen;
    const me = world.user(user);
    const platform = world.platform(me);
    const others = world.people.some((other) => other.id !== user && unread.anyFor(other.id));
    fill(
      this.me,
      avatar(me),
      h('span', { class: 'who' },
        h('span', { class: 'sr-only' }, 'You are '),
        h('span', { class: 'names' }, h('b', {}, fullName(me)), ' ',
          h('span', { class: 'firm-name' }, world.firm(me.team), me.guest && ' (guest)'),
          platform && [' ', h('span', { class: 'badge platform' }, platform)]),
        h('small', {}, [me.title, localTime(me, world.now)].filter(Boolean).join(' · '))),
      h('span', { class: 'got', title: 'Direct messages from the app in the last seven days' },
        h('b', {}, receivedWords(me)), h('small', {}, 'this week')),
      h('span', { class: 'switch', 'aria-hidden': 'true' }, 'Switch',
        others && h('span', { class: 'dot' })),
      others && hidden('. Others have new messages'),
    );
  }
}
