/** The thread pane of a screen: a message, what was answered to it, a box to answer in. */
import { Composer } from './composer.js';
import { button, h } from './dom.js';
import { isReply, MessageList } from './messages.js';

export class Thread {
  constructor(screen) {
    this.screen = screen;
    this.list = new MessageList(screen, { thread: true });
    this.composer = new Composer(screen, {
      label: 'Reply', send: (text) => screen.send(text, this.ts),
    });
    this.body = h('div', { class: 'scroll' }, this.list.node);
    this.node = h('aside', { class: 'thread', hidden: true },
      h('header', {},
        h('h3', {}, 'Thread'),
        button('×', { class: 'quiet', 'aria-label': 'Close thread', onclick: () => this.close() })),
      this.body, this.composer.node);
  }

  close() {
    const { ts, screen } = this;
    screen.go({ thread: null });
    screen.main.querySelector(`[data-ts="${CSS.escape(ts)}"] .more`)?.focus();
  }

  draw(channel, ts, all) {
    const messages = all.filter((message) => message.ts === ts || (isReply(message) && message.thread_ts === ts));
    const opened = ts && ts !== this.ts;
    const more = messages.length > this.list.node.querySelectorAll('.msg').length;
    this.ts = ts;
    this.node.toggleAttribute('hidden', !ts || !channel);
    this.screen.node.classList.toggle('threaded', Boolean(ts && channel));
    if (!ts || !channel) return;
    this.node.setAttribute('aria-label', `Thread, ${this.screen.whose}`);
    this.composer.name(`Reply as ${this.screen.whose}`);
    this.list.draw(channel, messages);
    if (opened) this.composer.focus();
    if (opened || more) this.body.scrollTop = this.body.scrollHeight;
  }
}
