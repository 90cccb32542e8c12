/** The modal of one person: the top one of their open views, before their screen only. */
import { blocks } from './blocks.js';
import { button, fill, h } from './dom.js';
import { asOption, remember } from './fields.js';
import { textObject } from './mrkdwn.js';
import { Sheet } from './sheet.js';

/** The simple value of an element's state as the server keeps it; undefined when there is none. */
function simpleState(kept) {
  if (!kept) return undefined;
  if (kept.selected_options) return kept.selected_options.map((option) => option.value);
  if ('selected_option' in kept) return kept.selected_option?.value ?? null;
  for (const [name, value] of Object.entries(kept)) {
    if (name === 'value' || name.startsWith('selected_')) return value;
  }
  return undefined;
}

const isEmpty = (value) => value === null || value === undefined || value === '' || value.length === 0;

export class Modal extends Sheet {
  /** `screen` answers act(verb, payload), options(payload) and words(extra) as well. */
  constructor(screen) {
    super(screen);
    this.typed = new Map();
  }

  /** Brings the dialog in line with the open views, the top one last. */
  show(views) {
    for (const id of this.typed.keys()) {
      if (!views.some((view) => view.id === id)) this.typed.delete(id);
    }
    const view = views.at(-1);
    if (!view) return this.shut();
    this.keep();
    const sign = JSON.stringify([view.id, view.title, view.submit, view.close, view.blocks]);
    if (sign !== this.sign || !this.dialog.open) this.draw(view, sign);
    this.serverErrors(view.errors ?? {});
    return undefined;
  }

  shut() {
    this.view = null;
    super.shut();
  }

  /** Remembers what is typed: it survives an update of the view, and a view opened on top. */
  keep() {
    if (!this.view) return;
    const kept = this.typed.get(this.view.id) ?? new Map();
    this.fields.forEach(({ block, field }) => {
      kept.set(`${block.block_id} ${block.element.action_id}`, field.get());
    });
    this.typed.set(this.view.id, kept);
  }

  draw(view, sign) {
    const fresh = view.id !== this.view?.id;
    const focused = this.focusedBlock();
    const mine = this.isMine;
    this.view = view;
    this.sign = sign;
    this.fields = [];
    this.serverSign = null;
    fill(this.dialog, this.form(view));
    if (!this.dialog.open) this.open();
    if (mine && (fresh || focused !== null)) this.focus(focused);
  }

  form(view) {
    const ctx = this.context(view);
    this.general = h('p', { class: 'error', role: 'alert', hidden: true });
    this.save = view.submit && button(textObject(view.submit, ctx), { type: 'submit', class: 'primary' });
    const onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
    const leave = () => this.leave();
    return h('form', { novalidate: true, onsubmit },
      h('header', {},
        h('h2', { id: this.titleId, tabindex: -1 }, textObject(view.title, ctx)),
        button('×', { class: 'quiet', 'aria-label': 'Close', onclick: leave })),
      h('div', { class: 'scroll' }, this.general, blocks(view.blocks, ctx)),
      h('footer', {},
        button(view.close ? textObject(view.close, ctx) : 'Close', { onclick: leave }), this.save));
  }

  context(view) {
    const at = { view_id: view.id };
    const typed = this.typed.get(view.id);
    const use = (action) => this.screen.act('click', { ...at, values: this.values(), ...action });
    return this.screen.words({
      act: (action) => this.during(() => use(action)),
      options: (query) => this.screen.options({ ...at, ...query }),
      register: (made) => this.fields.push({ id: made.block.block_id, ...made }),
      value: (block, action) => {
        const name = `${block} ${action}`;
        const kept = view.state?.values?.[block]?.[action];
        remember(action, [kept?.selected_option ?? kept?.selected_options ?? []].flat().map(asOption));
        return typed?.has(name) ? typed.get(name) : simpleState(kept);
      },
    });
  }

  focusedBlock() {
    const active = document.activeElement;
    if (!this.dialog.contains(active)) return null;
    return active.closest('[data-block]')?.dataset.block ?? '';
  }

  focus(blockId) {
    const field = this.fields.find(({ block }) => block.block_id === blockId) ?? this.fields[0];
    if (field) field.field.focus();
    else this.dialog.querySelector('h2').focus();
  }

  leave() {
    return this.during(() => this.screen.act('close', { view_id: this.view.id }));
  }

  values() {
    return Object.fromEntries(this.fields.map(({ block, field }) => [block.block_id, field.get()]));
  }

  missing() {
    const empty = this.fields.filter(({ block, field }) => !block.optional && isEmpty(field.get()));
    return Object.fromEntries(empty.map(({ block }) => [block.block_id, 'Please fill this in.']));
  }

  async submit() {
    const missing = this.missing();
    this.showErrors(missing);
    if (Object.keys(missing).length) return undefined;
    this.serverSign = null;
    const values = this.values();
    return this.during(() => this.screen.act('submit', { view_id: this.view.id, values }));
  }
}
