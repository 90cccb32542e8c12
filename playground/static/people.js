/** How people are shown: avatars by initials, firms, and the choice of who one is. */
import { h, hidden } from './dom.js';
import { openMenu } from './menu.js';
import { hourMinute, place } from './time.js';

const HUES = 8;

function hue(id) {
  return [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 9973, 7) % HUES;
}

function initials(name) {
  const words = name.split(/[\s.]+/).filter(Boolean);
  return (words[0]?.[0] ?? '?') + (words.length > 1 ? words.at(-1)[0] : '');
}

export const fullName = (user, id) => user?.real_name || user?.name || id || 'Somebody';

export function avatar(user, id, bot = false) {
  return h('span', {
    class: bot ? 'avatar bot' : `avatar hue-${hue(user?.id ?? id ?? '')}`, 'aria-hidden': 'true',
  }, bot ? '◆' : initials(fullName(user, id)).toUpperCase());
}

/** "09:31 in Berlin" */
export function localTime(user, now) {
  if (!user.tz) return `${hourMinute(now, 'UTC')} UTC, zone unknown`;
  return `${hourMinute(now, user.tz)} in ${place(user.tz)}`;
}

/** "messages: 3": what the app wrote to them directly in the last seven days. */
export const receivedWords = (user) => `messages: ${user.received ?? 0}`;

function personRow(user, { now, news }) {
  return h('span', { class: 'person' },
    avatar(user),
    h('span', { class: 'who' },
      h('b', {}, fullName(user)),
      h('small', {}, [user.title, localTime(user, now)].filter(Boolean).join(' · '))),
    h('small', { class: 'got' }, receivedWords(user)),
    news && h('span', { class: 'dot' }, hidden('has new messages')));
}

/** Opens the list of everybody, grouped by firm and platform. */
export function choosePerson(anchor, world, { current, unread, choose }) {
  const firms = [...new Map(world.people.map((user) => [user.team, user])).values()];
  const item = (user) => ({
    label: `${fullName(user)}, ${user.title || 'no title'}, ${world.firm(user.team)}, `
      + `${world.platform(user) && `${world.platform(user)}, `}${receivedWords(user)} this week`,
    node: personRow(user, { now: world.now, news: unread.anyFor(user.id) }),
    checked: user.id === current,
    run: () => choose(user.id),
  });
  openMenu(anchor, 'See as', firms.map((one) => ({
    label: [world.firm(one.team), world.platform(one)].filter(Boolean).join(' · '),
    items: world.people.filter((user) => user.team === one.team).map(item),
  })), 'people');
}
