/** The buttons of an Adaptive Card, the menu behind them, and cards that open below them. */
import { button, h, whileBusy } from './dom.js';
import { openMenu } from './menu.js';
import { safeUrl } from './mrkdwn.js';

const LOOKS = { positive: 'primary', destructive: 'danger' };

function shape(action) {
  return { class: `act ${LOOKS[action.style] ?? ''}`, data: { spot: `${action.title} ${action.data?.value ?? ''}` } };
}

function pressable(action, ctx) {
  const press = (event) => whileBusy(event.currentTarget, () => ctx.press(action));
  return button(action.title, {
    ...shape(action), onclick: press, 'aria-disabled': action.isEnabled === false ? 'true' : null,
  });
}

function openUrl(action) {
  const href = safeUrl(action.url);
  const label = action.title ?? action.url;
  if (!href) return h('span', {}, label);
  return h('a', { ...shape(action), href, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** A button that opens a card below the row, and closes it again. */
function showCard(action, ctx, below) {
  const shown = h('div', { class: 'card-box emphasis', role: 'group', 'aria-label': action.title, hidden: true },
    ctx.inside(action.card));
  below.push(shown);
  const toggle = ({ currentTarget }) => {
    const opens = shown.hidden;
    shown.toggleAttribute('hidden', !opens);
    currentTarget.setAttribute('aria-expanded', String(opens));
    if (opens) shown.querySelector('button, input')?.focus();
  };
  return button(action.title, { ...shape(action), 'aria-expanded': 'false', onclick: toggle });
}

function one(action, ctx, below) {
  if (action.type === 'Action.OpenUrl') return openUrl(action);
  if (action.type === 'Action.ShowCard') return showCard(action, ctx, below);
  return pressable(action, ctx);
}

/** Actions that are secondary stand in a menu at the end of the row. */
function overflow(actions, ctx) {
  const open = ({ currentTarget: anchor }) => openMenu(anchor, 'More', [{
    items: actions.map((action) => ({
      label: action.title,
      danger: action.style === 'destructive',
      run: () => whileBusy(anchor, () => ctx.press(action)),
    })),
  }]);
  return button('⋯', {
    class: 'act round', 'aria-label': 'More', 'aria-haspopup': 'menu', onclick: open, data: { spot: 'overflow' },
  });
}

export function actionSet(actions, ctx) {
  const below = [];
  const row = actions.filter(({ mode }) => mode !== 'secondary').map((action) => one(action, ctx, below));
  const more = actions.filter(({ mode }) => mode === 'secondary');
  return h('div', { class: 'action-set' },
    h('div', { class: 'actions' }, row, more.length > 0 && overflow(more, ctx)), below);
}
