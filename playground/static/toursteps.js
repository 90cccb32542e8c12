/** The steps of a tour, done by the control interface as the people would do them. */
import * as api from './api.js';
import { fullName } from './people.js';
import { newestFirst, pressing, saying, sending } from './tourteams.js';
import { dayShort, hourMinute, place, weekday } from './time.js';
import { squeezed, wordsOf } from './words.js';

const QUARTER = 15 * 60 * 1000;
const WEEK = 7 * 24 * 4;
const TRIES = 40;
const PAUSE = 100;

export const wait = (time) => new Promise((done) => setTimeout(done, time));

/** How long one looks at a step before it happens: not at all where motion is unwelcome. */
const pace = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 900);

const isWeekend = (moment, tz) => ['Sat', 'Sun'].includes(weekday(moment, tz));

function workingDay(now, count) {
  const day = new Date(now);
  for (let left = count; left > 0; left -= isWeekend(day, 'UTC') ? 0 : 1) day.setUTCDate(day.getUTCDate() + 1);
  return day;
}

/** The next working day's moment at a time of day ("08:45") in a zone. */
export function nextMoment(now, time, tz) {
  for (let at = Math.ceil(now / QUARTER), end = at + WEEK; at < end; at += 1) {
    const moment = new Date(at * QUARTER);
    if (hourMinute(moment, tz) === time && !isWeekend(moment, tz)) return moment;
  }
  throw new Error(`there is no ${time} on a working day`);
}

function* elements(blocks) {
  for (const block of blocks ?? []) {
    for (const element of [...(block.elements ?? []), block.accessory].filter(Boolean)) {
      yield { block, element };
    }
  }
}

/** The button, or the entry of a menu, with a label: what a press of it sends. */
function pressable(shown, label) {
  for (const { block, element } of elements(shown.blocks)) {
    const option = (element.options ?? []).find(({ text }) => text?.text === label);
    const pressed = element.type === 'button' && element.text?.text === label;
    if (pressed || (element.type === 'overflow' && option)) {
      return { action_id: element.action_id, block_id: block.block_id, value: option?.value ?? element.value };
    }
  }
  return null;
}

const includes = (message, text) => squeezed(wordsOf(message)).includes(squeezed(text));

export class Steps {
  /** `said(words)` hears what is being done. */
  constructor(world, pair, said) {
    Object.assign(this, { world, pair, said });
    this.known = new Map();
    this.since = world.now;
  }

  /** "{ref} by {+2}" with what was read before, and the second working day from now. */
  filled(text) {
    return String(text)
      .replace(/\{\+(\d)\}/g, (all, days) => dayShort(workingDay(this.world.now, Number(days)), 'UTC'))
      .replace(/\{(\w+)\}/g, (all, name) => this.known.get(name) ?? all);
  }

