/** Interactive elements outside of input blocks: using one tells the app at once. */
import { button, h, uid, whileBusy } from './dom.js';
import { FIELDS } from './fields.js';
import { confirmed, openMenu } from './menu.js';
import { safeUrl, textObject } from './mrkdwn.js';

/** Fields that change while one is still typing wait for a press on "Set". */
const NEEDS_SET = new Set(['datepicker', 'timepicker', 'number_input', 'plain_text_input',
  'email_text_input', 'url_text_input']);

const NAMES = {
  datepicker: 'Date', timepicker: 'Time', users_select: 'Person', static_select: 'Choice',
  external_select: 'Choice', checkboxes: 'Choices', radio_buttons: 'Choices',
};

const words = (ctx) => (object) => textObject(object, ctx);

/** Asks what the element wants confirmed, then tells the app, showing that it works. */
async function use(el, blockId, value, node, ctx) {
  if (!await confirmed(el.confirm, node, words(ctx))) return;
  await whileBusy(node, () => ctx.act({ action_id: el.action_id, block_id: blockId, value }));
}

function pressable(el, blockId, ctx) {
  const props = {
    class: `act ${el.style ?? ''}`, 'aria-label': el.accessibility_label,
    data: { spot: `${blockId} ${el.action_id}`, action: el.action_id ?? '' },
  };
  const label = textObject(el.text, ctx);
  const href = el.url && safeUrl(el.url);
  const press = (event) => use(el, blockId, el.value, event.currentTarget, ctx);
  if (!href) return button(label, { ...props, onclick: press });
  return h('a', { ...props, href, target: '_blank', rel: 'noopener noreferrer', onclick: press }, label);
}

function overflow(el, blockId, ctx) {
  const open = (event) => {
    const anchor = event.currentTarget;
    const item = (option) => ({
      label: option.text?.text ?? '',
      note: option.description?.text,
      node: h('span', {}, textObject(option.text, ctx)),
      run: () => use(el, blockId, option.value, anchor, ctx),
    });
    openMenu(anchor, 'More', [{ items: el.options.map(item) }]);
  };
  return button('⋯', {
    class: 'act round', 'aria-label': 'More', 'aria-haspopup': 'menu', onclick: open,
    data: { spot: `${blockId} ${el.action_id}`, action: el.action_id },
  });
}

function withSet(field, send) {
  const set = button('Set', { class: 'act', hidden: true, onclick: () => send(field.get()) });
  field.node.addEventListener('input', () => set.removeAttribute('hidden'));
  return h('span', { class: 'with-set' }, field.node, set);
}

/** A field in a message, on Home or among a form's actions: it has no label of its own. */
function dispatching(el, blockId, ctx) {
  const holder = h('span', {
    class: 'dispatching', data: { spot: `${blockId} ${el.action_id}`, action: el.action_id },
  });
  const send = (value) => use(el, blockId, value, holder, ctx);
  const waits = NEEDS_SET.has(el.type);
  const field = FIELDS[el.type](el, {
    ctx,
    label: el.placeholder?.text || el.focus_label || NAMES[el.type] || 'Choice',
    value: ctx.value(blockId, el.action_id),
    changed: waits && el.type !== 'plain_text_input' ? null : send,
    options: (query) => ctx.options({ action_id: el.action_id, block_id: blockId, value: query }),
  });
  holder.append(waits ? withSet(field, send) : field.node);
  return holder;
}

function picture(el) {
  return image(el.image_url, el.alt_text, 'picture');
}

/** A picture of this very origin; what lies elsewhere is named, never fetched. */
export function image(url, alt, kind) {
  const source = url && new URL(url, location.href);
  if (source && (source.origin === location.origin || source.protocol === 'data:')) {
    return h('img', { src: source.href, alt, class: kind });
  }
  return h('span', { class: `${kind} absent`, role: 'img', 'aria-label': alt }, alt);
}

export function element(el, blockId, ctx) {
  if (el.type === 'button' || el.type === 'workflow_button') return pressable(el, blockId, ctx);
  if (el.type === 'overflow') return overflow(el, blockId, ctx);
  if (el.type === 'image') return picture(el);
  if (FIELDS[el.type]) return dispatching(el, blockId, ctx);
  return h('span', { class: 'note' }, `(${el.type} is not shown here)`);
}

/** An input block: label, field, hint and a place for what is wrong with it. */
export function input(block, ctx) {
  const el = block.element;
  const ids = { id: uid('field'), hint: uid('hint'), error: uid('error') };
  const native = /text_input|number_input|picker/.test(el.type);
  const field = FIELDS[el.type]?.(el, {
    ctx,
    id: native ? ids.id : null,
    label: block.label?.text,
    clearable: Boolean(block.optional),
    value: ctx.value(block.block_id, el.action_id),
    changed: block.dispatch_action
      ? (value) => use(el, block.block_id, value, node, ctx) : null,
    options: (query) => ctx.options({
      action_id: el.action_id, block_id: block.block_id, value: query,
    }),
  });
  if (!field) return h('p', { class: 'note' }, `(${el.type} is not shown here)`);
  const label = [textObject(block.label, ctx), block.optional && h('small', {}, ' (optional)')];
  const error = h('p', { class: 'error', id: ids.error, hidden: true });
  const node = h('div', { class: 'input-block', data: { block: block.block_id } },
    native ? h('label', { for: ids.id, class: 'field-label' }, label) : h('p', { class: 'field-label' }, label),
    field.node,
    block.hint && h('p', { class: 'hint', id: ids.hint }, textObject(block.hint, ctx)),
    error);
  const control = field.node.matches('input, textarea') ? field.node : field.node.querySelector('input');
  control?.setAttribute('aria-describedby', `${block.hint ? ids.hint : ''} ${ids.error}`.trim());
  ctx.register?.({ block, field, error, control });
  return node;
}
