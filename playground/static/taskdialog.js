/** The dialog (task module) that is open before somebody in Teams: a card to fill in, or words. */
import { card } from './card.js';
import { actionSet } from './cardactions.js';
import { button, fill, h } from './dom.js';
import { Sheet } from './sheet.js';

export class TaskDialog extends Sheet {
  /** Brings it in line with what is open, the top one last. */
  show(dialogs) {
    const task = dialogs.at(-1);
    if (!task) {
      this.shut();
      return;
    }
    const sign = JSON.stringify([task.id, task.title, task.card, task.text]);
    if (sign !== this.sign || !this.dialog.open) this.draw(task, sign);
    this.serverErrors(task.errors ?? {});
  }

  draw(task, sign) {
    const mine = this.isMine;
    this.sign = sign;
    this.fields = [];
    this.serverSign = null;
    fill(this.dialog, this.form(task));
    if (!this.dialog.open) this.open();
    if (mine) this.focus();
  }

  form({ title, card: content, text }) {
    this.general = h('p', { class: 'error', role: 'alert', hidden: true });
    const ctx = content && this.context();
    const leave = () => this.leave();
    const onsubmit = (event) => {
      event.preventDefault();
      const first = content?.actions?.find(({ type, isEnabled }) => type === 'Action.Submit' && isEnabled !== false);
      if (first) this.press(first);
    };
    return h('form', { novalidate: true, onsubmit },
      h('header', {},
        h('h2', { id: this.titleId, tabindex: -1 }, title || 'Alliance'),
        button('×', { class: 'quiet', 'aria-label': 'Close', onclick: leave })),
      h('div', { class: 'scroll card' }, this.general,
        content ? card(content, ctx, { withActions: false }) : h('p', { class: 'words' }, text)),
      h('footer', {}, content?.actions?.length ? actionSet(content.actions, ctx)
        : button(content ? 'Close' : 'OK', { onclick: leave })),
      h('button', { type: 'submit', class: 'sr-only', tabindex: -1, 'aria-hidden': 'true' }));
  }

  context() {
    return this.screen.words({
      inDialog: true,
      press: (action) => this.press(action),
      search: (input, words) => this.screen.search({ field: input.id, words, typed: this.values() }),
      register: (made) => this.fields.push(made),
    });
  }

  values() {
    return Object.fromEntries(this.fields.map(({ id, get }) => [id, get()]));
  }

  press(action) {
    this.serverSign = null;
    const values = action.associatedInputs === 'none' ? {} : this.values();
    return this.during(() => this.screen.act('submit', { values, button: action }));
  }

  /** To what is wrong, or else to the first field. */
  focus() {
    const wrong = this.dialog.querySelector('.card-body > .error');
    const block = wrong?.nextElementSibling?.dataset.block;
    const made = this.fields.find(({ id }) => id === block) ?? this.fields[0];
    if (made) made.field.focus();
    else this.dialog.querySelector('h2').focus();
  }

  leave() {
    return this.during(() => this.screen.act('close_dialog', {}));
  }
}
