/** Two people's screens side by side; on a narrow window one of them at a time. */
import { fromAddress, SIDES, toAddress } from './address.js';
import { button, fill, h } from './dom.js';
import { fullName } from './people.js';
import { Screen } from './screen.js';

/** Somebody to begin as: an alliance manager of the firm that installed the app, or of another. */
function somebody(world, external) {
  const firm = world.people.filter((user) => user.external === external);
  const known = firm.length ? firm : world.people;
  return (known.find((user) => /alliance manager/i.test(user.title ?? '')) ?? known[0]).id;
}

export class Pair {
  /** `moved(pair)` hears that somebody went elsewhere. */
  constructor(world, unread, moved) {
    Object.assign(this, { world, moved });
    const given = fromAddress();
    this.on = given.on;
    this.screens = Object.fromEntries(SIDES.map((side) => [side, new Screen(world, unread, {
      ...given[side],
      user: given[side].user ?? somebody(world, side === 'right'),
      side,
      moved: () => this.remember(),
    })]));
    this.tabs = SIDES.map((side) => button('', { onclick: () => this.turnTo(side) }));
    this.switch = h('div', { class: 'turn', role: 'group', 'aria-label': 'Whose screen is shown' }, this.tabs);
    this.node = h('div', { class: 'pair' }, this.all.map((screen) => screen.node));
    this.all.forEach((screen) => screen.node.addEventListener('focusin', () => this.notice(screen.side)));
    addEventListener('popstate', () => this.recall());
    this.draw();
  }

  get all() {
    return SIDES.map((side) => this.screens[side]);
  }

  get users() {
    return this.all.map((screen) => screen.user);
  }

  get places() {
    const of = ({ user, place, threadTs }) => ({ user, channel: place, thread: threadTs });
    return { left: of(this.screens.left), right: of(this.screens.right), on: this.on };
  }

  /** The side on which a person is shown, if they are. */
  sideOf(user) {
    return SIDES.find((side) => this.screens[side].user === user) ?? null;
  }

  remember() {
    this.draw();
    if (this.quiet) return;
    toAddress(this.places, { replaces: this.replaces });
    this.moved(this);
  }

  async recall() {
    const { on, ...given } = fromAddress();
    this.on = on;
    this.quiet = true;
    await Promise.all(SIDES.map((side) => {
      const { user, channel, thread } = given[side];
      return this.screens[side].go({ user: user ?? this.screens[side].user, channel, thread });
    }));
    this.quiet = false;
    this.draw();
    this.moved(this);
  }

  /** Shows these two seats ({user, channel}); `channel` may be "dm" or "home". */
  async show(seats) {
    this.replaces = true;
    await Promise.all(SIDES.map((side) => {
      const { user, channel } = seats[side];
      const place = channel === 'dm' ? this.world.directMessage(user)?.id ?? null : channel;
      return this.screens[side].go({ user, channel: place, thread: null });
    }));
    this.replaces = false;
  }

  refresh() {
    return Promise.all(this.all.map((screen) => screen.refresh()));
  }

  notice(side) {
    this.on = side;
    this.draw();
  }

  turnTo(side) {
    this.on = side;
    this.remember();
  }

  /** Like the above, without a step in the browser's history. */
  lookAt(side) {
    this.on = side;
    this.draw();
  }

  draw() {
    this.node.dataset.on = this.on;
    this.all.forEach((screen, index) => {
      const user = this.world.user(screen.user);
      const shown = screen.side === this.on;
      screen.leads = shown;
      this.tabs[index].setAttribute('aria-pressed', String(shown));
      this.tabs[index].dataset.firm = this.world.firmNumber(user?.team);
      fill(this.tabs[index], h('b', {}, fullName(user)), h('small', {}, this.world.firm(user?.team)));
    });
  }
}
