/** Dark or light: as the system has it until somebody chooses here, which is remembered. */
import { button } from './dom.js';

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);

export function themeSwitch() {
  const node = button('', { class: 'quiet', onclick: () => choose(isDark() ? 'light' : 'dark') });
  const draw = () => {
    node.textContent = isDark() ? 'Light' : 'Dark';
    node.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  };
  const choose = (theme) => {
    root.dataset.theme = theme;
    localStorage.setItem('theme', theme);
    draw();
  };
  system.addEventListener('change', draw);
  draw();
  return node;
}
