/** The plan of a query as a tree that opens and closes: steps above, native queries below. */
import {tags} from './tags.js';
import {count} from './format.js';

const {details, dl, dt, dd, div, li, span, summary, ul} = tags;

/** What of a step is shown first; the rest follows in the order of the plan. */
const NAMES = ['above', 'queryType', 'type'];

/** `plan` is the JSON of the column PLAN: a list of {query, signature, columnMappings}. */
export function planTree(plan) {
  return ul({class: 'plan'}, plan.map(({query}, index) => li({key: index}, node('', query, 0))));
}

function node(name, value, depth) {
  const entries = Array.isArray(value) ? value.map((each, index) => [String(index + 1), each]) : Object.entries(value);
  const plain = entries.filter(([, each]) => !isTree(each));
  const trees = entries.filter(([, each]) => isTree(each));
  return details({class: 'step', open: depth < 2},
    summary(name && span({class: 'muted'}, `${name} `), span({class: 'mono'}, titleOf(value))),
    div({class: 'inside'},
      plain.length > 0 && dl(plain.map(([key, each]) => div({key}, dt(key), dd(text(each))))),
      trees.length > 0 && ul(trees.map(([key, each]) => li({key}, node(key, each, depth + 1))))));
}

/** Short lists of texts and numbers stand in one line. */
function isTree(value) {
  return value !== null && typeof value === 'object' && !(Array.isArray(value) && value.every(each => each === null || typeof each !== 'object'));
}

function titleOf(value) {
  if (Array.isArray(value)) {
    return count(value.length);
  }
  const name = NAMES.map(key => value[key]).find(each => typeof each === 'string') ?? '';
  const source = typeof value.dataSource === 'object' && value.dataSource !== null ? value.dataSource.name : value.dataSource;
  return [name, typeof source === 'string' && !Array.isArray(value) ? source : '', value.name ?? ''].filter(part => part !== '').join(' ');
}

function text(value) {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
