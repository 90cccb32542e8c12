/** Who has read what. Whatever was there when the page was opened counts as read. */
import { tsDate } from './time.js';

export class Unread extends EventTarget {
  constructor(since) {
    super();
    this.since = since;
    this.seen = new Map();
    this.latest = new Map();
  }

  /** The clock went back: everything begins anew. */
  restart(now) {
    this.since = now;
    this.seen.clear();
    this.latest.clear();
  }

  /** Takes note of what a person sees in a channel; their own words are no news to them. */
  note(user, channel, messages) {
    const fresh = messages
      .filter((message) => message.user !== user && tsDate(message.ts) > this.since)
      .map((message) => message.ts)
      .sort();
    this.latest.set(`${user} ${channel}`, fresh.at(-1) ?? '');
  }

  /** Takes note of the newest message from somebody else that waits in a channel. */
  noteLast(user, channel, ts) {
    this.latest.set(`${user} ${channel}`, ts && tsDate(ts) > this.since ? ts : '');
  }

  read(user, channel) {
    this.seen.set(`${user} ${channel}`, this.latest.get(`${user} ${channel}`) ?? '');
  }

  isNew(user, channel) {
    const key = `${user} ${channel}`;
    return (this.latest.get(key) ?? '') > (this.seen.get(key) ?? '');
  }

  /** Whether anything waits for this person anywhere that was looked at. */
  anyFor(user) {
    return [...this.latest.keys()]
      .filter((key) => key.startsWith(`${user} `))
      .some((key) => this.isNew(user, key.split(' ')[1]));
  }
}
