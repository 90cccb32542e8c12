/** The steps of a tour as people of Teams do them: {verb, payload, spot?} for the control interface. */
import * as api from './api.js';
import { messageOfTeams } from './teamsworld.js';

/** What somebody has in a conversation, newest first. */
export async function newestFirst(conversation, person) {
  return (await api.teamsMessages(conversation, person)).map(messageOfTeams).reverse();
}

/** Words, or a command as from the menu behind the slash, which the app alone is told. */
export function saying(verb, person, conversation, text) {
  const said = verb === 'command' ? { text: text.replace(/^\//, ''), targeted: true } : { text };
  return { verb: 'teams/message', payload: { person, conversation, ...said } };
}

/** A press on the form before somebody, or else on the newest message that has the button. */
export async function pressing(person, conversation, label, isMeant) {
  const form = (await api.teamsDialogs(person) ?? []).at(-1);
  if (form?.buttons.includes(label)) {
    return { verb: 'teams/submit', payload: { person, button: label }, spot: { view_id: form.id } };
  }
  const all = await newestFirst(conversation, person);
  const message = all.find((one) => isMeant(one) && one.buttons.includes(label));
  if (!message) throw new Error(`there is no “${label}” to press`);
  const payload = { person, message_id: message.id, action: label };
  return { verb: 'teams/click', payload, spot: { message_ts: message.ts } };
}

/** The form before somebody, sent with what is filled in. */
export const sending = (person, values) => ({ verb: 'teams/submit', payload: { person, values } });
