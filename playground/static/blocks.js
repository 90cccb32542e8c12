/**
 * Block Kit -> DOM nodes. `ctx` carries what a block may need to know or do:
 *   user(id), channel(id), people(), rooms(), me, tz, now, go(channel, ts)
 *   act({action_id, block_id, value})      somebody used an element
 *   options({action_id, block_id, value})  choices of an external select
 *   value(block_id, action_id)             what was filled in so far, undefined if nothing
 *   register({block, field, ...})          forms only: an input block was made
 */
import { h } from './dom.js';
import { element, image, input } from './elements.js';
import { mrkdwn, textObject } from './mrkdwn.js';
import { richText } from './richtext.js';

function section(block, ctx) {
  const text = block.text && h('div', { class: 'words' }, textObject(block.text, ctx));
  const fields = block.fields && h('div', { class: 'fields' },
    block.fields.map((field) => h('div', { class: 'words' }, textObject(field, ctx))));
  const accessory = block.accessory
    && h('div', { class: 'accessory' }, element(block.accessory, block.block_id, ctx));
  return h('div', { class: 'section' }, h('div', {}, text, fields), accessory);
}

function contextLine(block, ctx) {
  return h('div', { class: 'context' }, (block.elements ?? []).map((el) => (
    el.type === 'image' ? element(el, block.block_id, ctx)
      : h('span', { class: 'words' }, textObject(el, ctx)))));
}

function cell(content, ctx) {
  if (content?.type === 'rich_text') return richText(content, ctx);
  return String(content?.text ?? '');
}

function table(block, ctx) {
  const align = (index) => `align-${block.column_settings?.[index]?.align ?? 'left'}`;
  const row = (tag, scope) => (cells) => h('tr', {}, cells.map((content, index) => (
    h(tag, { scope, class: align(index) }, cell(content, ctx)))));
  const [head, ...body] = block.rows ?? [];
  return h('div', { class: 'table', role: 'region', tabindex: 0, 'aria-label': 'Table' },
    h('table', {},
      head && h('thead', {}, row('th', 'col')(head)),
      h('tbody', {}, body.map(row('td', null)))));
}

function figure(block, ctx) {
  const url = block.image_url ?? block.slack_file?.url;
  return h('figure', {},
    block.title && h('figcaption', {}, textObject(block.title, ctx)),
    image(url, block.alt_text, 'large'));
}

const BLOCKS = {
  section,
  input,
  table,
  header: (block, ctx) => h('h4', { class: 'header' }, textObject(block.text, ctx)),
  context: contextLine,
  divider: () => h('hr'),
  actions: (block, ctx) => h('div', { class: 'actions' },
    (block.elements ?? []).map((el) => element(el, block.block_id, ctx))),
  image: figure,
  rich_text: richText,
  markdown: (block) => h('div', { class: 'words' }, block.text),
};

function one(block, ctx) {
  const make = BLOCKS[block.type];
  return make ? make(block, ctx) : h('p', { class: 'note' }, `(${block.type} is not shown here)`);
}

/** Blocks in their order. */
export function blocks(list, ctx) {
  return h('div', { class: 'blocks' }, (list ?? []).map((block) => one(block, ctx)));
}

/** What a message says: its blocks, or its text where it has none. */
export function content(message, ctx) {
  const attached = (message.attachments ?? []).map((one) => (
    h('div', { class: 'attachment' }, content({ text: one.text ?? one.fallback, blocks: one.blocks }, ctx))));
  if (message.blocks?.length) return [blocks(message.blocks, ctx), attached];
  return [message.text && h('div', { class: 'words' }, mrkdwn(message.text, ctx)), attached];
}
