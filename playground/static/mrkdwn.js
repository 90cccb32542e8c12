/**
 * Slack's mrkdwn -> DOM nodes. `ctx` knows people, channels, the zone and the time:
 * {user(id), channel(id), tz, now, go(channel, ts)}.
 */
import { h } from './dom.js';
import { emoji, withEmoji } from './emoji.js';
import { slackDate } from './time.js';

const SAFE = new Set(['http:', 'https:', 'mailto:']);
const STYLES = { '*': 'strong', _: 'em', '~': 's' };
const DEEPEST = 5;

/** The address when it may become a link, otherwise null. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url));
    return SAFE.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link, or only its words where the address is none that may be followed. */
export function link(url, label, ctx) {
  const href = safeUrl(url);
  const words = label || String(url);
  if (!href) return h('span', {}, words);
  const here = ctx.channel && inside(href, ctx);
  const onclick = here && ((event) => {
    event.preventDefault();
    ctx.go(here.channel, here.ts);
  });
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', onclick }, words);
}

/** A permalink of a message that lives here: {channel, ts}. */
function inside(href, ctx) {
  const found = /\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?/.exec(href);
  if (!found || !ctx.channel(found[1])) return null;
  return { channel: found[1], ts: found[2] && `${found[2]}.${found[3]}` };
}

export function userMention(id, ctx, fallback) {
  const person = ctx.user(id);
  const name = person ? person.real_name || person.name : fallback || id;
  return h('span', { class: id === ctx.me ? 'mention me' : 'mention' }, `@${name}`);
}

export function channelMention(id, ctx, fallback) {
  const channel = ctx.channel(id);
  const words = `#${channel?.name ?? (fallback || id)}`;
  if (!channel) return h('span', { class: 'mention' }, words);
  return h('button', { type: 'button', class: 'mention', onclick: () => ctx.go(id) }, words);
}

export function broadcast(range) {
  return h('span', { class: 'mention me' }, `@${range}`);
}

export function moment(timestamp, format, fallback, url, ctx) {
  const words = slackDate(timestamp, format, ctx) ?? (fallback || String(timestamp));
  return url ? link(url, words, ctx) : h('time', { title: fallback }, words);
}

const decode = (text) => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);

/** What stands between < and >; null when it is nothing that Slack knows. */
function control(inner, ctx) {
  const [target, ...rest] = inner.split('|');
  const label = decode(rest.join('|'));
  if (/^@[UW]\w+$/.test(target)) return userMention(target.slice(1), ctx, label);
  if (/^#[CG]\w+$/.test(target)) return channelMention(target.slice(1), ctx, label);
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith('!subteam^')) return h('span', { class: 'mention' }, label || '@group');
  if (target.startsWith('!date^')) {
    const [, timestamp, format, url] = target.split('^');
    return format ? moment(timestamp, format, label, url && decode(url), ctx) : null;
  }
  return safeUrl(decode(target)) ? link(decode(target), label, ctx) : null;
}

/** Where the styled run that opens at `start` closes, or -1. */
function closing(text, start) {
  const mark = text[start];
  if (start > 0 && /[\p{L}\p{N}]/u.test(text[start - 1])) return -1;
  if (!text[start + 1] || /\s/.test(text[start + 1]) || text[start + 1] === mark) return -1;
  for (let end = text.indexOf(mark, start + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    if (text.slice(start, end).includes('\n')) return -1;
    if (!/\s/.test(text[end - 1]) && !/[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')) return end;
  }
  return -1;
}

/** One piece at `at` that is more than words: {node, end}; null when there is none. */
function piece(text, at, ctx, depth) {
  const rest = text.slice(at, at + 3100);
  const char = text[at];
  if (char === '<') {
    const found = /^<([^<>\n]+)>/.exec(rest);
    const node = found && control(found[1], ctx);
    return node && { node, end: at + found[0].length };
  }
  if (char === '`') {
    const found = /^`([^`\n]+)`/.exec(rest);
    return found && { node: h('code', {}, decode(found[1])), end: at + found[0].length };
  }
  if (char === ':') {
    const found = /^:([a-z0-9_+'-]+):/.exec(rest);
    return found && { node: document.createTextNode(emoji(found[1])), end: at + found[0].length };
  }
  if (char === 'h') {
    const found = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"]/.exec(rest);
    return found && { node: link(decode(found[0]), '', ctx), end: at + found[0].length };
  }
  const end = STYLES[char] && depth < DEEPEST ? closing(text, at) : -1;
  if (end < 0) return null;
  return { node: h(STYLES[char], {}, inline(text.slice(at + 1, end), ctx, depth + 1)), end: end + 1 };
}

function inline(text, ctx, depth = 0) {
  const nodes = [];
  const special = /[<`:*_~]|https?:\/\//g;
  let words = 0;
  for (let found = special.exec(text); found; found = special.exec(text)) {
    const made = piece(text, found.index, ctx, depth);
    if (!made) {
      special.lastIndex = found.index + 1;
      continue;
    }
    nodes.push(decode(text.slice(words, found.index)), made.node);
    words = made.end;
    special.lastIndex = made.end;
  }
  nodes.push(decode(text.slice(words)));
  return nodes;
}

const QUOTE = /^(?:>|&gt;) ?/;

/** Lines -> runs of quoted and unquoted lines. */
function runs(text) {
  const found = [];
  for (const line of text.split('\n')) {
    const quoted = QUOTE.test(line);
    const words = quoted ? line.replace(QUOTE, '') : line;
    if (found.length && found.at(-1).quoted === quoted) found.at(-1).lines.push(words);
    else found.push({ quoted, lines: [words] });
  }
  return found;
}

function paragraphs(text, ctx) {
  return runs(text).map(({ quoted, lines }) => {
    const nodes = inline(lines.join('\n'), ctx);
    return quoted ? h('blockquote', {}, nodes) : nodes;
  });
}

/** mrkdwn text -> nodes. */
export function mrkdwn(text, ctx) {
  return String(text ?? '').split(/```\n?([\s\S]+?)\n?```/).map((part, index) => {
    if (index % 2) return h('pre', {}, decode(part));
    return part.replace(/^\n|\n$/g, '') ? paragraphs(index ? part.replace(/^\n/, '') : part, ctx) : [];
  });
}

/** A text object of Block Kit -> nodes. */
export function textObject(object, ctx) {
  if (!object) return [];
  if (typeof object === 'string') return [object];
  if (object.type === 'mrkdwn') return mrkdwn(object.text, ctx);
  return [object.emoji === false ? object.text : withEmoji(String(object.text ?? ''))];
}
