/** A list of messages: a channel, a direct message, or a thread. */
import { content } from './blocks.js';
import { button, h, reconcile } from './dom.js';
import { CHOICE, emoji } from './emoji.js';
import { openMenu } from './menu.js';
import { avatar, fullName } from './people.js';
import { dayAndTime, dayFull, dayLabel, hourMinute, tsDate } from './time.js';

const CLOSE = 5 * 60 * 1000;

/** Newest last. A moment has always the same number of digits, so that words compare well. */
export const inOrder = (messages) => [...messages].sort((a, b) => (a.ts < b.ts ? -1 : 1));

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** A line for the day, where it is another than that of the message `before`; a row for `reconcile`. */
export function dayRow({ world, tz }, message, before) {
  const label = dayLabel(tsDate(message.ts), world.now, tz);
  if (before && dayFull(tsDate(before.ts), tz) === dayFull(tsDate(message.ts), tz)) return null;
  return { key: `day ${label}`, sign: label, make: () => h('li', { class: 'day' }, h('span', {}, label)) };
}

/** When a message was written, as somebody reads it. */
export function timeOf(message, tz) {
  const date = tsDate(message.ts);
  const title = `${dayFull(date, tz)}, ${hourMinute(date, tz)}`;
  return h('time', { datetime: date.toISOString(), title }, hourMinute(date, tz));
}

export class MessageList {
  /**
   * `screen` has world, user, words(extra), act(verb, payload), options(payload);
   * `thread` is true for the list in the thread pane.
   */
  constructor(screen, { thread = false } = {}) {
    this.screen = screen;
    this.thread = thread;
    this.node = h('ol', { class: 'messages', role: 'list' });
  }

  /** `replies` maps a message to what was answered to it. */
  draw(channel, messages, replies = new Map()) {
    this.channel = channel;
    this.pins = new Set(channel.pins ?? []);
    const rows = [];
    let before = null;
    for (const message of messages) {
      const day = dayRow(this.screen, message, before);
      if (day) rows.push(day);
      rows.push(this.row(message, !day && before, replies.get(message.ts) ?? []));
      before = message;
    }
    reconcile(this.node, rows);
  }

  row(message, before, replies) {
    const follows = before && before.user === message.user
      && before.ephemeral === message.ephemeral && !this.pins.has(message.ts)
      && tsDate(message.ts) - tsDate(before.ts) < CLOSE;
    const extra = [
      this.screen.user, this.screen.tz, this.channel.id, follows, this.pins.has(message.ts),
      replies.length, replies.at(-1)?.ts, this.today(message),
    ];
    return {
      key: message.ts,
      sign: JSON.stringify([message, extra]),
      make: () => this.make(message, follows, replies),
    };
  }

  /** Blocks may say "today", so that they are drawn anew once a day. */
  today(message) {
    return /_pretty|\{ago\}/.test(JSON.stringify([message.text, message.blocks]))
      ? String(this.screen.world.now) : '';
  }

  make(message, follows, replies) {
    const { world } = this.screen;
    const bot = message.user === world.state.bot;
    const user = world.user(message.user);
    return h('li', {
      class: `msg ${message.ephemeral ? 'ephemeral' : ''} ${follows ? 'follows' : ''}`,
      data: { ts: message.ts },
    },
    follows ? timeOf(message, this.screen.tz) : avatar(user, message.user, bot),
    h('div', { class: 'body' },
      follows ? h('span', { class: 'sr-only' }, fullName(user, message.user)) : this.head(message, user, bot),
      content(message, this.context(message)),
      this.files(message),
      message.edited && h('small', { class: 'edited' }, '(edited)'),
      this.reactions(message),
      replies.length > 0 && this.threadLink(message, replies)),
    this.more(message, user));
  }

