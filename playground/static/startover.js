/** Starting over: everything is forgotten, and the story so far is told anew. */
import { inWords } from './api.js';
import { button, fill, h } from './dom.js';
import { confirmed } from './menu.js';
import { dayShort } from './time.js';

const QUESTION = {
  title: { text: 'Start over?' },
  text: { text: 'Everything that was done here is forgotten, and the story begins anew. It takes some seconds.' },
  confirm: { text: 'Start over' },
  deny: { text: 'Keep it' },
};

/** {door, run}: the button, and the same without the question; `listeners` hear that it began. */
export function startOver(world) {
  const listeners = [];
  const words = h('p', {}, '');
  const veil = h('dialog', { class: 'telling', 'aria-label': 'Starting over' },
    h('h2', {}, 'Telling the story so far…'), words, h('progress', { 'aria-label': 'Starting over' }));
  veil.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(veil);

  const follow = () => fill(words, `It is ${dayShort(world.now, 'UTC')} in the story.`);

  async function run() {
    listeners.forEach((listener) => listener());
    follow();
    veil.showModal();
    world.addEventListener('change', follow);
    const answer = await world.act('reset');
    world.removeEventListener('change', follow);
    veil.close();
    if (!answer.ok) fail(answer);
    return answer;
  }

  function fail({ error }) {
    const banner = document.getElementById('banner');
    fill(banner, `Starting over did not work. ${inWords(error)}`);
    banner.removeAttribute('hidden');
  }

  const door = button('Start over', {
    onclick: async () => {
      if (await confirmed(QUESTION, door, (object) => object.text)) await run();
    },
  });
  return { door, run, onStart: (listener) => listeners.push(listener) };
}
