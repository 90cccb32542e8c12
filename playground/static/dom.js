/** Building DOM nodes. Words always go in as text nodes, never as markup. */

let counter = 0;

/** An id that is unique on the page, so that a screen can exist twice. */
export function uid(prefix = 'x') {
  counter += 1;
  return `${prefix}-${counter}`;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name === 'data') Object.assign(node.dataset, value);
  else if (name === 'value') node.value = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

/** h('p', {class: 'note'}, 'words', node, [more]) */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  return fill(node, ...children);
}

/** Replaces what is in a node. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

export function button(label, props = {}) {
  return h('button', { type: 'button', ...props }, label);
}

/** Words for people who do not see the page. */
export function hidden(words) {
  return h('span', { class: 'sr-only' }, words);
}

/** Runs `work` while the control is disabled and marked as busy. */
export async function whileBusy(control, work) {
  if (control.getAttribute('aria-busy') === 'true') return undefined;
  control.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } finally {
    control.removeAttribute('aria-busy');
  }
}

/**
 * Brings a list's children in line with `rows` ({key, sign, make}), keeping the nodes whose
 * signature did not change: what one types into or has focused stays.
 */
export function reconcile(list, rows) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const wanted = rows.map((row) => reuse(known.get(row.key), row));
  if (sameChildren(list, wanted)) return;
  const focus = focusIn(list);
  wanted.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
  restoreFocus(list, focus);
}

function reuse(node, row) {
  if (node && node.sign === row.sign) return node;
  const fresh = row.make();
  fresh.dataset.key = row.key;
  fresh.sign = row.sign;
  return fresh;
}

function sameChildren(list, wanted) {
  return list.children.length === wanted.length
    && wanted.every((node, index) => list.children[index] === node);
}

function focusIn(list) {
  const active = document.activeElement;
  if (!active || active === list || !list.contains(active)) return null;
  const row = active.closest('[data-key]');
  const spot = active.closest('[data-spot]');
  return row && { key: row.dataset.key, spot: spot?.dataset.spot };
}

function restoreFocus(list, focus) {
  if (!focus || list.contains(document.activeElement)) return;
  const row = [...list.children].find((node) => node.dataset.key === focus.key);
  const spots = row ? [...row.querySelectorAll('[data-spot]')] : [];
  (spots.find((node) => node.dataset.spot === focus.spot) ?? row?.querySelector('button'))?.focus();
}
