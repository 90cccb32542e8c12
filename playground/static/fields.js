/**
 * What a person fills in. Every maker answers {node, get(), focus()}; get() is the simple value:
 * words, 'YYYY-MM-DD', 'HH:MM', an option's value or an id, and a list where several are chosen.
 * Given are {label, id, value, clearable, changed(value), options(query), ctx}; `value` is undefined before any
 * choice, and then the element's own initial value counts.
 */
import { h, uid } from './dom.js';
import { textObject } from './mrkdwn.js';
import { fixed, Picker } from './picker.js';

const words = (object) => object?.text ?? '';

export const asOption = (option) => ({
  value: option.value, label: words(option.text), note: words(option.description),
});

/** options or option_groups of an element or of an answer -> groups of a picker. */
export function asGroups({ options, option_groups: groups }) {
  if (!groups) return [{ options: (options ?? []).map(asOption) }];
  return groups.map((group) => ({ label: words(group.label), options: group.options.map(asOption) }));
}

function simple(type, initial) {
  return (el, { label, value, changed, id }) => {
    const node = h('input', {
      type, id, class: 'field', 'aria-label': id ? null : label, placeholder: words(el.placeholder),
      value: value ?? el[initial] ?? '', onchange: () => changed?.(node.value),
    });
    return { node, get: () => node.value || null, focus: () => node.focus() };
  };
}

function text(el, { label, value, changed, id }) {
  const node = h(el.multiline ? 'textarea' : 'input', {
    id, class: 'field', rows: el.multiline ? 4 : null, type: el.multiline ? null : 'text',
    maxlength: el.max_length, placeholder: words(el.placeholder), autocomplete: 'off',
    'aria-label': id ? null : label, value: value ?? el.initial_value ?? '',
  });
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !el.multiline && changed) changed(node.value);
  });
  return { node, get: () => node.value || null, focus: () => node.focus() };
}

function number(el, given) {
  const made = simple('number', 'initial_value')(el, given);
  made.node.step = el.is_decimal_allowed ? 'any' : '1';
  if (el.min_value !== undefined) made.node.min = el.min_value;
  if (el.max_value !== undefined) made.node.max = el.max_value;
  return made;
}

/** Checkboxes and radio buttons. */
function ticks(type, initial) {
  return (el, { label, value, changed, ctx }) => {
    const multi = type === 'checkbox';
    const first = multi ? el[initial]?.map((option) => option.value) : el[initial]?.value;
    const chosen = [value === undefined ? first : value].flat();
    const name = uid('choice');
    const box = (option) => h('input', {
      type, name, checked: chosen.includes(option.value), onchange: () => changed?.(get()),
    });
    const rows = el.options.map((option) => ({ option, input: box(option) }));
    const get = () => {
      const ticked = rows.filter((row) => row.input.checked).map((row) => row.option.value);
      return multi ? ticked : ticked[0] ?? null;
    };
    const node = h('div', { class: 'ticks', role: multi ? 'group' : 'radiogroup', 'aria-label': label },
      rows.map(({ option, input }) => h('label', {}, input, h('span', {},
        textObject(option.text, ctx),
        option.description && h('small', {}, textObject(option.description, ctx))))));
    return { node, get, focus: () => rows[0]?.input.focus() };
  };
}

/** A select; `where` answers {source, initial: the options chosen at first, find(value)}. */
function select(where, multi = false) {
  return (el, given) => {
    const { source, initial, find } = where(el, given);
    const chosen = given.value === undefined
      ? initial
      : [given.value].flat().filter((value) => value !== null).map(find);
    return new Picker({
      source, multi, chosen, label: given.label, changed: given.changed,
      max: el.max_selected_items ?? Infinity,
      clearable: given.clearable,
      placeholder: words(el.placeholder) || 'Choose…',
    });
  };
}

const unknown = (value) => ({ value, label: value });

function fromOptions(el) {
  const groups = asGroups(el);
  const all = groups.flatMap((group) => group.options);
  const initial = [el.initial_options ?? el.initial_option ?? []].flat().map(asOption);
  const find = (value) => all.find((option) => option.value === value) ?? unknown(value);
  return { source: fixed(groups), initial, find };
}

const offered = new Map();

/** Options of external selects are known by their value only once they were seen. */
export function remember(actionId, options) {
  options.forEach((option) => offered.set(`${actionId} ${option.value}`, option));
}

function fromServer(el, { options }) {
  const keep = (groups) => {
    groups.forEach((group) => remember(el.action_id, group.options));
    return groups;
  };
  const initial = [el.initial_options ?? el.initial_option ?? []].flat().map(asOption);
  remember(el.action_id, initial);
  const least = el.min_query_length ?? 3;
  const source = async (query) => {
    if (query.length >= least) return keep(asGroups(await options(query)));
    return Object.assign([], { note: `Type ${least === 1 ? 'a letter' : `${least} letters`} to search` });
  };
  return { source, initial, find: (value) => offered.get(`${el.action_id} ${value}`) ?? unknown(value) };
}

const person = (user) => ({ value: user.id, label: user.real_name || user.name, note: user.title });
const room = (channel) => ({ value: channel.id, label: `#${channel.name}` });

function fromList(all, initial) {
  const find = (value) => all.find((option) => option.value === value) ?? unknown(value);
  return { source: fixed([{ options: all }]), initial: initial.map(find), find };
}

const fromPeople = (el, { ctx }) => fromList(
  ctx.people().map(person), [el.initial_users ?? el.initial_user ?? []].flat(),
);

/** What an element's filter lets through of the channels; direct messages are not offered. */
const lets = ({ filter }) => (channel) => {
  const kinds = filter?.include ?? ['public', 'private'];
  return kinds.includes(channel.private ? 'private' : 'public')
    && !(channel.shared && filter?.exclude_external_shared_channels);
};

const fromChannels = (el, { ctx }) => fromList(
  ctx.rooms().filter(lets(el)).map(room),
  [el.initial_channels ?? el.initial_channel ?? el.initial_conversations
    ?? el.initial_conversation ?? []].flat(),
);

export const FIELDS = {
  plain_text_input: text,
  email_text_input: simple('email', 'initial_value'),
  url_text_input: simple('url', 'initial_value'),
  number_input: number,
  datepicker: simple('date', 'initial_date'),
  timepicker: simple('time', 'initial_time'),
  checkboxes: ticks('checkbox', 'initial_options'),
  radio_buttons: ticks('radio', 'initial_option'),
  static_select: select(fromOptions),
  multi_static_select: select(fromOptions, true),
  external_select: select(fromServer),
  multi_external_select: select(fromServer, true),
  users_select: select(fromPeople),
  multi_users_select: select(fromPeople, true),
  channels_select: select(fromChannels),
  multi_channels_select: select(fromChannels, true),
  conversations_select: select(fromChannels),
  multi_conversations_select: select(fromChannels, true),
};