  /** A copy of a stop's part in which every text is filled in. */
  fill(part) {
    if (typeof part === 'string') return this.filled(part);
    if (Array.isArray(part)) return part.map((one) => this.fill(one));
    if (!part || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, this.fill(value)]));
  }

  /** A `read` step's expression has braces of its own. */
  async run(raw) {
    const step = raw.verb === 'read' ? raw : this.fill(raw);
    const side = this.pair.sideOf(step.user);
    if (side) this.pair.lookAt(side);
    await this[step.verb]({ ...step, name: fullName(this.world.user(step.user)), channel: this.room(step) });
  }

  room({ user, channel }) {
    return channel === 'dm' ? this.world.directMessage(user)?.id : channel;
  }

  usesTeams(user) {
    return this.world.user(user)?.platform === 'teams';
  }

  async act(verb, payload) {
    const answer = await this.world.act(verb, payload);
    if (!answer.ok) throw new Error(api.inWords(answer.error));
    await this.pair.refresh();
  }

  /** The words stand in the line for a moment, as if they were typed, where that can be seen. */
  async type(verb, { user, channel, text, name }) {
    this.said(`${name} types: ${text}`);
    const composer = this.screenAt(user, channel)?.composer;
    const before = composer?.text;
    composer?.put(text);
    await wait(pace());
    composer?.put(before);
    if (!this.usesTeams(user)) return this.act(verb, { user, channel, text });
    const said = saying(verb, user, channel, text);
    return this.act(said.verb, said.payload);
  }

  screenAt(user, channel) {
    const side = this.pair.sideOf(user);
    const screen = side && this.pair.screens[side];
    return screen?.place === channel ? screen : null;
  }

  command(step) {
    return this.type('command', step);
  }

  message(step) {
    return this.type('message', step);
  }

  async click({ user, channel, text, within, name }) {
    this.said(`${name} presses “${text}”`);
    const pressed = this.usesTeams(user)
      ? await pressing(user, channel, text, (message) => includes(message, within))
      : await this.pressing(user, channel, text, within);
    const node = this.buttonOn(user, pressed.spot, text);
    node?.classList.add('pressed');
    await wait(pace());
    node?.classList.remove('pressed');
    await this.act(pressed.verb, pressed.payload);
  }

  async pressing(user, channel, text, within) {
    const { at, press } = await this.find(user, channel, text, within);
    return { verb: 'click', payload: { user, ...at, ...press }, spot: at };
  }

  /** On the form before them, or else on the newest message that has it. */
  async find(user, channel, label, within) {
    const view = (await api.views(user) ?? []).at(-1);
    const inView = view && pressable(view, label);
    if (inView) return { at: { view_id: view.id }, press: inView };
    const messages = (await api.messages(channel, user)).reverse();
    const message = messages.find((one) => includes(one, within) && pressable(one, label));
    if (!message) throw new Error(`there is no “${label}” to press`);
    return { at: { channel, message_ts: message.ts }, press: pressable(message, label) };
  }

  buttonOn(user, { message_ts: ts, view_id: view }, label) {
    const side = this.pair.sideOf(user);
    const { node, modal } = this.pair.screens[side] ?? {};
    const within = view ? modal?.dialog : ts && node?.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    return [...within?.querySelectorAll('button') ?? []].find((one) => one.textContent === label);
  }

  async submit({ user, values, name }) {
    this.said(`${name} sends the form`);
    if (this.usesTeams(user)) {
      const sent = sending(user, values);
      await wait(pace());
      await this.act(sent.verb, sent.payload);
      return;
    }
    const view = await this.formOf(user);
    await wait(pace());
    await this.act('submit', { user, view_id: view.id, values });
  }

  /** The form before somebody, once look-ups have filled it. */
  async formOf(user) {
    for (let left = TRIES; left > 0; left -= 1) {
      const view = (await api.views(user) ?? []).at(-1);
      if (view?.submit) return view;
      await wait(PAUSE);
    }
    throw new Error('there is no form to send');
  }

  async close({ user }) {
    if (this.usesTeams(user)) {
      if ((await api.teamsDialogs(user) ?? []).length) await this.act('teams/close_dialog', { person: user });
      return;
    }
    const view = (await api.views(user) ?? []).at(-1);
    if (view) await this.act('close', { user, view_id: view.id, everything: true });
  }

  async reaction({ user, channel, text, within, name }) {
    this.said(`${name} reacts with :${text}:`);
    const message = (await api.messages(channel, user)).reverse().find((one) => includes(one, within));
    if (!message) throw new Error('there is no message to react to');
    await this.act('reaction', { user, channel, ts: message.ts, name: text });
  }

  async person({ user, values }) {
    await this.act('person', { user, ...values });
  }

  async clock({ user, text }) {
    this.said('The clock moves on…');
    this.since = this.world.now;
    const zone = this.world.user(user)?.tz || 'UTC';
    const step = text.startsWith('P')
      ? { advance: text } : { set: nextMoment(this.world.now, text, zone).toISOString() };
    await this.act('clock', step);
    this.said(`It is ${hourMinute(this.world.now, zone)} in ${place(zone)}.`);
  }

  async read({ user, channel, text, within }) {
    const messages = this.usesTeams(user) ? await newestFirst(channel, user)
      : [...await api.messages(channel, user), ...await api.views(user) ?? []].reverse();
    const found = messages.map((one) => new RegExp(within, 'u').exec(wordsOf(one))).find(Boolean);
    if (!found) throw new Error(`nothing was found that looks like “${within}”`);
    this.known.set(text, found[1] ?? found[0]);
  }
}
