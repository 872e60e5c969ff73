/** Which picture suits a result, and what its series are. */
import {millis} from './results.js';

export const TYPES = ['line', 'area', 'bar', 'pie'];
const MOST_SERIES = 8;
const MOST_BARS = 40;
const MOST_POINTS = 5000;

/** Stands for all columns that can be measured. */
export const ALL = 'all';

/** The names of the columns that can be measured. Over time, without texts, all can be drawn at once. */
export function measures({columns}) {
  const names = columns.filter(column => column.kind === 'number').map(column => column.name);
  const kinds = columns.map(column => column.kind);
  return names.length > 1 && kinds.includes('time') && !kinds.includes('text') ? [ALL, ...names] : names;
}

/** The type that suits best; null if there is nothing to draw. */
export function bestType(result) {
  const kinds = result.columns.map(column => column.kind);
  if (!kinds.includes('number') || result.rows.length < 2) {
    return null;
  }
  return kinds.includes('time') && distinctTimes(result) > 1 ? 'line' : kinds.includes('text') ? 'bar' : null;
}

/** What is drawn: {type, over: 'time' or 'text', series: [{name, points: [{at, value}]}], leftOut}. */
export function picture(result, type, measure) {
  const at = kind => result.columns.findIndex(column => column.kind === kind);
  const overTime = at('time') >= 0 && distinctTimes(result) > 1 && type !== 'pie';
  const named = result.columns.findIndex(column => column.name === measure);
  const value = named < 0 ? at('number') : named;
  if (overTime && measure === ALL && named < 0) {
    const each = measures(result).slice(1, 1 + MOST_SERIES);
    return {
      type,
      over: 'time',
      series: each.map(name => byTime(result, type, at('time'), -1, result.columns.findIndex(column => column.name === name)).series[0]),
      leftOut: Math.max(0, measures(result).length - 1 - MOST_SERIES),
    };
  }
  if (!overTime) {
    return byText(result, type, at('text') < 0 ? at('time') : at('text'), value, result.columns[value].name);
  }
  return byTime(result, type, at('time'), at('text'), value);
}

function distinctTimes({columns, rows}) {
  const index = columns.findIndex(column => column.kind === 'time');
  return new Set(rows.map(row => row[index])).size;
}

function byText(result, type, label, value, name) {
  const sums = new Map();
  for (const row of result.rows) {
    const key = row[label] === null ? 'null' : String(row[label]);
    sums.set(key, (sums.get(key) ?? 0) + Number(row[value] ?? 0));
  }
  const all = [...sums].map(([at, sum]) => ({at, value: sum})).sort((one, other) => other.value - one.value);
  const most = type === 'pie' ? MOST_SERIES : MOST_BARS;
  return {type: type === 'pie' ? 'pie' : 'bar', over: 'text', series: [{name, points: all.slice(0, most)}], leftOut: Math.max(0, all.length - most)};
}

function byTime(result, type, time, label, value) {
  const series = new Map();
  for (const row of result.rows) {
    const name = label < 0 ? result.columns[value].name : String(row[label]);
    const points = series.get(name) ?? new Map();
    const at = millis(row[time]);
    points.set(at, (points.get(at) ?? 0) + Number(row[value] ?? 0));
    series.set(name, points);
  }
  const all = [...series].map(([name, points]) => ({
    name,
    sum: [...points.values()].reduce((sum, each) => sum + Math.abs(each), 0),
    points: [...points].map(([at, of]) => ({at, value: of})).sort((one, other) => one.at - other.at).slice(0, MOST_POINTS),
  })).sort((one, other) => other.sum - one.sum);
  return {type, over: 'time', series: all.slice(0, MOST_SERIES), leftOut: Math.max(0, all.length - MOST_SERIES)};
}
