/** Light, dark, or as the system has it. Kept in the browser. */
const NAMES = ['system', 'light', 'dark'];
const KEY = 'starfire.theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export const Theme = {
  chosen() {
    const kept = localStorage.getItem(KEY);
    return NAMES.includes(kept) ? kept : 'system';
  },

  next(name) {
    return NAMES[(NAMES.indexOf(name) + 1) % NAMES.length];
  },

  choose(name) {
    localStorage.setItem(KEY, name);
    show(name);
  },
};

systemIsDark.addEventListener('change', () => show(Theme.chosen()));

function show(name) {
  document.documentElement.dataset.theme = name === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : name;
}
