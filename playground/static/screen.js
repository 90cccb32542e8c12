/**
 * The screen of one person: who they are, where they look, what they see there. It holds nothing
 * that belongs to the whole page, so that two of them can stand side by side.
 */
import * as api from './api.js';
import { blocks } from './blocks.js';
import { Composer } from './composer.js';
import { button, fill, h } from './dom.js';
import { inOrder, isReply, MessageList } from './messages.js';
import { Modal } from './modal.js';
import { fullName } from './people.js';
import { Sidebar } from './sidebar.js';
import { Thread } from './thread.js';

const HOME_NOT_HERE = 'Home reaches only people of the workspace that installed the app. '
  + 'Alliance writes to you in your direct message instead.';
const NEAR = 120;

export class Screen {
  /** `moved(place)` hears where the person went: {user, channel, thread}. */
  constructor(world, unread, { user, channel, thread, moved }) {
    Object.assign(this, { world, unread, user, place: channel, threadTs: thread, moved });
    this.drafts = new Map();
    this.all = [];
    this.build();
    world.addEventListener('change', () => this.refresh());
  }

  get tz() {
    return this.world.user(this.user)?.tz || 'UTC';
  }

  /** What the window is called: where who is. */
  get label() {
    const room = this.world.channel(this.place);
    const where = room ? room.name || fullName(this.world.bot) : 'Home';
    return `${where}, as ${fullName(this.world.user(this.user))}`;
  }

  build() {
    this.side = new Sidebar(this);
    this.modal = new Modal(this);
    this.list = new MessageList(this);
    this.thread = new Thread(this);
    this.composer = new Composer(this, {
      label: 'Message', shortcuts: true, send: (text) => this.send(text),
    });
    this.title = h('div', { class: 'title' });
    this.home = h('div', { class: 'home', hidden: true });
    this.body = h('div', { class: 'scroll', tabindex: -1 }, this.list.node, this.home);
    this.body.addEventListener('scroll', () => this.scrolled());
    this.news = button('New messages ↓', { class: 'news', hidden: true, onclick: () => this.toEnd() });
    this.said = h('p', { class: 'sr-only', role: 'status' });
    const toggle = button('☰', {
      class: 'quiet drawer', 'aria-label': 'Show people and channels', onclick: () => this.drawer(true),
    });
    const shade = h('div', { class: 'shade', onclick: () => this.drawer(false) });
    this.main = h('main', { class: 'main' },
      h('header', {}, toggle, this.title), this.body, this.news, this.composer.node, this.said);
    this.node = h('section', { class: 'screen' },
      this.side.node, shade, this.main, this.thread.node, this.modal.dialog);
    this.node.addEventListener('keydown', (event) => this.key(event));
  }

  drawer(open) {
    this.node.classList.toggle('drawn', open);
    if (open) this.side.me.focus();
  }

  key(event) {
    if (event.key !== 'Escape' || this.modal.dialog.open) return;
    if (this.node.classList.contains('drawn')) this.drawer(false);
    else if (this.threadTs) this.go({ thread: null });
  }

  /** Goes somewhere: {user?, channel?, thread?}; what is not named stays. */
  go({ user = this.user, channel = this.place, thread = this.threadTs }) {
    const same = user === this.user && channel === this.place;
    this.drafts.set(this.place, this.composer.text);
    if (user !== this.user) this.drafts.clear();
    Object.assign(this, { user, place: channel, threadTs: same ? thread : thread || null });
    this.settle();
    this.moved({ user: this.user, channel: this.place, thread: this.threadTs });
    this.drawer(false);
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
    const rooms = [...this.world.rooms(user), this.world.directMessage(user)].filter(Boolean);
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

  draw(home, all) {
    const inHome = this.place === 'home';
    if (!inHome) this.homeOf = null;
    const ends = this.fresh || this.atEnd();
    this.node.setAttribute('aria-label', `Screen of ${fullName(this.world.user(this.user))}`);
    this.home.toggleAttribute('hidden', !inHome);
    this.list.node.toggleAttribute('hidden', inHome);
    this.composer.line.toggleAttribute('hidden', inHome);
    fill(this.title, inHome ? h('h1', {}, 'Home') : this.heading());
    if (inHome) this.drawHome(home);
    else this.drawMessages(all, ends);
    this.thread.draw(inHome ? null : this.world.channel(this.place), this.threadTs, all);
    this.unread.read(this.user, this.place);
    this.side.draw();
    this.fresh = false;
  }

  heading() {
    const { world } = this;
    const room = world.channel(this.place);
    if (room.kind === 'dm') return [h('h1', {}, fullName(world.bot)), h('small', {}, 'Direct message')];
    const firms = world.partners(room, this.user);
    const people = room.members.filter((id) => id !== world.state.bot).length;
    const sharing = room.shared && firms.length ? `Shared with ${firms.join(', ')} · ` : '';
    const pins = room.pins?.length ?? 0;
    return [
      h('h1', {}, `# ${room.name}`),
      h('small', {}, `${sharing}${people} people`),
      pins > 0 && button(pins === 1 ? '1 pinned' : `${pins} pinned`, {
        class: 'quiet pins', onclick: () => this.toMessage(room.pins.at(-1)),
      }),
    ];
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

  /** New messages are read out to those who do not see them come. */
  announce(all) {
    const last = all.at(-1);
    if (this.fresh || !this.all.length || !last || last.ts <= this.all.at(-1).ts) return;
    this.said.textContent = `${fullName(this.world.user(last.user), last.user)}: ${last.text}`;
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
