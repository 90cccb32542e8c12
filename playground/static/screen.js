/**
 * The screen of one person: who they are, where they look, what they see there. It holds nothing
 * that belongs to the whole page, so that two of them can stand side by side.
 */
import * as api from './api.js';
import { Band } from './band.js';
import { blocks } from './blocks.js';
import { Composer } from './composer.js';
import { button, fill, h, uid } from './dom.js';
import { heading } from './heading.js';
import { inOrder, isReply, MessageList } from './messages.js';
import { Modal } from './modal.js';
import { fullName } from './people.js';
import { Sidebar } from './sidebar.js';
import { Thread } from './thread.js';

const HOME_NOT_HERE = 'Home reaches only people of the workspace that installed the app. '
  + 'Alliance writes to you in your direct message instead.';
const NEAR = 120;

export class Screen {
  /** `side` is left or right; `moved()` hears that the person went elsewhere. */
  constructor(world, unread, { user, channel, thread, side, moved }) {
    Object.assign(this, { world, unread, user, place: channel, threadTs: thread, side, moved });
    this.drafts = new Map();
    this.all = [];
    this.given = [];
    this.fresh = true;
    this.settle();
    this.build();
    world.addEventListener('change', () => this.refresh());
  }

  get tz() {
    return this.world.user(this.user)?.tz || 'UTC';
  }

  get whose() {
    return fullName(this.world.user(this.user));
  }

  /** A part of what the window is called: who is where. */
  get label() {
    const room = this.world.channel(this.place);
    return `${this.whose} in ${room ? room.name || fullName(this.world.bot) : 'Home'}`;
  }

  build() {
    this.band = new Band(this);
    this.rooms = new Sidebar(this);
    this.modal = new Modal(this);
    this.list = new MessageList(this);
    this.thread = new Thread(this);
    this.composer = new Composer(this, {
      label: 'Message', shortcuts: true, send: (text) => this.send(text),
    });
    this.title = h('div', { class: 'title', id: uid('place'), tabindex: -1 });
    this.home = h('div', { class: 'home', hidden: true });
    this.body = h('div', { class: 'scroll', tabindex: -1 }, this.list.node, this.home);
    this.body.addEventListener('scroll', () => this.scrolled());
    this.news = button('New messages ↓', { class: 'news', hidden: true, onclick: () => this.toEnd() });
    this.said = h('p', { class: 'sr-only', role: 'status' });
    this.main = h('div', { class: 'main' },
      h('header', {}, this.title), this.body, this.news, this.composer.node, this.said);
    const stage = h('div', { class: 'stage' },
      this.rooms.node, this.main, this.thread.node, this.modal.dialog);
    this.node = h('section', { class: 'screen', data: { side: this.side } }, this.band.node, stage);
    this.node.addEventListener('keydown', (event) => this.key(event));
  }

  key(event) {
    if (event.key === 'Escape' && !this.modal.dialog.open && this.threadTs) this.thread.close();
  }

