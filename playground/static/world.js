/** What everybody on the page shares: the people, the channels, the time, and news of changes. */
import * as api from './api.js';

const PAUSE = 2000; // where one cannot wait for changes
const BREATH = 150; // many changes at once are one look

export class World extends EventTarget {
  constructor() {
    super();
    this.state = null;
    this.reachable = true;
  }

  get now() {
    return new Date(this.state.now);
  }

  get people() {
    return this.state.users.filter((user) => user.id !== this.state.bot && !user.is_bot);
  }

  user(id) {
    if (id === 'USLACKBOT') return { id, name: 'slackbot', real_name: 'Slackbot' };
    const found = this.state.users.find((user) => user.id === id);
    return found ?? (id === this.state.bot ? { id, name: 'alliance', real_name: 'Alliance' } : undefined);
  }

  /** The name of a firm. */
  firm(id) {
    return this.state.teams?.find((team) => team.id === id)?.name ?? id;
  }

  /** 0 for the firm that installed the app, 1 for the next: its colour on the page. */
  firmNumber(id) {
    return Math.max(0, this.state.teams?.findIndex((team) => team.id === id) ?? 0) % 2;
  }

  get bot() {
    return this.user(this.state.bot);
  }

  channel(id) {
    return this.state.channels.find((channel) => channel.id === id);
  }

  /** The channels of one person, in the order the server gives them. */
  rooms(userId) {
    return this.state.channels.filter((room) => room.kind !== 'dm' && room.members.includes(userId));
  }

  directMessage(userId) {
    return this.state.channels.find((room) => room.kind === 'dm' && room.members.includes(userId));
  }

  /** The names of the firms besides this person's own whose people are in a channel. */
  partners(channel, userId) {
    const own = this.user(userId)?.team;
    const firms = channel.members
      .filter((id) => id !== this.state.bot)
      .map((id) => this.user(id)?.team)
      .filter((firm) => firm && firm !== own);
    return [...new Set(firms)].map((firm) => this.firm(firm));
  }

  /** Asks for the state again and tells everybody who listens. */
  async refresh() {
    const state = await api.state();
    this.reachable = Boolean(state);
    if (state) this.state = state;
    this.dispatchEvent(new Event('change'));
  }

  /** Does a verb and tells everybody; answers what the server answered. */
  async act(verb, payload) {
    const answer = await api.act(verb, payload);
    await this.refresh();
    return answer;
  }

  /** Follows the playground for as long as the page is open. */
  async watch() {
    let since = this.state.revision ?? 0;
    for (;;) {
      const { revision } = await api.changes(since);
      if (revision !== since) await this.refresh();
      since = revision ?? since;
      await new Promise((done) => setTimeout(done, revision === undefined ? PAUSE : BREATH));
    }
  }
}
