/** One message in Teams, wherever it stands: who wrote it, its words and cards, what one can do. */
import { card } from './card.js';
import { button, h, whileBusy } from './dom.js';
import { openMenu } from './menu.js';
import { timeOf } from './messages.js';
import { avatar, fullName } from './people.js';
import { teamsText } from './teamstext.js';
import { hourMinute, tsDate } from './time.js';

const REACTIONS = { like: '👍', heart: '❤️', laugh: '😆', surprised: '😮', sad: '😢', angry: '😠' };

/** What was reacted with; types are open words, and what is not known here stands as its word. */
const face = (type) => REACTIONS[type] ?? type;

/** A row for `reconcile`. `reply` begins an answer in its thread, where there are threads. */
export function messageRow(screen, message, { reply = null } = {}) {
  const { user, tz } = screen;
  return {
    key: message.id,
    sign: JSON.stringify([message, user, tz, Boolean(reply)]),
    make: () => new TeamsMessage(screen, message, reply).make(),
  };
}

class TeamsMessage {
  constructor(screen, message, reply) {
    Object.assign(this, { screen, message, reply });
    this.fields = [];
  }

  get author() {
    return this.screen.world.user(this.message.user);
  }

  get name() {
    return fullName(this.author, this.message.user);
  }

  make() {
    const { message, screen } = this;
    const bot = screen.world.isBot(message.user);
    const mine = message.user === screen.user;
    return h('li', {
      class: `msg ${mine ? 'mine' : ''} ${message.targeted ? 'targeted' : ''}`,
      data: { ts: message.ts },
    },
    avatar(this.author, message.user, bot),
    h('div', { class: 'body' },
      this.head(bot),
      message.words && h('div', { class: 'words' }, teamsText(message.words, message.entities, screen.words())),
      message.cards.map((content) => h('div', { class: 'card' }, card(content, this.context()))),
      message.files.length > 0 && h('ul', { class: 'files', 'aria-label': 'Files' }, message.files.map((one) => this.file(one))),
      message.note && h('p', { class: 'card-note', role: 'status' }, message.note),
      this.reactions()),
    this.more());
  }

  /** A file that is offered, to be allowed or declined; one that is there, to be opened. */
  file({ id, name, offered, description, size }) {
    if (!offered) {
      const href = `/_control/teams/files/${encodeURIComponent(id)}`;
      return h('li', {}, h('a', { href, download: name, class: 'file' }, name), h('small', {}, ' in your OneDrive'));
    }
    return h('li', { class: 'card', role: 'group', 'aria-label': name },
      h('b', {}, name), h('small', {}, ` ${Math.max(1, Math.round(size / 1024))} KB`),
      h('p', { class: 'words' }, description),
      h('div', { class: 'actions' }, this.consent('Allow', 'accept_file', 'primary'), this.consent('Decline', 'decline_file')));
  }

  consent(label, verb, look = '') {
    const { message, screen } = this;
    const press = ({ currentTarget }) => whileBusy(currentTarget, () => screen.act(verb, { message_id: message.id }));
    return button(label, { class: `act ${look}`, onclick: press, data: { spot: label } });
  }

  head(bot) {
    const { message, screen } = this;
    const { world } = screen;
    const team = this.author?.team;
    const foreign = team && team !== world.user(screen.user)?.team;
    return h('div', { class: 'head' },
      h('b', {}, this.name),
      bot && h('span', { class: 'badge' }, 'App'),
      foreign && h('span', { class: 'badge firm', data: { firm: world.firmNumber(team) } }, world.firm(team)),
      this.author?.guest && h('span', { class: 'badge' }, 'Guest'),
      timeOf(message, screen.tz),
      message.edited && h('small', { class: 'edited' }, 'Edited'),
      message.importance === 'urgent' && h('span', { class: 'badge' }, 'Urgent'),
      message.targeted && h('small', { class: 'only' }, 'Only you can see this message'));
  }

  context() {
    const { message, screen } = this;
    const inputs = () => Object.fromEntries(this.fields.map(({ id, get }) => [id, get()]));
    return screen.words({
      press: (action) => screen.act('click', { message_id: message.id, action, inputs: inputs() }),
      search: (input, words) => screen.search({
        message_id: message.id, field: input.id, words, typed: inputs(),
      }),
      register: (made) => this.fields.push(made),
    });
  }

  reactions() {
    const { message, screen } = this;
    if (!message.reactions.length) return null;
    const chip = ({ type, people }) => {
      const mine = people.includes(screen.user);
      const who = people.map((id) => fullName(screen.world.user(id), id)).join(', ');
      return button([face(type), h('span', {}, String(people.length))], {
        class: 'reaction', 'aria-pressed': String(mine), title: `${who}: ${type}`,
        'aria-label': `${type} ${people.length}, ${who}`, data: { spot: `reaction ${type}` },
        onclick: () => this.react(type, !mine),
      });
    };
    return h('div', { class: 'reactions' }, message.reactions.map(chip));
  }

  react(type, added) {
    return this.screen.act('reaction', { message_id: this.message.id, type, added });
  }

  more() {
    const { message, screen } = this;
    if (message.targeted) return null;
    const when = hourMinute(tsDate(message.ts), screen.tz);
    return button('⋯', {
      class: 'more', 'aria-haspopup': 'menu', data: { spot: 'more' },
      'aria-label': `More for the message of ${this.name}, ${when}`,
      onclick: ({ currentTarget }) => openMenu(currentTarget, 'Message', this.choices()),
    });
  }

  choices() {
    const { message, screen, reply } = this;
    const react = (type) => ({
      label: `React: ${type}`, node: face(type), title: type, run: () => this.react(type, !this.reacted(type)),
    });
    const action = ({ id, title }) => ({
      label: title, run: () => screen.act('message_action', { command_id: id, message_id: message.id }),
    });
    return [
      { label: 'Reactions', grid: true, items: Object.keys(REACTIONS).map(react) },
      { items: reply ? [{ label: 'Reply', run: reply }] : [] },
      { label: 'More actions', items: screen.world.teams.actions.map(action) },
    ];
  }

  reacted(type) {
    const found = this.message.reactions.find((one) => one.type === type);
    return found?.people.includes(this.screen.user) ?? false;
  }
}
