/** What a stop promises, looked up on what the two screens really show. */
import { fullName } from './people.js';
import { tsDate } from './time.js';
import { squeezed, wordsOf } from './words.js';

const PATIENCE = 5000;
const LOOK = 150;

/** Everything on a screen that stands for itself: the form, and each message, newest first. */
export function parts(screen) {
  const messages = [...screen.node.querySelectorAll('.msg')];
  const whole = [screen.modal.dialog, screen.home].filter((node) => node && (node.open ?? !node.hidden));
  return [...whole, ...messages.reverse()];
}

const has = (node, ...texts) => texts.every((text) => squeezed(node.textContent).includes(squeezed(text)));

export const findPart = (screen, ...texts) => parts(screen).find((node) => has(node, ...texts)) ?? null;

/** Not on the screen, and in nothing else that its person could open there. */
function isNowhere(screen, text) {
  const wanted = squeezed(text);
  return !squeezed(screen.node.textContent).includes(wanted)
    && !squeezed(wordsOf(screen.given)).includes(wanted);
}

function countSince(screen, moment) {
  return screen.all.filter((message) => screen.world.isBot(message.user)
    && tsDate(message.ts) > moment).length;
}

const holds = (screen, { shows, within, hides, received }, since) => {
  if (shows) return Boolean(findPart(screen, shows, within));
  if (hides) return isNowhere(screen, hides);
  return countSince(screen, since) === received;
};

function ownWords(screen, { shows, hides, received }) {
  const { world, user } = screen;
  const firm = world.firm(world.user(user).team);
  if (shows) return `${firm}’s screen shows “${shows}”`;
  if (hides) return `${firm}’s screen does not show “${hides}”, in no place`;
  const count = { 0: 'no message', 1: 'one message' }[received] ?? `${received} messages`;
  return `${fullName(world.user(user))} got ${count}`;
}

/** [{words, ok}]: what is not true yet is looked at again for a while. */
export async function check(pair, expected, since) {
  const look = () => expected.map((one) => {
    const screen = pair.screens[one.side];
    return { words: one.words || ownWords(screen, one), ok: holds(screen, one, since) };
  });
  const end = Date.now() + PATIENCE;
  let found = look();
  while (found.some(({ ok }) => !ok) && Date.now() < end) {
    await new Promise((done) => setTimeout(done, LOOK));
    await pair.refresh();
    found = look();
  }
  return found;
}
