/** Small menus that open beside a button, and questions to be confirmed. */
import { button, fill, h } from './dom.js';

/** Puts a popover below its anchor, above where there is no room, and always within the window. */
export function placeBeside(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 4;
  const above = at.top - size.height - 4;
  panel.style.left = `${left}px`;
  const lowest = Math.max(8, innerHeight - size.height - 8);
  panel.style.top = `${below > lowest && above > 8 ? above : Math.min(below, lowest)}px`;
}

/** A dialog makes everything outside of it inert, so a popover lives where its anchor does. */
const homeOf = (anchor) => anchor.closest('dialog') ?? document.body;

function step(panel, event) {
  const keys = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const items = [...panel.querySelectorAll('button:not([disabled])')];
  const now = items.indexOf(document.activeElement);
  if (event.key === 'Home') items[0]?.focus();
  else if (event.key === 'End') items.at(-1)?.focus();
  else if (keys[event.key]) items.at((now + keys[event.key]) % items.length)?.focus();
  else if (event.key === 'Tab') panel.hidePopover();
  else return;
  if (event.key !== 'Tab') event.preventDefault();
}

/** Opens `content` as a menu beside the anchor; focus returns to the anchor when it closes. */
function openPanel(anchor, label, kind, content) {
  const panel = h('div', { class: `menu ${kind}`, popover: 'auto', role: 'menu', 'aria-label': label }, content);
  homeOf(anchor).append(panel);
  anchor.setAttribute('aria-expanded', 'true');
  panel.addEventListener('keydown', (event) => step(panel, event));
  panel.addEventListener('toggle', (event) => {
    if (event.newState === 'open') return;
    anchor.removeAttribute('aria-expanded');
    if (panel.contains(document.activeElement)) anchor.focus();
    panel.remove();
  });
  panel.showPopover();
  placeBeside(panel, anchor);
  (panel.querySelector('[aria-checked=true]') ?? panel.querySelector('button'))?.focus();
  return panel;
}

/**
 * `kind` is a class for its looks; groups: [{label?, grid?, items: [{label, node?, note?, checked?, danger?, run}]}]
 */
export function openMenu(anchor, label, groups, kind = '') {
  let panel = null;
  const choose = (item) => {
    panel.hidePopover();
    item.run();
  };
  const row = (item) => h('button', {
    type: 'button',
    class: item.danger ? 'danger' : '',
    role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
    'aria-checked': item.checked === undefined ? null : String(item.checked),
    'aria-label': item.node ? item.label : null,
    title: item.title,
    onclick: () => choose(item),
  }, item.node ?? item.label, item.note && h('small', {}, item.note));
  panel = openPanel(anchor, label, kind, groups.filter((group) => group.items.length).map((group) => h(
    'div', { class: group.grid ? 'grid' : 'group', role: 'group', 'aria-label': group.label },
    group.label && h('p', { class: 'group-name', 'aria-hidden': 'true' }, group.label),
    group.items.map(row),
  )));
  return panel;
}

/** Asks a Block Kit confirm object; resolves to whether it was confirmed. */
export function confirmed(confirm, anchor, words) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'confirm', 'aria-label': confirm.title?.text ?? 'Please confirm' });
    const end = (answer) => () => dialog.close(answer);
    const style = confirm.style === 'danger' ? 'danger' : 'primary';
    fill(
      dialog,
      h('h2', {}, words(confirm.title)),
      h('div', { class: 'words' }, words(confirm.text)),
      h('footer', {},
        button(words(confirm.deny), { onclick: end('no') }),
        button(words(confirm.confirm), { class: style, onclick: end('yes') })),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    homeOf(anchor).append(dialog);
    dialog.showModal();
  });
}
