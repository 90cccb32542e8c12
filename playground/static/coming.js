/** What will happen by itself: the next thing in one line, the others below it when opened. */
import * as api from './api.js';
import { fill, h } from './dom.js';
import { fullName } from './people.js';
import { dayShort, hourMinute, place } from './time.js';

const SHOWN = 8;

/** "Olivia, Inês and Tomasz" */
function list(names) {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export class ComingList {
  constructor(world) {
    this.world = world;
    this.next = h('summary', {});
    this.rows = h('ol', { class: 'rows' });
    this.node = h('details', { class: 'coming', hidden: true }, this.next, this.rows);
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    document.addEventListener('click', (event) => {
      if (!this.node.contains(event.target)) this.node.removeAttribute('open');
    });
    world.addEventListener('change', () => this.refresh());
  }

  close() {
    this.node.removeAttribute('open');
    this.next.focus();
  }

  /** One look at a time, and one more if something changed meanwhile. */
  async refresh() {
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    while (this.again) {
      this.again = false;
      const coming = await api.coming();
      if (coming) this.draw(coming);
    }
    this.looking = false;
  }

  /** What is the same for several people at one moment in one zone is one line. */
  together(coming) {
    const lines = new Map();
    for (const { at, what, who } of coming) {
      const user = who && this.world.user(who);
      const zone = user?.tz || 'UTC';
      const key = `${at} ${what} ${zone}`;
      if (!lines.has(key)) lines.set(key, { at: new Date(at), what, zone, names: [] });
      if (user) lines.get(key).names.push(fullName(user).split(' ')[0]);
    }
    return [...lines.values()];
  }

  draw(coming) {
    const lines = this.together(coming).slice(0, SHOWN);
    this.node.toggleAttribute('hidden', !lines.length);
    if (!lines.length) return;
    fill(this.next, h('b', {}, 'Next: '), this.line(lines[0]));
    fill(this.rows, lines.map((line) => h('li', {}, this.line(line))));
  }

  line({ at, what, zone, names }) {
    const when = `${dayShort(at, zone)} ${hourMinute(at, zone)} in ${place(zone)}`;
    return [
      h('time', { datetime: at.toISOString() }, when),
      h('span', {}, ` · ${names.length ? `${list(names)}: ` : ''}${what}`),
    ];
  }
}
