/** The inputs of an Adaptive Card, made of the same fields as the forms of the other chat. */
import { h, uid } from './dom.js';
import { FIELDS } from './fields.js';

const plain = (text) => text && { type: 'plain_text', text, emoji: false };
const option = ({ title, value }) => ({ text: plain(title), value });

function choices(input) {
  const options = (input.choices ?? []).map(option);
  const values = String(input.value ?? '').split(input.isMultiSelect ? ',' : '\0').filter(Boolean);
  const chosen = options.filter(({ value }) => values.includes(value));
  const many = Boolean(input.isMultiSelect);
  const initial = many ? { initial_options: chosen } : { initial_option: chosen[0] };
  if (input['choices.data']) return { type: many ? 'multi_external_select' : 'external_select', min_query_length: 0, ...initial };
  if (input.style === 'expanded') return { type: many ? 'checkboxes' : 'radio_buttons', options, ...initial };
  return { type: many ? 'multi_static_select' : 'static_select', options, ...initial };
}

function toggle(input) {
  const on = { text: plain(input.title), value: input.valueOn ?? 'true' };
  return { type: 'checkboxes', options: [on], initial_options: input.value === on.value ? [on] : [] };
}

/** An input as the element of a form that it is shown as. */
const SHOWN_AS = {
  'Input.Text': (input) => ({
    type: 'plain_text_input', multiline: input.isMultiline, max_length: input.maxLength, initial_value: input.value,
  }),
  'Input.Number': (input) => ({ type: 'number_input', is_decimal_allowed: true, initial_value: input.value }),
  'Input.Date': (input) => ({ type: 'datepicker', initial_date: input.value }),
  'Input.Time': (input) => ({ type: 'timepicker', initial_time: input.value }),
  'Input.ChoiceSet': choices,
  'Input.Toggle': toggle,
};

/** What a field holds, as the server takes it. */
function valueOf(input, field) {
  const value = field.get();
  if (input.type !== 'Input.Toggle') return value ?? '';
  return value.length ? value[0] : input.valueOff ?? 'false';
}

/** Label, field and a place for what is wrong with it. */
export function cardInput(input, ctx) {
  const el = { action_id: input.id, placeholder: plain(input.placeholder), ...SHOWN_AS[input.type](input) };
  const ids = { id: uid('field'), error: uid('error') };
  const native = /text_input|number_input|picker/.test(el.type);
  const field = FIELDS[el.type](el, {
    ctx,
    id: native ? ids.id : null,
    label: input.label ?? input.title ?? 'Choice',
    clearable: !input.isRequired,
    options: async (words) => ({ options: (await ctx.search(input, words)).map(option) }),
  });
  const label = [input.label, input.isRequired && h('span', { class: 'must', title: 'required' }, ' *')];
  const error = h('p', { class: 'error', id: ids.error, hidden: true });
  const control = field.node.matches('input, textarea') ? field.node : field.node.querySelector('input');
  control?.setAttribute('aria-describedby', ids.error);
  if (input.isRequired && native) control?.setAttribute('aria-required', 'true');
  ctx.register({ id: input.id, field, error, control, get: () => valueOf(input, field) });
  return h('div', { class: 'input-block', data: { block: input.id } },
    input.label && (native
      ? h('label', { for: ids.id, class: 'field-label' }, label)
      : h('p', { class: 'field-label' }, label)),
    field.node, error);
}
