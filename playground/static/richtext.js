/** rich_text blocks -> DOM nodes. Nothing here is escaped: words are text nodes as they come. */
import { h } from './dom.js';
import { emoji } from './emoji.js';
import { broadcast, channelMention, link, moment, userMention } from './mrkdwn.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 's', code: 'code', underline: 'u' };

function styled(node, style) {
  return Object.entries(STYLES).reduce(
    (inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner),
    node,
  );
}

const LEAVES = {
  text: (el) => document.createTextNode(el.text ?? ''),
  link: (el, ctx) => link(el.url, el.text, ctx),
  user: (el, ctx) => userMention(el.user_id, ctx),
  channel: (el, ctx) => channelMention(el.channel_id, ctx),
  emoji: (el) => document.createTextNode(emoji(el.name)),
  date: (el, ctx) => moment(el.timestamp, el.format ?? '{date_short}', el.fallback, el.url, ctx),
  usergroup: (el) => h('span', { class: 'mention' }, `@${el.usergroup_id ?? 'group'}`),
  broadcast: (el) => broadcast(el.range),
  color: (el) => h('code', {}, el.value),
};

function leaf(el, ctx) {
  const make = LEAVES[el.type];
  return make ? styled(make(el, ctx), el.style) : '';
}

const leaves = (parent, ctx) => (parent.elements ?? []).map((el) => leaf(el, ctx));

const PARTS = {
  rich_text_section: (part, ctx) => h('p', {}, leaves(part, ctx)),
  rich_text_quote: (part, ctx) => h('blockquote', {}, leaves(part, ctx)),
  rich_text_preformatted: (part, ctx) => h('pre', {}, leaves(part, ctx)),
  rich_text_list: (part, ctx) => {
    const tag = part.style === 'ordered' ? 'ol' : 'ul';
    const start = part.offset ? part.offset + 1 : null;
    const items = (part.elements ?? []).map((item) => h('li', {}, leaves(item, ctx)));
    return h(tag, { class: `indent-${Math.min(part.indent ?? 0, 5)}`, start }, items);
  },
};

export function richText(block, ctx) {
  const parts = (block.elements ?? []).map((part) => PARTS[part.type]?.(part, ctx));
  return h('div', { class: 'rich' }, parts);
}
