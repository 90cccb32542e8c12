/** What could be typed next: commands after "/", people after "@". Pure. */

const SHOWN = 8;

/** "action @owner text by Fri | mine" -> one entry a form of the command. */
function forms({ command, usage_hint: hint, description }) {
  const ways = String(hint ?? '').split('|').map((way) => way.trim()).filter(Boolean);
  if (!ways.length) return [{ label: command, insert: `${command} `, note: description }];
  return ways.map((way) => {
    const [word, ...rest] = way.split(' ');
    const literal = /^[\w-]+$/.test(word) ? ` ${word}` : '';
    return { label: `${command} ${way}`, insert: `${command}${literal}${rest.length ? ' ' : ''}` };
  });
}

/** The form that is being typed stays in sight; one that is complete needs no suggestion. */
function fits(form, typed) {
  const known = form.insert.trimEnd();
  return known.startsWith(typed) && known !== typed;
}

function forCommand(typed, commands) {
  return commands.flatMap(forms)
    .filter((form) => fits(form, typed.trimEnd()) || form.label.split(' ')[0] === typed.trimEnd())
    .map((form) => ({ ...form, start: 0 }));
}

function forPerson(start, typed, people) {
  const wanted = typed.toLowerCase();
  if (people.some((person) => person.name.toLowerCase() === wanted)) return [];
  return people
    .filter(({ name, real_name: real }) => `${name} ${real ?? ''}`.toLowerCase()
      .split(/[\s.]+/).some((word) => word.startsWith(wanted)) || name.toLowerCase().startsWith(wanted))
    .map((person) => ({
      label: `@${person.name}`, note: person.note ?? person.real_name, insert: `@${person.name} `, start,
    }));
}

/**
 * [{label, note?, insert, start}]: `insert` replaces what stands between `start` and the caret.
 * `eager` tells that Enter takes the first one.
 */
export function suggestions(text, caret, { commands, people }) {
  const before = text.slice(0, caret);
  const mention = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (mention) {
    const found = forPerson(caret - mention[1].length - 1, mention[1], people);
    return { eager: true, items: found.slice(0, SHOWN) };
  }
  const command = before.startsWith('/') && !before.includes('\n');
  return { eager: false, items: command ? forCommand(before, commands).slice(0, SHOWN) : [] };
}