  head(message, user, bot) {
    const foreign = user?.team && user.team !== this.screen.world.user(this.screen.user)?.team;
    return h('div', { class: 'head' },
      h('b', {}, fullName(user, message.user)),
      bot && h('span', { class: 'badge' }, 'App'),
      foreign && !bot && h('span', {
        class: 'badge firm', data: { firm: this.screen.world.firmNumber(user.team) },
      }, this.screen.world.firm(user.team)),
      user?.guest && h('span', { class: 'badge' }, 'Guest'),
      timeOf(message, this.screen.tz),
      this.pins.has(message.ts) && h('span', { class: 'badge pin' }, 'Pinned'),
      message.ephemeral && h('small', { class: 'only' }, 'Only visible to you'));
  }

  context(message) {
    const at = { channel: this.channel.id, message_ts: message.ts };
    return this.screen.words({
      act: (action) => this.screen.act('click', { ...at, ...action }),
      options: (query) => this.screen.options({ ...at, ...query }),
      value: () => undefined,
    });
  }

  files(message) {
    if (!message.files?.length) return null;
    const row = ({ id, name, size }) => h('li', {}, h('a', {
      href: `/files/${encodeURIComponent(id)}`, download: name, class: 'file',
    }, name), h('small', {}, ` ${Math.max(1, Math.round(size / 1024))} KB`));
    return h('ul', { class: 'files', 'aria-label': 'Files' }, message.files.map(row));
  }

  reactions(message) {
    if (!message.reactions?.length) return null;
    const chip = ({ name, users }) => {
      const mine = users.includes(this.screen.user);
      const who = users.map((id) => fullName(this.screen.world.user(id), id)).join(', ');
      return button([emoji(name), h('span', {}, String(users.length))], {
        class: 'reaction', 'aria-pressed': String(mine), title: `${who} reacted with :${name}:`,
        'aria-label': `:${name}: ${users.length}, ${who}`,
        data: { spot: `reaction ${name}` },
        onclick: () => this.react(message, name, !mine),
      });
    };
    return h('div', { class: 'reactions' }, message.reactions.map(chip));
  }

  react(message, name, present) {
    return this.screen.act('reaction', { channel: this.channel.id, ts: message.ts, name, present });
  }

  threadLink(message, replies) {
    const { world, tz } = this.screen;
    const last = tsDate(replies.at(-1).ts);
    const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
    return button([
      h('b', {}, count),
      h('span', {}, ` last ${dayAndTime(last, world.now, tz)}`),
    ], { class: 'thread-link', data: { spot: 'thread' }, onclick: () => this.openThread(message) });
  }

  openThread(message) {
    this.screen.go({ thread: message.thread_ts ?? message.ts });
  }

  more(message, user) {
    const name = fullName(user, message.user);
    const open = (event) => openMenu(event.currentTarget, 'Message', this.choices(message));
    return button('⋯', {
      class: 'more', 'aria-haspopup': 'menu', data: { spot: 'more' }, onclick: open,
      'aria-label': `More for the message of ${name}, ${hourMinute(tsDate(message.ts), this.screen.tz)}`,
    });
  }

  choices(message) {
    const shortcuts = (this.screen.world.state.shortcuts ?? []).filter(({ type }) => type === 'message');
    const react = (name) => ({
      label: `React with :${name}:`, node: emoji(name), title: `:${name}:`,
      run: () => this.react(message, name, true),
    });
    const shortcut = ({ name, callback_id: id }) => ({
      label: name,
      run: () => this.screen.act('shortcut', {
        callback_id: id, channel: this.channel.id, message_ts: message.ts,
      }),
    });
    const reply = { label: 'Reply in thread', run: () => this.openThread(message) };
    if (message.ephemeral) return [{ items: [{ label: 'Only you can see this', run: () => {} }] }];
    return [
      { label: 'Add reaction', grid: true, items: CHOICE.map(react) },
      { items: this.thread ? [] : [reply] },
      { label: 'Shortcuts', items: shortcuts.map(shortcut) },
    ];
  }
}
