/** Puts the page together: one world, one clock, one screen, and the address that remembers them. */
import * as api from './api.js';
import { Clock } from './clock.js';
import { fill, h } from './dom.js';
import { Screen } from './screen.js';
import { Unread } from './unread.js';
import { World } from './world.js';

const OTHERS = 1500;

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  return { user: given.get('user'), channel: given.get('channel'), thread: given.get('thread') };
}

function toAddress({ user, channel, thread }) {
  const written = new URLSearchParams(Object.entries({ user, channel, thread }).filter(([, it]) => it));
  if (location.hash.slice(1) !== String(written)) history.pushState(null, '', `#${written}`);
}

/** Somebody to begin as: an alliance manager of the firm that installed the app. */
function somebody(world) {
  const own = world.people.filter((user) => !user.external);
  return (own.find((user) => /alliance manager/i.test(user.title ?? '')) ?? own[0] ?? world.people[0]).id;
}

/** Looks, not too often, at what waits for the people whose screens are not shown. */
function watchOthers(world, unread, shown) {
  let waiting = null;
  const look = async () => {
    waiting = null;
    for (const user of world.people.filter(({ id }) => id !== shown())) {
      const room = world.directMessage(user.id);
      if (room) unread.note(user.id, room.id, await api.messages(room.id, user.id));
    }
    unread.dispatchEvent(new Event('change'));
  };
  world.addEventListener('change', () => {
    waiting ??= setTimeout(look, OTHERS);
  });
}

/** Says above everything else when the playground is gone, or began incomplete. */
function watchReach(world) {
  const banner = document.getElementById('banner');
  world.addEventListener('change', () => {
    const seeding = world.state?.seed_error;
    const words = world.reachable ? seeding && `The demo is incomplete: ${seeding}` : api.inWords('unreachable');
    fill(banner, words);
    banner.toggleAttribute('hidden', !words);
  });
}

async function begin() {
  const world = new World();
  watchReach(world);
  while (!world.state) {
    await world.refresh();
    if (!world.state) await new Promise((done) => setTimeout(done, 1000));
  }
  const unread = new Unread(world.now);
  const given = fromAddress();
  const screen = new Screen(world, unread, {
    ...given, user: given.user ?? somebody(world), moved,
  });
  function moved(place) {
    toAddress(place);
    document.title = `${screen.label} · Alliance playground`;
  }
  const clock = new Clock(world, {
    user: () => screen.user, zone: () => screen.tz, failed: (answer) => screen.fail(answer),
  });
  document.getElementById('clock').replaceWith(clock.node);
  fill(document.getElementById('screens'), screen.node);
  addEventListener('popstate', () => screen.go({ channel: null, thread: null, ...fromAddress() }));
  unread.addEventListener('change', () => screen.side.draw());
  world.addEventListener('change', () => {
    if (world.now < unread.since) unread.restart(world.now);
  });
  screen.fresh = true;
  await screen.refresh();
  clock.draw();
  moved({ user: screen.user, channel: screen.place, thread: screen.threadTs });
  watchOthers(world, unread, () => screen.user);
  world.watch();
}

begin().catch((error) => {
  fill(document.getElementById('screens'), h('p', { class: 'empty' }, 'This page could not start: ', error.message));
});
