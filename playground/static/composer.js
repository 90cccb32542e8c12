/** Where one types: messages, commands with their hints, people's handles, global shortcuts. */
import { button, fill, h, uid, whileBusy } from './dom.js';
import { openMenu } from './menu.js';

const TALLEST = 180;

export class Composer {
  /**
   * `send(text)` answers whether it went out; `screen` has suggest(text, caret); `more` is a menu
   * beside the line, {label, groups()}.
   */
  constructor(screen, { label, send, more = null }) {
    Object.assign(this, { screen, send });
    this.items = [];
    this.active = -1;
    this.refusal = '';
    this.build(label, more);
  }

  build(label, menu) {
    const id = uid('suggestions');
    this.list = h('div', { class: 'suggestions', id, role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.input = h('textarea', {
      rows: 1, role: 'combobox', 'aria-label': label, 'aria-controls': id, 'aria-expanded': 'false',
      'aria-autocomplete': 'list', placeholder: label,
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onblur: () => this.offer([]),
    });
    this.button = button('Send', { class: 'primary', type: 'submit' });
    this.error = h('p', { class: 'error', role: 'alert', hidden: true });
    const more = menu && button('+', {
      class: 'round', 'aria-label': menu.label, 'aria-haspopup': 'menu',
      onclick: (event) => openMenu(event.currentTarget, menu.label, menu.groups()),
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
    this.line = h('div', { class: 'line' }, more, this.input, this.button);
    this.node = h('form', { class: 'composer', onsubmit }, this.error, this.list, this.line);
  }

  get text() {
    return this.input.value;
  }

  set text(words) {
    this.input.value = words;
    this.typed();
  }

  focus() {
    this.input.focus();
  }

  /** What the line is called: for whom one writes, and where. */
  name(label) {
    this.input.setAttribute('aria-label', label);
    this.input.placeholder = label;
  }

  /** A plain sentence above the line; nothing clears it. */
  say(words) {
    this.error.textContent = words;
    this.error.toggleAttribute('hidden', !words);
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, TALLEST)}px`;
  }

  typed() {
    this.grow();
    const found = this.screen.suggest(this.text, this.input.selectionStart);
    const refusal = found.refusal ?? '';
    if (refusal || this.error.textContent === this.refusal) this.say(refusal);
    this.refusal = refusal;
    this.offer(document.activeElement === this.input ? found.items : [], found.eager);
  }

  /** Puts the beginning of something there, to be typed on. */
  begin(words) {
    this.focus();
    this.text = words;
  }

  offer(items, eager = false) {
    this.items = items;
    this.nodes = items.map((item, index) => h('div', {
      class: 'option', role: 'option', id: uid('suggestion'), onclick: () => this.take(index),
    }, h('span', {}, item.label), item.note && h('small', {}, item.note)));
    fill(this.list, this.nodes);
    this.list.toggleAttribute('hidden', !items.length);
    this.input.setAttribute('aria-expanded', String(items.length > 0));
    this.mark(eager && items.length ? 0 : -1);
  }

  mark(index) {
    this.active = index;
    this.nodes.forEach((node, at) => {
      node.classList.toggle('active', at === index);
      node.setAttribute('aria-selected', String(at === index));
    });
    if (index < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', this.nodes[index].id);
  }

  take(index) {
    const { insert, start } = this.items[index];
    const caret = this.input.selectionStart;
    const rest = this.text.slice(caret);
    this.input.value = this.text.slice(0, start) + insert + rest;
    this.input.setSelectionRange(start + insert.length, start + insert.length);
    this.typed();
  }

  key(event) {
    if (event.isComposing) return;
    const open = this.items.length > 0;
    const turn = (by) => this.mark((this.active + by + this.items.length) % this.items.length);
    const keys = {
      ArrowDown: open && (() => turn(1)),
      ArrowUp: open && (() => turn(this.active < 0 ? 0 : -1)),
      Tab: open && !event.shiftKey && (() => this.take(Math.max(this.active, 0))),
      Escape: open && (() => this.offer([])),
      Enter: !event.shiftKey && (() => (this.active >= 0 ? this.take(this.active) : this.submit())),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  /** One thing after another in the order typed; nobody has to wait before typing on. */
  submit() {
    const text = this.text.trim();
    if (!text) return;
    this.say('');
    this.offer([]);
    this.put('');
    this.sending = Promise.resolve(this.sending)
      .then(() => whileBusy(this.button, () => this.deliver(text)));
  }

  /** What could not be sent comes back, unless something else is being typed already. */
  async deliver(text) {
    if (!await this.send(text) && !this.text) this.put(text);
  }

  put(text) {
    this.input.value = text;
    this.grow();
  }
}
