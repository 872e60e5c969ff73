/** A line without axes, for a number that is watched. */
import {h, tags} from './tags.js';
import {clock, short} from './format.js';

const {div, p, span} = tags;
const WIDTH = 600;
const HEIGHT = 80;

/** `points` are {millis, rate}. */
export function sparkline(points, label) {
  if (points.length < 2) {
    return p({class: 'muted'}, 'The line begins after a few seconds.');
  }
  const highest = Math.max(...points.map(point => point.rate), 1);
  const [first, last] = [points[0].millis, points.at(-1).millis];
  const at = point => [
    ((point.millis - first) / Math.max(1, last - first)) * WIDTH,
    HEIGHT - 2 - (point.rate / highest) * (HEIGHT - 6),
  ].map(number => number.toFixed(1)).join(' ');
  const line = points.map((point, index) => `${index ? 'L' : 'M'}${at(point)}`).join('');
  return div({class: 'sparkline'},
    h('svg', {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `${label}; now ${short(points.at(-1).rate)}, at most ${short(highest)}`,
    },
    h('path', {class: 'under', d: `${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`}),
    h('path', {class: 'line', d: line})),
    div({class: 'ends muted'}, span(clock(first).slice(11)), span(`at most ${short(highest)} a second`), span(clock(last).slice(11))));
}
