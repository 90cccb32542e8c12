/** The address remembers who is looked at and where: #left=U0PRIYA,C0SHARED&right=…&on=right */

export const SIDES = ['left', 'right'];

function seat(written) {
  const [user, channel, thread] = (written ?? '').split(',').map((part) => part || null);
  return { user: user ?? null, channel: channel ?? null, thread: thread ?? null };
}

/** {left, right, on}: each {user, channel, thread}, null for what is not said. */
export function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  return {
    left: seat(given.get('left')),
    right: seat(given.get('right')),
    on: SIDES.includes(given.get('on')) ? given.get('on') : 'left',
  };
}

function written({ left, right, on }) {
  const seats = SIDES.map((side) => {
    const { user, channel, thread } = { left, right }[side];
    return `${side}=${[user, channel, thread].filter(Boolean).map(encodeURIComponent).join(',')}`;
  });
  return `#${seats.join('&')}${on === 'right' ? '&on=right' : ''}`;
}

/** Each step can be taken back by the browser's button, unless it `replaces` the present one. */
export function toAddress(places, { replaces = false } = {}) {
  const address = written(places);
  if (location.hash === address) return;
  if (replaces) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
}
