/** The screen of somebody who uses Slack. */
import * as api from './api.js';
import { blocks } from './blocks.js';
import { Composer } from './composer.js';
import { fill, h } from './dom.js';
import { Frame } from './frame.js';
import { heading } from './heading.js';
import { inOrder, isReply, MessageList } from './messages.js';
import { Modal } from './modal.js';
import { Sidebar } from './sidebar.js';
import { suggestions } from './suggest.js';
import { Thread } from './thread.js';

const HOME_NOT_HERE = 'Home reaches only people of the workspace that installed the app. '
  + 'Alliance writes to you in your direct message instead.';
const NOT_FROM_OUTSIDE = api.inWords('not_available_to_external_people');

export class Screen extends Frame {
  build() {
    this.rooms = new Sidebar(this);
    this.modal = new Modal(this);
    this.list = new MessageList(this);
    this.thread = new Thread(this);
    this.composer = new Composer(this, {
      label: 'Message',
      more: { label: 'Shortcuts', groups: () => this.shortcuts() },
      send: (text) => this.send(text),
    });
    this.home = h('div', { class: 'home', hidden: true });
    this.compose({ platform: 'slack', inside: [this.list.node, this.home], beside: [this.thread.node] });
    this.node.addEventListener('keydown', (event) => this.key(event));
  }

  key(event) {
    if (event.key === 'Escape' && !this.modal.dialog.open && this.threadTs) this.thread.close();
  }

  /** Only places that exist for this person. */
  settle() {
    const { world } = this;
    if (!world.user(this.user) || world.isBot(this.user)) this.user = world.people[0].id;
    const rooms = [...world.rooms(this.user), world.directMessage(this.user)].filter(Boolean);
    if (this.place === 'home' || rooms.some((room) => room.id === this.place)) return;
    this.place = (rooms.find((room) => room.shared) ?? rooms[0])?.id ?? 'home';
    this.threadTs = null;
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
    this.nameParts();
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
    this.follow(all, ends);
  }

  /** Does a verb as this person; what went wrong is said where they look. */
  async act(verb, payload) {
    const answer = await this.world.act(verb, { user: this.user, ...payload });
    await this.refresh();
    if (answer.ok) this.say('');
    else this.fail(answer);
    return answer;
  }

  say(words) {
    super.say(words);
    this.thread.composer.say(words);
  }

  /** What could be typed next, and why a command would go nowhere. */
  suggest(text, caret) {
    const { world, user, place } = this;
    const outside = world.user(user)?.external && text.startsWith('/');
    const here = world.channel(place)?.members ?? [];
    const people = here.map((id) => world.user(id)).filter(Boolean);
    const commands = outside ? [] : world.state.commands ?? [];
    return { ...suggestions(text, caret, { commands, people }), refusal: outside ? NOT_FROM_OUTSIDE : '' };
  }

  shortcuts() {
    const { state } = this.world;
    const global = (state.shortcuts ?? []).filter(({ type }) => type === 'global');
    const item = ({ name, callback_id: id }) => ({
      label: name, run: () => this.act('shortcut', { callback_id: id }),
    });
    const commands = (state.commands ?? []).map(({ command, description }) => ({
      label: command, note: description, run: () => this.composer.begin(`${command} `),
    }));
    return [{ label: 'Shortcuts', items: global.map(item) }, { label: 'Commands', items: commands }];
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
      people: () => world.people.filter((person) => !person.platform),
      rooms: () => world.rooms(this.user),
      go: async (channel, ts) => {
        await this.go({ channel, thread: null });
        this.toMessage(ts);
      },
      ...doors,
    };
  }
}
