/** Values as people read them. Times are in UTC, as everywhere in Starfire. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A whole number with its thousands apart, digit for digit. */
export function count(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return typeof value === 'number' && !Number.isInteger(value) ? decimal(value) : grouped(String(value));
}

/** A number as it is, with its thousands apart. */
export function decimal(value) {
  const [whole, fraction] = String(value).split('.');
  return /e|[^-0-9]/.test(whole + (fraction ?? '')) ? String(value) : grouped(whole) + (fraction ? `.${fraction}` : '');
}

function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A number in few characters: 12.3 k. */
export function short(value) {
  const number = Number(value);
  const size = Math.abs(number);
  if (size >= 1e15) {
    return number.toExponential(2);
  }
  for (const [unit, name] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (size >= unit) {
      return `${trimmed(number / unit)} ${name}`;
    }
  }
  return trimmed(number);
}

function trimmed(number) {
  const size = Math.abs(number);
  const digits = size >= 100 || Number.isInteger(number) ? 0 : size >= 10 ? 1 : size >= 0.01 ? 2 : 4;
  return String(Number(number.toFixed(digits)));
}

export function bytes(value) {
  let size = Number(value);
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${trimmed(size)} ${UNITS[unit]}`;
}

/** A length of time, by its largest unit or two. */
export function duration(millis) {
  const size = Math.abs(millis);
  if (size < 1000) {
    return `${Math.round(millis)} ms`;
  }
  if (size < MINUTE) {
    return `${trimmed(Math.round(millis / 100) / 10)} s`;
  }
  if (size < HOUR) {
    return `${Math.floor(millis / MINUTE)} min ${Math.floor((millis % MINUTE) / 1000)} s`;
  }
  if (size < DAY) {
    return `${Math.floor(millis / HOUR)} h ${Math.floor((millis % HOUR) / MINUTE)} min`;
  }
  return `${Math.floor(millis / DAY)} d ${Math.floor((millis % DAY) / HOUR)} h`;
}

/** 2026-11-20 10:15, with seconds and milliseconds only where they are not zero. */
export function time(millis) {
  if (millis === null || millis === undefined) {
    return '–';
  }
  return new Date(millis).toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.000$/, '')
    .replace(/:00$/, '');
}

/** A time of the clock, to the second. */
export function clock(millis) {
  return time(Math.floor(millis / 1000) * 1000);
}

/** An interval as the server writes it, as two numbers. */
export function millisOf(interval) {
  return interval.split('/').map(end => Date.parse(end));
}

/** An interval, with what both ends share said once. */
export function interval(text) {
  const [from, to] = millisOf(text).map(time);
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)}` : `${from} – ${to}`;
}

/** How long ago something was. */
export function ago(millis, now) {
  const passed = now - millis;
  return passed < 1000 ? 'now' : `${duration(passed)} ago`;
}

export function percent(part, whole) {
  const of = Number(whole);
  return of === 0 ? '–' : `${trimmed((100 * Number(part)) / of)} %`;
}

/** A noun for a number: 1 segment, 2 segments. */
export function counted(number, noun) {
  return `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}`;
}

/** The words of a name such as ROLLED_BACK. */
export function words(name) {
  return name.toLowerCase().replaceAll('_', ' ');
}
