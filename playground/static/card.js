/**
 * Adaptive Cards -> DOM nodes. `ctx` carries what a card may need to know or do:
 *   user(id), me, room(id), go(conversation, message id), entities: who is mentioned in it
 *   press(action)        somebody pressed a button
 *   search(input, words) what a searched field offers for these words
 *   register(made)       an input was made: {id, field, error, control}
 *   inDialog             whether it is a form before somebody
 */
import { actionSet } from './cardactions.js';
import { cardInput } from './cardfields.js';
import { h } from './dom.js';
import { image } from './elements.js';
import { teamsLink, teamsText } from './teamstext.js';

/** {size: 'Large', isSubtle: true} -> "size-large subtle" */
function looks(node) {
  const kinds = ['size', 'weight', 'color', 'fontType'].map((name) => (
    node[name] && `${name.toLowerCase()}-${String(node[name]).toLowerCase()}`));
  const marks = { isSubtle: 'subtle', italic: 'italic', strikethrough: 'struck', underline: 'under', highlight: 'marked' };
  const flags = Object.entries(marks).map(([name, mark]) => node[name] && mark);
  return [...kinds, ...flags].filter(Boolean).join(' ');
}

function run(part, ctx) {
  if (typeof part === 'string') return part;
  const words = h('span', { class: looks(part) }, part.text);
  const { type, url } = part.selectAction ?? {};
  return type === 'Action.OpenUrl' ? teamsLink(url, words, ctx) : words;
}

const isTitle = ({ size, weight }) => /large/i.test(size ?? '') && /bolder/i.test(weight ?? '');

function richBlock(block, ctx) {
  const runs = block.inlines ?? [];
  const wrong = ctx.inDialog && runs.some(({ color }) => color === 'attention');
  return h('p', {
    class: wrong ? 'words error' : 'words',
    role: wrong ? 'alert' : isTitle(runs[0] ?? {}) ? 'heading' : null,
    'aria-level': !wrong && isTitle(runs[0] ?? {}) ? 4 : null,
  }, runs.map((part) => run(part, ctx)));
}

function column(one, ctx) {
  const node = h('div', { class: `column ${one.verticalContentAlignment === 'center' ? 'middle' : ''}` },
    inside(one.items, ctx));
  const width = Number(one.width);
  if (width > 0) node.style.flex = `${width} 1 0`;
  else node.classList.add(one.width === 'stretch' ? 'wide' : 'narrow');
  return node;
}

function facts(block, ctx) {
  return h('dl', { class: 'card-facts' }, block.facts.map(({ title, value }) => [
    h('dt', {}, title), h('dd', {}, teamsText(value, ctx.entities, ctx))]));
}

const ELEMENTS = {
  TextBlock: (block, ctx) => h('p', { class: `words ${looks(block)}` }, teamsText(block.text, ctx.entities, ctx)),
  RichTextBlock: richBlock,
  Container: (block, ctx) => h('div', { class: `card-box ${block.style ?? ''}` }, inside(block.items, ctx)),
  ColumnSet: (block, ctx) => h('div', { class: 'column-set' },
    (block.columns ?? []).map((one) => column(one, ctx))),
  FactSet: facts,
  ActionSet: (block, ctx) => actionSet(block.actions, ctx),
  Image: (block) => image(block.url, block.altText ?? '', 'large'),
};

function element(block, ctx) {
  const make = block.type.startsWith('Input.') ? cardInput : ELEMENTS[block.type];
  const node = make ? make(block, ctx) : h('p', { class: 'note' }, `(${block.type} is not shown here)`);
  if (block.separator) node.classList.add('separated');
  if (block.spacing) node.classList.add(`spacing-${String(block.spacing).toLowerCase()}`);
  return node;
}

const inside = (items, ctx) => (items ?? []).map((block) => element(block, ctx));

/** What a card holds; its own `actions` are below it, unless they stand elsewhere. */
export function card(content, ctx, { withActions = true } = {}) {
  const known = { ...ctx, entities: content.msteams?.entities ?? [], inside: (shown) => card(shown, ctx) };
  return h('div', { class: 'card-body' },
    inside(content.body, known),
    withActions && content.actions?.length && actionSet(content.actions, known));
}
