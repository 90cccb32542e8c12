/** The screen of somebody who uses Microsoft Teams. */
import * as api from './api.js';
import { Composer } from './composer.js';
import { fill } from './dom.js';
import { Frame } from './frame.js';
import { fullName } from './people.js';
import { suggestions } from './suggest.js';
import { TaskDialog } from './taskdialog.js';
import { APP, teamsHeading, TeamsPlaces } from './teamsplaces.js';
import { Posts } from './teamsposts.js';
import { messageOfTeams } from './teamsworld.js';

export class TeamsScreen extends Frame {
  build() {
    this.rooms = new TeamsPlaces(this);
    this.modal = new TaskDialog(this);
    this.posts = new Posts(this);
    this.composer = new Composer(this, {
      label: 'Message',
      more: { label: 'Commands', groups: () => this.commandMenu() },
      send: (text) => this.send(text),
    });
    this.compose({ platform: 'teams', inside: this.posts.node });
  }

  get room() {
    return this.world.channel(this.place);
  }

  get label() {
    return `${this.whose} in ${this.room?.name || fullName(this.bot)}`;
  }

  /** Only places that exist for this person; at first a channel that somebody made. */
  settle() {
    const { world, user } = this;
    const direct = world.directMessage(user);
    if (this.place === APP && direct) this.place = direct.id;
    const rooms = [...world.rooms(user), direct].filter(Boolean);
    this.threadTs = null;
    if (this.place === APP || rooms.some(({ id }) => id === this.place)) return;
    const made = rooms.find(({ kind, id, team }) => kind === 'channel' && id !== team.id);
    this.place = (rooms.find(({ shared }) => shared) ?? made ?? rooms[0])?.id ?? APP;
  }

  /** To the app's chat: whoever opens it first adds the app. */
  async go(seat) {
    await super.go(seat);
    if (this.place === APP) await this.act('open_personal', {});
  }

  async load() {
    this.settle();
    const { user, place, world } = this;
    const rooms = [...world.rooms(user), world.directMessage(user)].filter(Boolean);
    const [dialogs, ...lists] = await Promise.all([
      api.teamsDialogs(user), ...rooms.map(({ id }) => this.read(id, user)),
    ]);
    if (!dialogs) return;
    this.settle();
    if (user !== this.user || place !== this.place) {
      this.again = true;
      return;
    }
    rooms.forEach(({ id }, index) => this.unread.note(user, id, lists[index]));
    this.given = [...lists.flat(), ...dialogs];
    this.draw(lists[rooms.findIndex(({ id }) => id === place)] ?? []);
    this.modal.show(dialogs);
  }

  async read(conversation, user) {
    return (await api.teamsMessages(conversation, user)).map(messageOfTeams);
  }

  draw(all) {
    const ends = this.fresh || this.atEnd();
    this.nameParts();
    fill(this.title, teamsHeading(this));
    this.announce(all);
    this.posts.draw(this.room ?? { kind: 'dm', id: APP }, all);
    this.follow(all, ends);
    this.unread.read(this.user, this.place);
    this.drawFrame();
    this.fresh = false;
  }

  /** Does a verb as this person; what went wrong is said where they look. */
  async act(verb, payload) {
    return this.told(await this.world.act(`teams/${verb}`, { person: this.user, ...payload }));
  }

  /** Adds the app to where one is. */
  async install() {
    return this.told(await this.world.act('teams/install', { where: this.room.installs, by: this.user }));
  }

  async told(answer) {
    await this.refresh();
    if (answer.ok) this.say('');
    else this.fail(answer);
    return answer;
  }

  say(words) {
    super.say(words);
    this.posts.say(words);
  }

  async search(query) {
    return (await api.act('teams/search', { person: this.user, ...query })).results ?? [];
  }

  /** A command of the menu behind the slash is for the app alone to see. */
  async send(text, thread = undefined) {
    const known = this.commands('slash').some(({ title }) => text.split(/\s/u)[0] === `/${title}`);
    const said = known ? { text: text.slice(1), targeted: true } : { text };
    this.fresh = true;
    const answer = await this.act('message', { conversation: this.place, thread, ...said });
    return answer.ok;
  }

  /** What the app suggests to type here, after `/` or after `@`. */
  commands(trigger) {
    const scope = { dm: 'personal', channel: 'team', group: 'groupChat' }[this.room?.kind ?? 'dm'];
    const lists = this.world.teams.commands
      .filter(({ scopes, triggers }) => scopes.includes(scope) && triggers.includes(trigger));
    return lists.flatMap(({ commands }) => commands);
  }

  suggest(text, caret) {
    const { world } = this;
    const here = (this.room?.members ?? []).map((id) => world.user(id)).filter(Boolean);
    const people = [this.bot, ...here].map((one) => ({ name: fullName(one), note: one.title ?? 'app' }));
    const commands = this.commands('slash').map(({ title, description }) => ({ command: `/${title}`, description }));
    return suggestions(text, caret, { commands, people });
  }

  commandMenu() {
    const alone = this.room?.kind === 'dm';
    const lead = alone ? '' : `@${fullName(this.bot)} `;
    const slash = this.commands('slash');
    const item = (before) => ({ title, description }) => ({
      label: `${before}${title}`, note: description, run: () => this.composer.begin(`${before}${title} `),
    });
    return [
      { label: 'Seen by you and the app alone', items: slash.map(item('/')) },
      { label: alone ? 'Prompts' : 'Read by everybody here', items: this.commands('mention').map(item(lead)) },
    ];
  }

  /** What texts and cards need to know of this screen, and the doors given for what is used there. */
  words(doors = {}) {
    const { world } = this;
    return {
      me: this.user,
      user: (id) => world.user(id),
      room: (id) => world.channel(id),
      go: async (conversation, id) => {
        await this.go({ channel: conversation });
        this.toMessage((Number(id) / 1000).toFixed(3));
      },
      ...doors,
    };
  }
}
