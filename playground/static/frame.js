/**
 * What the screen of anybody has, whichever chat they use: whose it is, where they can go, what
 * they see there. It holds nothing that belongs to the whole page, so that two can stand side by
 * side. Those built on it answer build(), settle(), load(), which asks and draws, and act().
 */
import * as api from './api.js';
import { Band } from './band.js';
import { button, h, uid } from './dom.js';
import { fullName } from './people.js';

const NEAR = 120;

export class Frame {
  /** `side` is left or right; `moved()` hears that the person went elsewhere; `become(user)` shows
   * somebody else here, perhaps of another platform. */
  constructor(world, unread, { user, channel, thread, side, moved, become }) {
    Object.assign(this, { world, unread, user, place: channel, threadTs: thread, side, moved, become });
    this.drafts = new Map();
    this.all = [];
    this.given = [];
    this.fresh = true;
    this.settle();
    this.build();
    this.hear = () => this.refresh();
    world.addEventListener('change', this.hear);
  }

  /** Another screen has taken its place. */
  leave() {
    this.world.removeEventListener('change', this.hear);
  }

  get tz() {
    return this.world.user(this.user)?.tz || 'UTC';
  }

  get whose() {
    return fullName(this.world.user(this.user));
  }

  get bot() {
    return this.world.botOf(this.user);
  }

  /** A part of what the window is called: who is where. */
  get label() {
    const room = this.world.channel(this.place);
    return `${this.whose} in ${room ? room.name || fullName(this.bot) : 'Home'}`;
  }

  /** Once `rooms`, `composer` and `modal` are made. `inside`: what is shown; `beside`: what stands next to it. */
  compose({ platform, inside, beside = [] }) {
    this.band = new Band(this);
    this.title = h('div', { class: 'title', id: uid('place'), tabindex: -1 });
    this.body = h('div', { class: 'scroll', tabindex: -1 }, inside);
    this.body.addEventListener('scroll', () => this.scrolled());
    this.news = button('New messages ↓', { class: 'news', hidden: true, onclick: () => this.toEnd() });
    this.said = h('p', { class: 'sr-only', role: 'status' });
    this.main = h('div', { class: 'main' },
      h('header', {}, this.title), this.body, this.news, this.composer.node, this.said);
    this.behind = [this.rooms.node, this.main, ...beside];
    const stage = h('div', { class: 'stage' }, this.behind, this.modal.dialog);
    this.node = h('section', { class: 'screen', data: { side: this.side, platform } }, this.band.node, stage);
  }

  /** A form stands before everything else of this screen; the other screen goes on. */
  behindForm(open) {
    this.behind.forEach((node) => node.toggleAttribute('inert', open));
    this.node.classList.toggle('asking', open);
  }

  /** Goes somewhere: {user?, channel?, thread?}; what is not named stays. */
  go({ user = this.user, channel = this.place, thread = this.threadTs }) {
    const same = user === this.user && channel === this.place;
    this.drafts.set(this.place, this.composer.text);
    if (user !== this.user) this.drafts.clear();
    Object.assign(this, { user, place: channel, threadTs: same ? thread : thread || null });
    this.settle();
    this.moved();
    if (!same) {
      this.say('');
      this.composer.text = this.drafts.get(this.place) ?? '';
      this.fresh = true;
    }
    return this.refresh();
  }

  /** Shows what this person sees now; one look at a time, and one more if asked meanwhile. */
  refresh() {
    this.again = true;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  async look() {
    while (this.again) {
      this.again = false;
      if (this.world.reachable) await this.load();
    }
  }

  /** Whose screen it is, and where they can go. */
  drawFrame() {
    this.band.draw();
    this.rooms.draw();
  }

  /** For those who do not see it. */
  nameParts() {
    const me = this.world.user(this.user);
    this.node.dataset.firm = this.world.firmNumber(me.team);
    this.node.setAttribute('aria-label', `${this.side} screen: ${this.whose}, ${this.world.firm(me.team)}`);
    this.composer.name(`Message as ${this.whose}`);
  }

  /** New messages are read out to those who do not see them come: the last one of several. */
  announce(all) {
    const newest = this.all.at(-1)?.ts;
    const fresh = all.filter((message) => message.ts > newest);
    if (this.fresh || !newest || !fresh.length) return;
    const last = fresh.at(-1);
    const count = fresh.length > 1 ? `${fresh.length} new messages. The last one: ` : '';
    const who = fullName(this.world.user(last.user), last.user);
    this.said.textContent = `${this.whose} sees: ${count}${who}: ${last.text}`;
  }

  /** After the messages were drawn: to the newest one, or a hint that there is one. */
  follow(all, ends) {
    this.unseen = ends && !this.body.clientHeight;
    if (ends) this.toEnd();
    else if (all.length > this.all.length) this.news.removeAttribute('hidden');
    this.all = all;
  }

  /** It was hidden, and is shown now. */
  appear() {
    if (this.unseen) this.toEnd();
    this.unseen = false;
  }

  atEnd() {
    return this.body.scrollHeight - this.body.scrollTop - this.body.clientHeight < NEAR;
  }

  scrolled() {
    if (this.atEnd()) this.news.setAttribute('hidden', '');
  }

  toEnd() {
    this.body.scrollTop = this.place === 'home' ? 0 : this.body.scrollHeight;
  }

  toMessage(ts) {
    const node = ts && this.node.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return;
    node.scrollIntoView({ block: 'center' });
    node.classList.remove('found');
    requestAnimationFrame(() => node.classList.add('found'));
  }

  fail({ error }) {
    if (this.modal.dialog.open) this.modal.say(api.inWords(error));
    else this.say(api.inWords(error));
  }

  say(words) {
    this.composer.say(words);
  }
}
