/** The words of what is shown, for comparing: spaces do not count. Pure. */

export const squeezed = (text) => String(text).replace(/\s+/gu, '');

/** Every text in a message, a form or Home as the server gives it. */
export function wordsOf(part) {
  if (Array.isArray(part)) return part.map(wordsOf).join(' ');
  if (!part || typeof part !== 'object') return '';
  return Object.entries(part).map(([name, value]) => {
    if (typeof value !== 'string') return wordsOf(value);
    return ['text', 'label', 'placeholder', 'initial_value', 'value', 'alt_text'].includes(name) ? value : '';
  }).join(' ');
}
