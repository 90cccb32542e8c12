/** What everybody on the page shares: the people, the places, the time, and news of changes. */
import * as api from './api.js';
import { fromTeams } from './teamsworld.js';

const PAUSE = 2000; // where one cannot wait for changes
const BREATH = 150; // many changes at once are one look

export class World extends EventTarget {
  /** `state` is what the local Slack tells; `teams` what a local Teams beside it does, if there is one. */
  constructor() {
    super();
    this.state = null;
    this.teams = null;
    this.reachable = true;
  }

  get now() {
    return new Date(this.state.now);
  }

  /** Those of Slack first. */
  get people() {
    const users = this.state.users.filter((user) => !this.isBot(user.id) && !user.is_bot);
    return [...users, ...this.teams?.people ?? []];
  }

  isBot(id) {
    return id === this.state.bot || id === this.teams?.bot.id;
  }

  user(id) {
    if (id === 'USLACKBOT') return { id, name: 'slackbot', real_name: 'Slackbot' };
    const found = this.state.users.find((user) => user.id === id)
      ?? this.teams?.people.find((user) => id && (user.id === id || user.object_id === id));
    if (found || !this.isBot(id)) return found;
    return id === this.teams?.bot.id ? this.teams.bot : { id, name: 'alliance', real_name: 'Alliance' };
  }

  get firms() {
    return [...this.state.teams ?? [], ...this.teams?.firms ?? []];
  }

  /** The name of a firm. */
  firm(id) {
    return this.firms.find((firm) => firm.id === id)?.name ?? id;
  }

  /** 0 for the firm that installed the app, 1 for the next: its colour on the page. */
  firmNumber(id) {
    const names = [...new Set(this.firms.map((firm) => firm.name))];
    return Math.max(0, names.indexOf(this.firm(id))) % 2;
  }

  /** "Slack" or "Teams", where there are both; empty where there is Slack only. */
  platform(user) {
    if (!this.teams || !user) return '';
    return user.platform === 'teams' ? 'Teams' : 'Slack';
  }

  /** The app, as somebody has it. */
  botOf(userId) {
    return this.user(this.user(userId)?.platform === 'teams' ? this.teams.bot.id : this.state.bot);
  }

  get places() {
    return [...this.state.channels, ...this.teams?.rooms ?? []];
  }

  channel(id) {
    return this.places.find((channel) => channel.id === id);
  }

  /** The channels and group chats of one person, in the order the server gives them. */
  rooms(userId) {
    return this.places.filter((room) => room.kind !== 'dm' && room.members.includes(userId));
  }

  directMessage(userId) {
    return this.places.find((room) => room.kind === 'dm' && room.members.includes(userId));
  }

  /** The names of the firms besides this person's own whose people are in a channel. */
  partners(channel, userId) {
    const own = this.user(userId)?.team;
    const firms = channel.members
      .filter((id) => !this.isBot(id))
      .map((id) => this.user(id)?.team)
      .filter((firm) => firm && firm !== own);
    return [...new Set(firms)].map((firm) => this.firm(firm));
  }

  /** Asks for the state again and tells everybody who listens. */
  async refresh() {
    const state = await api.state();
    const teams = state?.with_teams ? await api.teamsState() : null;
    this.reachable = Boolean(state) && Boolean(teams || !state.with_teams);
    if (this.reachable) {
      this.state = state;
      this.teams = teams && fromTeams(teams);
    }
    this.dispatchEvent(new Event('change'));
  }

  /** Does a verb and tells everybody; answers what the server answered. */
  async act(verb, payload) {
    const answer = await api.act(verb, payload);
    await this.refresh();
    return answer;
  }

  /** Follows the playground for as long as the page is open. */
  watch() {
    this.hear(api.changes, this.state.revision);
    if (this.teams) this.hear(api.teamsChanges, this.teams.revision);
  }

  async hear(changes, revision) {
    let since = revision ?? 0;
    for (;;) {
      const news = await changes(since);
      if (news.revision !== since) await this.refresh();
      since = news.revision ?? since;
      await new Promise((done) => setTimeout(done, news.revision === undefined ? PAUSE : BREATH));
    }
  }
}
