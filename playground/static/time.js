/** Moments as people write them, in a person's zone. */

const formats = new Map();

function parts(date, tz, options) {
  const key = `${tz} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: zone(tz), ...options }));
  }
  const found = formats.get(key).formatToParts(date);
  return Object.fromEntries(found.map((part) => [part.type, part.value]));
}

function zone(tz) {
  try {
    Intl.DateTimeFormat('en-GB', { timeZone: tz || 'UTC' });
    return tz || 'UTC';
  } catch {
    return 'UTC';
  }
}

export const tsDate = (ts) => new Date(Number.parseFloat(ts) * 1000);

export function hourMinute(date, tz) {
  const p = parts(date, tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return `${p.hour}:${p.minute}`;
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };

/** "Fri 27 Nov" */
export function dayShort(date, tz) {
  const p = parts(date, tz, DAY);
  return `${p.weekday} ${p.day} ${p.month}`;
}

/** "Fri" */
export const weekday = (date, tz) => parts(date, tz, DAY).weekday;

/** "Fri 27 Nov 2026" */
export function dayFull(date, tz) {
  return `${dayShort(date, tz)} ${parts(date, tz, DAY).year}`;
}

function dayNumber(date, tz) {
  const p = parts(date, tz, { day: 'numeric', month: 'numeric', year: 'numeric' });
  return Math.round(Date.UTC(p.year, p.month - 1, p.day) / 86400000);
}

/** "Today", "Yesterday", "Tomorrow", or null when further away. */
function near(date, now, tz) {
  const distance = dayNumber(date, tz) - dayNumber(now, tz);
  return { '-1': 'Yesterday', 0: 'Today', 1: 'Tomorrow' }[distance] ?? null;
}

export function dayLabel(date, now, tz) {
  const sameYear = parts(date, tz, DAY).year === parts(now, tz, DAY).year;
  const written = sameYear ? dayShort(date, tz) : dayFull(date, tz);
  const word = near(date, now, tz);
  return word ? `${word}, ${written}` : written;
}

/** "today at 09:31", "Fri 27 Nov at 09:31" */
export function dayAndTime(date, now, tz) {
  const day = near(date, now, tz)?.toLowerCase() ?? dayLabel(date, now, tz);
  return `${day} at ${hourMinute(date, tz)}`;
}

/** "Berlin" for "Europe/Berlin" */
export function place(tz) {
  return (tz || 'UTC').split('/').pop().replaceAll('_', ' ');
}

function ago(date, now) {
  const minutes = Math.round((date - now) / 60000);
  const words = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 1440), 'day');
}

function tokens(date, { tz, now }) {
  const long = parts(date, tz, { ...DAY, month: 'long', weekday: 'long' });
  const short = parts(date, tz, DAY);
  const numbers = parts(date, tz, { day: '2-digit', month: '2-digit', year: 'numeric' });
  const second = parts(date, tz, { timeStyle: 'medium' }).second;
  const words = {
    date_num: `${numbers.year}-${numbers.month}-${numbers.day}`,
    date: `${long.day} ${long.month} ${long.year}`,
    date_short: `${short.day} ${short.month} ${short.year}`,
    date_long: `${long.weekday} ${long.day} ${long.month} ${long.year}`,
    day_divider: `${long.weekday} ${long.day} ${long.month}`,
    time: hourMinute(date, tz),
    time_secs: `${hourMinute(date, tz)}:${second}`,
    ago: ago(date, now),
  };
  const pretty = near(date, now, tz);
  for (const name of ['date', 'date_short', 'date_long', 'day_divider']) {
    words[`${name}_pretty`] = pretty ?? words[name];
  }
  return words;
}

/** Slack's date format, e.g. "{date_short} at {time}"; null when there is no such moment. */
export function slackDate(timestamp, format, context) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const words = tokens(date, context);
  return format.replace(/\{(\w+)\}/g, (all, name, at) => {
    const word = words[name] ?? all;
    return at > 0 && /_pretty$/.test(name) ? word.replace(/^(Yes|To)/, (w) => w.toLowerCase()) : word;
  });
}
