/** The clock of the playground: what time it is, what comes next, and moving on. */
import * as api from './api.js';
import { ComingList } from './coming.js';
import { button, fill, h, whileBusy } from './dom.js';
import { dayFull, dayShort, hourMinute, place } from './time.js';

const STEPS = [
  ['To next', { next: true }, 'Go to the next moment at which something is due'],
  ['+1 hour', { advance: 'PT1H' }],
  ['+1 day', { advance: 'P1D' }],
  ['+1 week', { advance: 'P7D' }],
];
const LOOK = 400;

export class Clock {
  /** `users()` answers whose times are shown. */
  constructor(world, users) {
    Object.assign(this, { world, users });
    this.time = h('span', { class: 'now' });
    this.coming = new ComingList(world);
    this.progress = h('progress', { 'aria-label': 'Time is moving on', hidden: true });
    this.said = h('span', { class: 'sr-only', role: 'status' });
    this.wrong = h('span', { class: 'error', role: 'alert' });
    this.buttons = STEPS.map(([label, step, title]) => button(label, {
      title, onclick: () => this.advance(label, step),
    }));
    this.node = h('div', { class: 'clock', role: 'group', 'aria-label': 'Clock' },
      this.time, h('span', { class: 'steps' }, this.buttons), this.coming.node,
      this.wrong, this.progress, this.said);
    world.addEventListener('change', () => this.draw());
  }

  zones() {
    const zones = this.users().map((id) => this.world.user(id)?.tz || 'UTC');
    return [...new Set(zones)];
  }

  words() {
    const [zone] = this.zones();
    return `${dayShort(this.world.now, zone)}, ${hourMinute(this.world.now, zone)} in ${place(zone)}`;
  }

  draw() {
    if (!this.world.state) return;
    const { now } = this.world;
    const [zone] = this.zones();
    fill(
      this.time,
      h('time', { datetime: now.toISOString() },
        dayShort(now, zone), h('span', { class: 'year' }, ` ${dayFull(now, zone).slice(-4)}`)),
      h('small', {}, this.zones().map((tz) => `${hourMinute(now, tz)} ${place(tz)}`).join(' · ')),
    );
  }

  /** Looks at the time now and then while the playground moves on. */
  async follow() {
    while (this.moving) {
      await new Promise((done) => setTimeout(done, LOOK));
      const state = this.moving && await api.state();
      if (state && this.moving) {
        this.world.state.now = state.now;
        this.draw();
      }
    }
  }

  advance(label, step) {
    return whileBusy(this.node, async () => {
      this.show(true, 'Time is moving on…');
      this.follow();
      const answer = await this.world.act('clock', step);
      this.show(false, answer.ok ? `It is now ${this.words()}.` : '');
      this.wrong.textContent = answer.ok ? '' : api.inWords(answer.error);
    });
  }

  show(moving, said) {
    this.moving = moving;
    this.progress.toggleAttribute('hidden', !moving);
    this.buttons.forEach((node) => node.setAttribute('aria-disabled', String(moving)));
    this.said.textContent = said;
  }
}
