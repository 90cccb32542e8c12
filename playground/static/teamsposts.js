/** A conversation in Teams: the posts of a channel with their replies, or a chat. */
import { Composer } from './composer.js';
import { button, h, reconcile } from './dom.js';
import { dayRow } from './messages.js';
import { messageRow } from './teamsmessage.js';

/** Rows with a line before each new day. */
function byDay(screen, messages, row) {
  return messages.flatMap((message, index) => [
    dayRow(screen, message, messages[index - 1]), row(message)].filter(Boolean));
}

/** A post and the replies to it. It stays one node, so that what is typed below it stays. */
class Post {
  constructor(screen, root) {
    Object.assign(this, { screen, root });
    this.list = h('ol', { class: 'messages', role: 'list' });
    this.composer = new Composer(screen, { label: 'Reply', send: (text) => screen.send(text, root.id) });
    this.composer.node.setAttribute('hidden', '');
    this.door = button('Reply', { class: 'reply', onclick: () => this.reply() });
    this.composer.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.node = h('li', { class: 'post' }, this.list, this.door, this.composer.node);
  }

  reply() {
    this.composer.node.removeAttribute('hidden');
    this.door.setAttribute('hidden', '');
    this.composer.focus();
  }

  close() {
    this.composer.node.setAttribute('hidden', '');
    this.door.removeAttribute('hidden');
    this.door.focus();
  }

  draw(root, replies) {
    this.composer.name(`Reply as ${this.screen.whose}`);
    this.door.toggleAttribute('hidden', root.targeted || !this.composer.node.hidden);
    const reply = root.targeted ? null : () => this.reply();
    reconcile(this.list, [root, ...replies].map((message) => messageRow(this.screen, message, { reply })));
  }
}

export class Posts {
  constructor(screen) {
    this.screen = screen;
    this.node = h('ol', { class: 'posts', role: 'list' });
    this.posts = new Map();
  }

  /** What goes wrong is said where one wrote as well. */
  say(words) {
    this.posts.forEach((post) => post.composer.say(words));
  }

  draw(room, messages) {
    const threaded = room.kind === 'channel';
    const of = `${this.screen.user} ${room.id}`;
    if (of !== this.of) this.posts.clear();
    this.of = of;
    this.node.classList.toggle('chat', !threaded);
    if (threaded) this.drawPosts(messages);
    else reconcile(this.node, byDay(this.screen, messages, (message) => messageRow(this.screen, message)));
  }

  drawPosts(messages) {
    const roots = messages.filter(({ root }) => !root);
    reconcile(this.node, byDay(this.screen, roots, (root) => ({
      key: `post ${root.id}`, sign: `${this.of} ${root.id}`, make: () => this.post(root).node,
    })));
    roots.forEach((root) => this.post(root).draw(root, messages.filter((one) => one.root === root.id)));
  }

  post(root) {
    if (!this.posts.has(root.id)) this.posts.set(root.id, new Post(this.screen, root));
    return this.posts.get(root.id);
  }
}
