/** Two people's screens side by side; on a narrow window one of them at a time. */
import { fromAddress, SIDES, toAddress } from './address.js';
import { button, fill, h } from './dom.js';
import { fullName } from './people.js';
import { Screen } from './screen.js';
import { TeamsScreen } from './teamsscreen.js';

/** Somebody to begin as: an alliance manager of the firm that installed the app, or of the other. */
function somebody(world, number) {
  const firm = world.people.filter((user) => world.firmNumber(user.team) === number);
  const known = firm.length ? firm : world.people;
  return (known.find((user) => /alliance manager/i.test(user.title ?? '')) ?? known[0]).id;
}

export class Pair {
  /** `moved(pair)` hears that somebody went elsewhere. */
  constructor(world, unread, moved) {
    Object.assign(this, { world, unread, moved });
    const given = fromAddress();
    this.on = given.on;
    this.screens = Object.fromEntries(SIDES.map((side, index) => {
      const user = given[side].user ?? somebody(world, index);
      return [side, this.screenOf(side, { ...given[side], user })];
    }));
    this.tabs = SIDES.map((side) => button('', { onclick: () => this.turnTo(side) }));
    this.switch = h('div', { class: 'turn', role: 'group', 'aria-label': 'Whose screen is shown' }, this.tabs);
    this.node = h('div', { class: 'pair' }, this.all.map((screen) => screen.node));
    addEventListener('popstate', () => this.recall());
    this.draw();
  }

  kindFor(user) {
    return this.world.user(user)?.platform === 'teams' ? TeamsScreen : Screen;
  }

  /** A screen in the skin of the chat that this person uses. */
  screenOf(side, seat) {
    const screen = new (this.kindFor(seat.user))(this.world, this.unread, {
      ...seat,
      side,
      moved: () => this.remember(),
      become: (user) => this.seat(side, { user, channel: null, thread: null }),
    });
    screen.node.addEventListener('focusin', () => this.notice(side));
    return screen;
  }

  /** Shows {user, channel, thread} on a side; the focus stays with whose screen it is. */
  async seat(side, { user, channel, thread }) {
    const former = this.screens[side];
    if (former instanceof this.kindFor(user)) return former.go({ user, channel, thread });
    const focused = former.node.contains(document.activeElement);
    former.leave();
    const screen = this.screenOf(side, { user, channel, thread });
    this.screens[side] = screen;
    former.node.replaceWith(screen.node);
    this.remember();
    await screen.refresh();
    if (focused) screen.band.me.focus();
    return undefined;
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
      return this.seat(side, { user: user ?? this.screens[side].user, channel, thread });
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
      return this.seat(side, { user, channel: place, thread: null });
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
    this.screens[this.on].appear();
  }
}