  /** A form stands before everything else of this screen; the other screen goes on. */
  behindForm(open) {
    [this.rooms.node, this.main, this.thread.node].forEach((node) => node.toggleAttribute('inert', open));
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

  /** Only places that exist for this person. */
  settle() {
    const { world } = this;
    if (!world.user(this.user) || this.user === world.state.bot) this.user = world.people[0].id;
    const rooms = [...world.rooms(this.user), world.directMessage(this.user)].filter(Boolean);
    if (this.place === 'home' || rooms.some((room) => room.id === this.place)) return;
    this.place = (rooms.find((room) => room.shared) ?? rooms[0])?.id ?? 'home';
    this.threadTs = null;
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

  async load() {
    this.settle();
    const { user, place } = this;
    const direct = this.world.directMessage(user);
    const rooms = [...this.world.rooms(user), direct].filter(Boolean);
    this.openMessages(user, place === direct?.id);
    const [views, home, ...lists] = await Promise.all([
      api.views(user),
      place === 'home' ? this.openHome(user) : null,
      ...rooms.map((room) => api.messages(room.id, user)),
    ]);
    if (!views) return;
    this.settle();
    if (user !== this.user || place !== this.place) {
      this.again = true;
      return;
    }
    rooms.forEach((room, index) => this.unread.note(user, room.id, lists[index]));
    this.given = [...lists.flat(), ...views, home];
    this.draw(home, inOrder(lists[rooms.findIndex((room) => room.id === place)] ?? []));
    this.modal.show(views);
  }

  /** Home is told that it was opened once, when one comes to it. */
  async openHome(user) {
    if (this.homeOf === user) return api.home(user);
    this.homeOf = user;
    const answer = await api.act('home', { user });
    this.homeError = answer.ok || this.world.user(user)?.external ? '' : api.inWords(answer.error);
    return api.home(user);
  }

  /** The messages tab as well; what comes of it is a message like any other. */
  openMessages(user, there) {
    if (there && this.messagesOf !== user) api.act('home', { user, tab: 'messages' });
    this.messagesOf = there ? user : null;
  }

  draw(home, all) {
    const inHome = this.place === 'home';
    if (!inHome) this.homeOf = null;
    const ends = this.fresh || this.atEnd();
    const me = this.world.user(this.user);
    this.node.dataset.firm = this.world.firmNumber(me.team);
    this.node.setAttribute('aria-label', `${this.side} screen: ${this.whose}, ${this.world.firm(me.team)}`);
    this.composer.name(`Message as ${this.whose}`);
    this.home.toggleAttribute('hidden', !inHome);
    this.list.node.toggleAttribute('hidden', inHome);
    this.composer.line.toggleAttribute('hidden', inHome);
    fill(this.title, inHome ? h('h2', {}, 'Home') : heading(this));
    if (inHome) this.drawHome(home);
    else this.drawMessages(all, ends);
    this.thread.draw(inHome ? null : this.world.channel(this.place), this.threadTs, all);
    this.unread.read(this.user, this.place);
    this.drawFrame();
    this.fresh = false;
  }

  /** Whose screen it is, and where they can go. */
  drawFrame() {
    this.band.draw();
    this.rooms.draw();
  }

  drawHome(view) {
    const sign = JSON.stringify([view, this.user, this.homeError, String(this.world.now)]);
    if (sign === this.homeSign) return;
    this.homeSign = sign;
    const note = this.world.user(this.user)?.external ? HOME_NOT_HERE : this.homeError || 'Nothing here yet.';
    const ctx = view && this.words({
      act: (action) => this.act('click', { view_id: view.id, ...action }),
      options: (query) => this.options({ view_id: view.id, ...query }),
      value: () => undefined,
    });
    fill(this.home, view?.blocks?.length ? blocks(view.blocks, ctx) : h('p', { class: 'empty' }, note));
  }

  drawMessages(all, ends) {
    const top = all.filter((message) => !isReply(message));
    const replies = new Map();
    for (const message of all.filter(isReply)) {
      replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message]);
    }
    this.announce(all);
    this.list.draw(this.world.channel(this.place), top, replies);
    if (ends) this.toEnd();
    else if (all.length > this.all.length) this.news.removeAttribute('hidden');
    this.all = all;
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

  /** Does a verb as this person; what went wrong is said where they look. */
  async act(verb, payload) {
    const answer = await this.world.act(verb, { user: this.user, ...payload });
    await this.refresh();
    if (answer.ok) this.say('');
    else this.fail(answer);
    return answer;
  }

  fail({ error }) {
    if (this.modal.dialog.open) this.modal.say(api.inWords(error));
    else this.say(api.inWords(error));
  }

  say(words) {
    this.composer.say(words);
    this.thread.composer.say(words);
  }

  async options(payload) {
    return api.act('options', { user: this.user, ...payload });
  }

  async send(text, threadTs = undefined) {
    const verb = text.startsWith('/') && !threadTs ? 'command' : 'message';
    this.fresh = true;
    const answer = await this.act(verb, { channel: this.place, text, thread_ts: threadTs });
    return answer.ok;
  }

  /** What blocks need to know of this screen, and the doors given for what is used in them. */
  words(doors) {
    const { world } = this;
    return {
      me: this.user,
      tz: this.tz,
      now: world.now,
      user: (id) => world.user(id),
      channel: (id) => world.channel(id),
      people: () => world.people,
      rooms: () => world.rooms(this.user),
      go: async (channel, ts) => {
        await this.go({ channel, thread: null });
        this.toMessage(ts);
      },
      ...doors,
    };
  }
}
