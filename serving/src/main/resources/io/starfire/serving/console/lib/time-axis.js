/** Where the marks of a time axis stand, and what they say; all in UTC. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1, 10, 100, SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR,
  6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
];

/** At most `most` marks: {millis, text, strong}. A strong one begins a day, or a year. */
export function marks(from, to, most) {
  const step = STEPS.find(each => (to - from) / each <= most);
  return step ? even(from, to, step) : months(from, to, most);
}

function even(from, to, step) {
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const iso = new Date(at).toISOString();
    const day = at % DAY === 0;
    const text = step >= DAY || day ? iso.slice(5, 10) : step >= MINUTE ? iso.slice(11, 16) : step >= SECOND ? iso.slice(11, 19) : iso.slice(17, 23);
    found.push({millis: at, text, strong: day && step < DAY});
  }
  return found;
}

function months(from, to, most) {
  const first = new Date(from);
  const last = new Date(to);
  const all = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 12000].find(each => all / each <= most) ?? 120000;
  const found = [];
  const begin = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step;
  for (let month = begin; ; month += step) {
    const millis = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (millis > to || Number.isNaN(millis)) {
      return found;
    }
    if (millis >= from) {
      found.push({millis, text: new Date(millis).toISOString().replace(/^([+-]\d{6}|\d{4})-(\d\d).*/, step % 12 ? '$1-$2' : '$1'), strong: month % 12 === 0});
    }
  }
}
