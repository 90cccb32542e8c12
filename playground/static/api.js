/** The control interface of the playground: /_control, JSON, same origin. */

const BASE = '/_control/';

const WORDS = {
  unreachable: 'The playground does not answer. Is it still running?',
  dispatch_failed: 'Alliance did not answer. Nothing was confirmed; please try again.',
  operation_timeout: 'Alliance did not answer within three seconds. Please try again.',
  app_not_responding: 'Alliance did not answer. Please try again.',
  trigger_expired: 'That took too long to open. Please try again.',
  not_in_channel: 'You are not in this channel.',
  channel_not_found: 'This channel does not exist any more.',
  message_not_found: 'This message does not exist any more.',
  element_not_found: 'This button is not there any more.',
  view_not_found: 'This form is closed already.',
  view_not_on_top: 'Another form was opened on top of this one.',
  user_not_found: 'There is nobody of that name here.',
  invalid_input: 'Please look at the fields marked below.',
  option_not_found: 'This choice is not offered any more.',
  unknown_command: 'There is no such command. Try /alliance help.',
  unknown_shortcut: 'There is no such shortcut.',
  not_available_to_external_people:
    'Slash commands and shortcuts reach only people of the workspace that installed the app. '
    + 'Use the buttons in the channel, mention Alliance, or write to it directly.',
  command_not_supported_in_threads: 'Slash commands do not work in threads.',
  messages_turned_off: 'Sending messages to this app has been turned off.',
  msg_too_long: 'This message is too long.',
  no_text: 'There is nothing to send.',
  already_in_channel: 'This person is in the channel already.',
  user_not_in_a_workspace_of_this_channel: 'This channel is not shared with that person’s firm.',
  user_not_in_channel: 'This person is not in the channel.',
  person_not_found: 'There is nobody of that name here.',
  conversation_not_found: 'This conversation does not exist any more.',
  not_in_conversation: 'You are not in this conversation.',
  app_not_installed: 'Alliance is not here yet. Somebody of this team has to add it first.',
  button_not_found: 'This button is not there any more.',
  no_form_open: 'This form is closed already.',
  no_dialog_open: 'This form is closed already.',
  card_action_refused: 'Alliance could not do that. Please try again.',
  unable_to_reach_app: 'Unable to reach the app. Please try again.',
  something_went_wrong: 'Something went wrong. Please try again.',
  invalid_answer: 'Something went wrong. Please try again.',
  no_file_is_offered: 'This file was answered already.',
  thread_not_found: 'This post does not exist any more.',
};

/** An error of a verb, in plain words. */
export function inWords(error) {
  const text = String(error || 'Something went wrong.');
  if (WORDS[text]) return WORDS[text];
  return /^[a-z0-9_.]+$/.test(text) ? `That did not work (${text.replaceAll('_', ' ')}).` : text;
}

async function request(path, init) {
  try {
    const response = await fetch(BASE + path, { cache: 'no-store', ...init });
    const body = await response.json().catch(() => null);
    return { status: response.status, body };
  } catch {
    return { status: 0, body: null };
  }
}

/** Reads; null when the answer is not usable. */
export async function read(path) {
  const { status, body } = await request(path);
  return status === 200 ? body : null;
}

/** Does a verb; always answers {ok, error?, ...}. */
export async function act(verb, payload = {}) {
  const { status, body } = await request(verb, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  });
  if (body && typeof body.ok === 'boolean') return body;
  if (status === 0) return { ok: false, error: 'unreachable' };
  return { ok: status === 200, error: status === 200 ? undefined : `error ${status}`, ...body };
}

const listed = (answer, name) => (Array.isArray(answer) ? answer : answer?.[name] ?? null);

export const state = () => read('state');

export async function messages(channel, user) {
  const path = `messages/${encodeURIComponent(channel)}?as=${encodeURIComponent(user)}`;
  return listed(await read(path), 'messages') ?? [];
}

/** The open forms of a person, the top one last; null when the server did not answer. */
export async function views(user) {
  return listed(await read(`views/${encodeURIComponent(user)}`), 'views');
}

export async function home(user) {
  const answer = await read(`home/${encodeURIComponent(user)}`);
  return answer && 'view' in answer ? answer.view : answer;
}

/** What will happen by itself when the clock moves on; null when the server did not answer. */
export const coming = async () => listed(await read('coming?limit=40'), 'coming');

/** The guided tour, if there is one. */
export const tour = async () => (await read('tour'))?.tour ?? null;

async function changesOf(path, since) {
  const { status, body } = await request(`${path}?since=${since}&wait=20`);
  return status === 200 ? body : { status };
}

/** Waits for the next change: {revision}, or {status} where it could not wait. */
export const changes = (since) => changesOf('changes', since);

/* The same of the local Teams, where there is one. */

export const teamsState = () => read('teams/state');

export const teamsChanges = (since) => changesOf('teams/changes', since);

export async function teamsMessages(conversation, person) {
  const path = `teams/messages/${encodeURIComponent(conversation)}?as=${encodeURIComponent(person)}`;
  return listed(await read(path), 'messages') ?? [];
}

/** What is open before somebody, the top one last; null when the server did not answer. */
export async function teamsDialogs(person) {
  return listed(await read(`teams/dialogs/${encodeURIComponent(person)}`), 'dialogs');
}
