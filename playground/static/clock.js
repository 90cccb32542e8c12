/** The clock of the playground: what time it is, and moving on. */
import { button, fill, h, whileBusy } from './dom.js';
import * as api from './api.js';
import { dayFull, dayShort, hourMinute, place } from './time.js';

const STEPS = [['+1 hour', 'PT1H'], ['+1 day', 'P1D'], ['+1 week', 'P7D']];
const LOOK = 400;

export class Clock {
  /** `user()` and `zone()` answer whose time is shown; `failed(answer)` says what went wrong. */
  constructor(world, { user, zone, failed }) {
    Object.assign(this, { world, user, zone, failed });
    this.time = h('span', { class: 'now' });
    this.progress = h('progress', { 'aria-label': 'Time is moving on', hidden: true });
    this.said = h('span', { class: 'sr-only', role: 'status' });
    this.buttons = STEPS.map(([label, step]) => button(label, { onclick: () => this.advance(label, step) }));
    this.node = h('div', { class: 'clock', role: 'group', 'aria-label': 'Clock' },
      this.time, this.progress, h('span', { class: 'steps' }, this.buttons), this.said);
    world.addEventListener('change', () => this.draw());
  }

  words() {
    return `${dayShort(this.world.now, this.zone())}, ${hourMinute(this.world.now, this.zone())}`;
  }

  draw() {
    if (!this.world.state) return;
    const tz = this.zone();
    fill(
      this.time,
      h('time', { datetime: this.world.now.toISOString(), title: dayFull(this.world.now, tz) },
        h('span', {}, dayShort(this.world.now, tz)),
        h('span', { class: 'year' }, ` ${dayFull(this.world.now, tz).slice(-4)}`),
        h('span', {}, `, ${hourMinute(this.world.now, tz)}`)),
      h('small', {}, tz === 'UTC' ? 'UTC' : `${place(tz)} · ${hourMinute(this.world.now, 'UTC')} UTC`),
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
      this.show(true, `Moving on by ${label.slice(1)}…`);
      this.follow();
      const answer = await this.world.act('clock', { advance: step, user: this.user() });
      const news = answer.messages?.length ? ` New messages for you: ${answer.messages.length}.` : '';
      this.show(false, answer.ok ? `It is now ${this.words()}.${news}` : '');
      if (!answer.ok) this.failed(answer);
    });
  }

  show(moving, said) {
    this.moving = moving;
    this.progress.toggleAttribute('hidden', !moving);
    this.buttons.forEach((node) => node.setAttribute('aria-disabled', String(moving)));
    this.said.textContent = said;
  }
}
