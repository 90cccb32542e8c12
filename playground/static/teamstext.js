/** What people and the app write in Teams -> DOM nodes. Words are text nodes as they come. */
import { h } from './dom.js';
import { link } from './mrkdwn.js';

const ADDRESS = /https?:\/\/[^\s<>]+[^\s<>.,;:!?)'"]/g;
const MESSAGE = /^https:\/\/teams\.microsoft\.com\/l\/message\/([^/?]+)\/(\d+)/;

function escaped(words) {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A link; one to a message that is here leads there. `label` may be a node. */
export function teamsLink(url, label, { room, go }) {
  const node = link(url, label, {});
  const found = node.href && MESSAGE.exec(node.href);
  const conversation = found && decodeURIComponent(found[1]);
  if (!conversation || !room(conversation)) return node;
  node.addEventListener('click', (event) => {
    event.preventDefault();
    go(conversation, found[2]);
  });
  return node;
}

function withLinks(text, ctx) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(from, found.index), teamsLink(found[0], found[0], ctx));
    from = found.index + found[0].length;
  }
  return [...nodes, text.slice(from)];
}

/** `entities` say which `<at>Name</at>` is a mention; any other stands there as it was typed. */
export function teamsText(text, entities, ctx) {
  const mentions = new Map((entities ?? [])
    .filter(({ type, mentioned }) => type === 'mention' && mentioned)
    .map((entity) => [entity.text, entity.mentioned]));
  if (!mentions.size) return withLinks(text, ctx);
  const marks = new RegExp(`(${[...mentions.keys()].map(escaped).join('|')})`, 'u');
  return text.split(marks).map((piece) => {
    const who = mentions.get(piece);
    if (!who) return withLinks(piece, ctx);
    const known = ctx.user(who.id);
    return h('span', { class: known?.id === ctx.me ? 'mention me' : 'mention' }, who.name);
  });
}
