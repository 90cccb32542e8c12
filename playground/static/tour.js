/** The guided tour: a panel below the screens that tells, does, and checks what it said. */
import { button, fill, h } from './dom.js';
import { check, findPart } from './tourcheck.js';
import { Steps } from './toursteps.js';

/** {door, node}: the button that begins it, and the panel. `again` starts the story over. */
export function tourOf(world, pair, tour, again) {
  const panel = new TourPanel(world, pair, tour, again);
  const door = button('Take the tour', { class: 'primary', onclick: () => panel.begin() });
  panel.door = door;
  again.onStart(() => panel.end());
  return { door, node: panel.node };
}

class TourPanel {
  constructor(world, pair, tour, again) {
    Object.assign(this, { world, pair, tour, again });
    this.title = h('h2', { tabindex: -1 });
    this.count = h('small', { class: 'count' });
    this.words = h('div', { class: 'tour-words', 'aria-live': 'polite' });
    this.doing = h('p', { class: 'doing', role: 'status' });
    this.ticks = h('ul', { class: 'ticks-list', 'aria-label': 'What the screens show', 'aria-live': 'polite' });
    this.back = button('Back', { onclick: () => this.turn(-1) });
    this.next = button('Next', { class: 'primary', onclick: () => this.turn(1) });
    this.node = h('aside', { class: 'tour', 'aria-label': 'Guided tour', hidden: true },
      h('div', { class: 'told' }, h('header', {}, this.title, this.count), this.words),
      h('div', { class: 'shown' }, this.doing, this.ticks),
      h('footer', {}, button('End tour', { class: 'quiet', onclick: () => this.end() }), this.back, this.next));
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.end();
    });
    world.addEventListener('change', () => this.remark());
  }

  get stops() {
    return this.tour.stops;
  }

  /** Stop -1 introduces, the one after the last says farewell. */
  begin() {
    this.steps = new Steps(this.world, this.pair, (words) => fill(this.doing, words));
    this.at = -1;
    this.done = -1;
    this.results = new Map();
    this.failed = null;
    this.node.removeAttribute('hidden');
    document.body.classList.add('touring');
    this.door.setAttribute('hidden', '');
    this.draw();
    this.next.focus();
  }

  end() {
    if (this.node.hidden) return;
    const focused = this.node.contains(document.activeElement);
    this.steps = null;
    this.node.setAttribute('hidden', '');
    document.body.classList.remove('touring');
    this.unmark();
    this.door.removeAttribute('hidden');
    if (focused) this.door.focus();
  }

  /** Back and forth among what has happened is words only; beyond it the next stop happens. */
  async turn(by) {
    if (this.working) return;
    if (this.at + by > this.stops.length) {
      this.end();
      return;
    }
    this.at = Math.max(-1, this.at + by);
    const stop = this.stops[this.at];
    this.draw();
    if (!stop) return;
    if (this.at <= this.done) await this.pair.show(stop);
    else await this.perform(stop);
    if (this.steps) this.mark(stop);
  }

  async perform(stop) {
    const { steps } = this;
    this.busy(true);
    try {
      await this.pair.show(stop);
      for (const step of stop.do) {
        await steps.run(step);
        if (this.steps !== steps) return;
      }
      this.mark(stop);
      this.results.set(this.at, await check(this.pair, steps.fill(stop.expect), steps.since));
      this.done = this.at;
    } catch (error) {
      this.failed = error.message;
    } finally {
      this.busy(false);
    }
    if (this.steps === steps) this.draw();
  }

  busy(working) {
    this.working = working;
    this.next.setAttribute('aria-disabled', String(working));
    this.next.textContent = working ? 'Watch…' : 'Next';
    if (working) fill(this.ticks);
  }

  /** A message that was drawn anew is marked again, without moving anything. */
  async remark() {
    const stop = this.steps && this.stops[this.at];
    if (!stop || this.working) return;
    await this.pair.refresh();
    if (this.steps && stop === this.stops[this.at]) this.mark(stop, { scrolls: false });
  }

  mark(stop, { scrolls = true } = {}) {
    this.unmark();
    for (const { side, text } of this.steps.fill(stop.look)) {
      const part = findPart(this.pair.screens[side], text);
      part?.classList.add('shown-by-tour');
      if (!scrolls) continue;
      part?.scrollIntoView({ block: part.offsetHeight > part.closest('.scroll')?.clientHeight ? 'start' : 'center' });
    }
  }

  unmark() {
    document.querySelectorAll('.shown-by-tour').forEach((node) => node.classList.remove('shown-by-tour'));
  }

  draw() {
    const stop = this.stops[this.at];
    const last = this.at === this.stops.length;
    const words = stop?.words ?? (last ? this.tour.farewell : this.tour.words);
    fill(this.title, stop?.title ?? this.tour.title);
    fill(this.count, stop && `${this.at + 1} of ${this.stops.length}`);
    fill(this.words, this.steps.fill(words).map((line) => h('p', {}, line)));
    fill(this.doing);
    fill(this.ticks, (this.results.get(this.at) ?? []).map(tick));
    this.back.toggleAttribute('hidden', this.at < 0);
    this.next.textContent = last ? 'Finish' : 'Next';
    this.drawFailure();
  }

  /** What could not be done, or did not come true, is said plainly. */
  drawFailure() {
    const untrue = (this.results.get(this.at) ?? []).some(({ ok }) => !ok);
    this.next.toggleAttribute('hidden', Boolean(this.failed));
    if (!this.failed && !untrue) return;
    const why = this.failed ? `This step did not work: ${this.failed}` : 'Not everything came true here.';
    fill(this.doing, h('span', { class: 'error' }, `${why} Start over tells the story anew. `),
      button('Start over', { onclick: () => this.again.run() }));
  }
}

function tick({ words, ok }) {
  return h('li', { class: ok ? 'ok' : 'not-ok' },
    h('span', { 'aria-hidden': 'true' }, ok ? '✓' : '✗'),
    h('span', { class: 'sr-only' }, ok ? 'True: ' : 'Not true: '), words);
}
