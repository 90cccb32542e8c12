/** Puts the page together: one world, one clock, two screens, and what stands around them. */
import * as api from './api.js';
import { Clock } from './clock.js';
import { button, fill, h } from './dom.js';
import { Pair } from './pair.js';
import { startOver } from './startover.js';
import { themeSwitch } from './themeswitch.js';
import { tourOf } from './tour.js';
import { Unread } from './unread.js';
import { World } from './world.js';

const at = (id) => document.getElementById(id);

/** What waits for the people whose screens are not shown. */
function watchOthers(world, unread, pair) {
  const look = () => {
    if (world.now < unread.since) unread.restart(world.now);
    for (const user of world.people.filter(({ id }) => !pair.users.includes(id))) {
      const room = world.directMessage(user.id);
      if (room) unread.noteLast(user.id, room.id, user.received_last);
    }
    pair.all.forEach((screen) => screen.drawFrame());
  };
  world.addEventListener('change', look);
}

/** Says above everything else when the playground is gone, or began incomplete. */
function watchReach(world) {
  const banner = at('banner');
  world.addEventListener('change', () => {
    const seeding = world.state?.seed_error;
    const words = world.reachable ? seeding && `The demo is incomplete: ${seeding}` : api.inWords('unreachable');
    fill(banner, words);
    banner.toggleAttribute('hidden', !words);
  });
}

/** "left Northwind Bio, right Helix Devices" */
function nameFirms(world, pair) {
  const name = (side) => {
    const user = world.user(pair.screens[side].user);
    const platform = world.platform(user);
    return [
      h('span', { class: 'firm-name', data: { firm: world.firmNumber(user?.team) } }, world.firm(user?.team)),
      platform && ` on ${platform}`,
    ];
  };
  fill(at('firms'), 'left ', name('left'), ', right ', name('right'));
}

function skipLinks(pair) {
  const link = ({ side }) => button(`Skip to the ${side} screen`, {
    onclick: () => {
      pair.turnTo(side);
      pair.screens[side].title.focus();
    },
  });
  fill(at('skips'), pair.all.map(link));
}

async function opened(world) {
  while (!world.state) {
    await world.refresh();
    if (!world.state) await new Promise((done) => setTimeout(done, 1000));
  }
}

async function begin() {
  const world = new World();
  watchReach(world);
  const [tour] = await Promise.all([api.tour(), opened(world)]);
  const unread = new Unread(world.now);
  const pair = new Pair(world, unread, moved);
  function moved() {
    document.title = `${pair.all.map((screen) => screen.label).join(' · ')} · Two firms`;
    nameFirms(world, pair);
    clock.draw();
  }
  const clock = new Clock(world, () => pair.users);
  const again = startOver(world);
  const guide = tour && tourOf(world, pair, tour, again);
  at('clock').replaceWith(clock.node);
  fill(at('doors'), guide?.door, again.door, themeSwitch());
  fill(at('screens'), pair.switch, pair.node);
  if (guide) document.body.append(guide.node);
  skipLinks(pair);
  watchOthers(world, unread, pair);
  await pair.refresh();
  pair.replaces = true;
  pair.remember();
  pair.replaces = false;
  world.dispatchEvent(new Event('change'));
  world.watch();
}

begin().catch((error) => {
  fill(at('screens'), h('p', { class: 'empty' }, 'This page could not start: ', error.message));
});
