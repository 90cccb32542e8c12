/** The modal of one person: the top one of their open views, before their screen only. */
import { blocks } from './blocks.js';
import { button, fill, h, uid } from './dom.js';
import { asOption, remember } from './fields.js';
import { textObject } from './mrkdwn.js';

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

export class Modal {
  /** `screen` answers act(verb, payload), options(payload), words(extra) and done(). */
  constructor(screen) {
    this.screen = screen;
    this.typed = new Map();
    this.fields = [];
    this.titleId = uid('title');
    this.dialog = h('dialog', { class: 'modal', 'aria-labelledby': this.titleId });
    this.dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.leave();
    });
  }

  /** Whether whoever sits before the page is busy with this screen, so that focus may move. */
  get isMine() {
    const { activeElement, body } = document;
    return activeElement === body ? this.screen.leads : this.screen.node.contains(activeElement);
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
    this.sign = null;
    this.fields = [];
    if (!this.dialog.open) return;
    const back = this.isMine;
    this.dialog.removeAttribute('open');
    this.screen.behindForm(false);
    if (back) this.from?.focus();
    if (back && document.activeElement === document.body) this.screen.composer.focus();
  }

  /** Opens it within its screen only; an attribute, since `show()` would always take the focus. */
  open() {
    this.from = this.screen.node.contains(document.activeElement) ? document.activeElement : null;
    this.dialog.setAttribute('open', '');
    this.screen.behindForm(true);
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
      register: (field) => this.fields.push(field),
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

  /** Runs a verb while the form shows that it works; an error is said in the form. */
  async during(work) {
    if (this.working) return undefined;
    this.working = true;
    this.dialog.classList.add('working');
    this.save?.setAttribute('aria-busy', 'true');
    const answer = await work();
    this.working = false;
    this.dialog.classList.remove('working');
    this.save?.removeAttribute('aria-busy');
    return answer;
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

  /** Errors the app answered with; the same ones are not shown again at each refresh. */
  serverErrors(errors) {
    const sign = JSON.stringify(errors);
    if (sign === (this.serverSign ?? '{}')) return;
    this.serverSign = sign;
    this.showErrors(errors);
  }

  /** Errors of fields below their fields, the others on top; focus goes to the first. */
  showErrors(errors) {
    const wrong = this.fields.filter((made) => this.mark(made, errors[made.block.block_id]));
    const known = new Set(this.fields.map(({ block }) => block.block_id));
    const general = Object.entries(errors).filter(([name]) => !known.has(name));
    this.say(general.map(([, words]) => words).join(' '));
    wrong[0]?.field.focus();
  }

  mark({ error, control }, words) {
    error.textContent = words ?? '';
    error.toggleAttribute('hidden', !words);
    if (words) control?.setAttribute('aria-invalid', 'true');
    else control?.removeAttribute('aria-invalid');
    return Boolean(words);
  }

  /** A sentence at the top of the form. */
  say(words) {
    this.general.textContent = words;
    this.general.toggleAttribute('hidden', !words);
    if (words) this.general.scrollIntoView({ block: 'nearest' });
  }
}
