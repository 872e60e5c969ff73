/** The queries that were run in this browser, the last one first. */
const KEY = 'starfire.queries';
const KEPT = 50;
const LONGEST = 20_000;

export function queries() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(each => typeof each?.text === 'string') : [];
  } catch {
    return [];
  }
}

export function remember(text, millis) {
  if (text.length <= LONGEST) {
    const others = queries().filter(each => each.text !== text);
    localStorage.setItem(KEY, JSON.stringify([{text, millis}, ...others].slice(0, KEPT)));
  }
}

export function forgetAll() {
  localStorage.removeItem(KEY);
}
