/** What stands before a screen, and before nothing else: a form of either chat. */
import { h, uid } from './dom.js';

export class Sheet {
  /** `screen` answers act(verb, payload) and behindForm(open). Those built on it answer leave(). */
  constructor(screen) {
    this.screen = screen;
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

  shut() {
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

  /** Errors the app answered with; the same ones are not shown again at each refresh. */
  serverErrors(errors) {
    const sign = JSON.stringify(errors);
    if (sign === (this.serverSign ?? '{}')) return;
    this.serverSign = sign;
    this.showErrors(errors);
  }

  /** Errors of fields below their fields, the others on top; focus goes to the first. */
  showErrors(errors) {
    const wrong = this.fields.filter((made) => this.mark(made, errors[made.id]));
    const known = new Set(this.fields.map(({ id }) => id));
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
