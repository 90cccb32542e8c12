/**
 * Choosing one or several from a list by typing: a combobox with a listbox below.
 * `source(query)` answers [{label?, options: [{value, label, note?}]}], with a `note` on the list
 * where there is a reason for its being empty.
 */
import { button, fill, h, uid } from './dom.js';
import { placeBeside } from './menu.js';

const PAUSE = 150;

export class Picker {
  constructor({ source, chosen = [], multi = false, max = Infinity, clearable = false, label, placeholder, changed }) {
    Object.assign(this, { source, chosen, multi, max, clearable, changed, label });
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.build(placeholder);
    this.show();
  }

  build(placeholder) {
    const id = uid('list');
    this.list = h('div', { class: 'listbox', id, role: 'listbox', popover: 'manual', 'aria-label': this.label });
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.chips = h('span', { class: 'chips' });
    this.input = h('input', {
      type: 'text', role: 'combobox', autocomplete: 'off', placeholder,
      'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list',
      'aria-label': this.label,
      oninput: () => this.later(),
      onclick: () => this.open(),
      onfocus: () => this.input.select(),
      onkeydown: (event) => this.key(event),
      onblur: () => this.close(),
    });
    this.node = h('span', { class: 'picker' }, this.chips, this.input, this.list);
  }

  get() {
    const values = this.chosen.map((option) => option.value);
    return this.multi ? values : values[0] ?? null;
  }

  focus() {
    this.input.focus();
  }

  get isOpen() {
    return this.list.matches(':popover-open');
  }

  show() {
    if (!this.multi) {
      this.input.value = this.chosen[0]?.label ?? '';
      return;
    }
    this.input.value = '';
    fill(this.chips, this.chosen.map((option) => h('span', { class: 'chip' }, option.label, button('×', {
      'aria-label': `Remove ${option.label}`, onclick: () => this.toggle(option),
    }))));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(this.input.value.trim()), PAUSE);
  }

  /** Shows what can be chosen; without a query everything, whatever is chosen now. */
  async open(query = '') {
    this.asked += 1;
    const { asked } = this;
    const groups = await this.source(query);
    if (asked !== this.asked || document.activeElement !== this.input) return;
    this.options = [];
    fill(this.list, groups.map((group) => this.group(group)));
    if (!this.options.length) fill(this.list, h('p', { class: 'none' }, groups.note ?? 'Nothing found'));
    this.list.style.minWidth = `${this.node.getBoundingClientRect().width}px`;
    if (!this.isOpen) this.list.showPopover();
    placeBeside(this.list, this.node);
    this.input.setAttribute('aria-expanded', 'true');
    this.mark(query ? 0 : this.options.findIndex((row) => this.has(row.option)));
  }

  group({ label, options }) {
    const rows = options.map((option) => this.row(option));
    if (!label) return rows;
    return h('div', { role: 'group', 'aria-label': label }, h('p', { class: 'group-name' }, label), rows);
  }

  row(option) {
    const node = h('div', {
      id: uid('option'), role: 'option', class: 'option', 'aria-selected': String(this.has(option)),
      onclick: () => this.toggle(option),
    }, h('span', {}, option.label), option.note && h('small', {}, option.note));
    this.options.push({ option, node });
    return node;
  }

  has(option) {
    return this.chosen.some((other) => other.value === option.value);
  }

  toggle(option) {
    if (!this.multi) this.chosen = [option];
    else if (this.has(option)) this.chosen = this.chosen.filter((other) => other.value !== option.value);
    else if (this.chosen.length < this.max) this.chosen = [...this.chosen, option];
    this.show();
    this.close();
    this.focus();
    this.changed?.(this.get());
  }

  clear() {
    this.chosen = [];
    this.changed?.(this.get());
  }

  mark(index) {
    this.options[this.active]?.node.classList.remove('active');
    this.active = index;
    const row = this.options[index];
    row?.node.classList.add('active');
    row?.node.scrollIntoView({ block: 'nearest' });
    if (row) this.input.setAttribute('aria-activedescendant', row.node.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  move(by) {
    if (!this.isOpen) this.open();
    else if (this.options.length) this.mark((this.active + by + this.options.length) % this.options.length);
  }

  key(event) {
    const keys = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      Enter: () => (this.isOpen ? this.pick() : this.open()),
      Escape: () => this.close(),
    };
    if (event.key === 'Backspace' && this.multi && !this.input.value && this.chosen.length) {
      this.toggle(this.chosen.at(-1));
    }
    if (!keys[event.key] || (event.key === 'Escape' && !this.isOpen)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  pick() {
    const row = this.options[this.active];
    if (row) this.toggle(row.option);
  }

  /** Closing without a choice: words that were typed are dropped, an emptied field is empty. */
  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.isOpen) this.list.hidePopover();
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
    this.active = -1;
    if (this.clearable && !this.multi && !this.input.value && this.chosen.length) this.clear();
    this.show();
  }
}

/** Choices that are known beforehand, narrowed by what is typed. */
export function fixed(groups) {
  return async (query) => {
    const wanted = query.toLowerCase();
    const fits = (option) => `${option.label} ${option.note ?? ''}`.toLowerCase().includes(wanted);
    return groups
      .map((group) => ({ ...group, options: group.options.filter(fits) }))
      .filter((group) => group.options.length);
  };
}
