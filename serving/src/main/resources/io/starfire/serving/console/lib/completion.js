/** What may stand where somebody types. */
import {SQL_WORDS, isNative} from './highlight.js';

const MOST = 12;
const NATIVE_NAMES = [
  'queryType', 'dataSource', 'intervals', 'granularity', 'aggregations', 'postAggregations', 'dimensions', 'dimension', 'metric', 'threshold',
  'filter', 'fields', 'field', 'virtualColumns', 'having', 'limitSpec', 'limit', 'columns', 'context', 'order', 'descending', 'type', 'name',
  'fieldName', 'fieldNames', 'expression', 'outputType', 'outputName', 'value', 'values', 'lower', 'upper', 'queryId', 'timeout', 'starfirePublication',
  'starfireView', 'bound', 'merge', 'analysisTypes', 'searchDimensions', 'query', 'subtotalsSpec', 'resultFormat',
];
const NATIVE_VALUES = [
  'timeseries', 'topN', 'groupBy', 'scan', 'search', 'timeBoundary', 'dataSourceMetadata', 'segmentMetadata', 'count', 'longSum', 'doubleSum',
  'longMin', 'longMax', 'doubleMin', 'doubleMax', 'filtered', 'selector', 'bound', 'in', 'and', 'or', 'not', 'like', 'regex', 'equals', 'range', 'null',
  'arithmetic', 'fieldAccess', 'expression', 'default', 'all', 'none', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'period',
  'HLLSketchBuild', 'thetaSketch', 'quantilesDoublesSketch', 'compactedList', 'ascending',
];

/** {from, options: [{text, detail, insert}]} for the place before `at`; no options if there is nothing to offer. */
export function complete(text, at, catalog) {
  const before = text.slice(0, at);
  return isNative(text) ? inNative(before, catalog) : inSql(before, text, catalog);
}

function inNative(before, {tables}) {
  const open = /"([^"\\\n]*)$/.exec(before);
  if (!open || (before.match(/(?<!\\)"/g) ?? []).length % 2 === 0) {
    return {from: before.length, options: []};
  }
  const words = [
    ...tables.map(table => ({text: table.name, detail: 'data source'})),
    ...tables.filter(table => before.includes(`"${table.name}"`)).flatMap(columns),
    ...NATIVE_NAMES.map(text => ({text, detail: 'field'})),
    ...NATIVE_VALUES.map(text => ({text, detail: 'value'})),
  ];
  return {from: before.length - open[1].length, options: matching(words, open[1])};
}

function inSql(before, text, {tables, functions}) {
  const word = /"([^"\n]*)$|([A-Za-z_][\w$]*)$/.exec(before);
  const quotes = (before.match(/'/g) ?? []).length;
  if (!word || quotes % 2 === 1) {
    return {from: before.length, options: []};
  }
  const quoted = word[1] !== undefined;
  const typed = quoted ? word[1] : word[2];
  const used = tables.filter(table => text.includes(table.name));
  const names = [...(used.length > 0 ? used : tables).flatMap(columns), ...tables.map(table => ({text: table.name, detail: 'table'}))];
  const words = quoted ? names : [
    ...names.map(name => ({...name, insert: /^[A-Za-z_]\w*$/.test(name.text) && !SQL_WORDS.includes(name.text.toUpperCase()) ? name.text : `"${name.text}"`})),
    ...functions.map(name => ({text: name, detail: 'function', insert: `${name}(`})),
    ...SQL_WORDS.map(name => ({text: name, detail: ''})),
  ];
  return {from: before.length - typed.length, options: matching(words, typed)};
}

function columns(table) {
  return table.columns.map(column => ({text: column.name, detail: `${column.type}, ${table.name}`}));
}

/** Those that begin with what was typed, then those that contain it. */
function matching(words, typed) {
  const wanted = typed.toLowerCase();
  const seen = new Set();
  const fits = words.filter(word => {
    const text = word.text.toLowerCase();
    return text.includes(wanted) && text !== wanted && !seen.has(text) && seen.add(text);
  });
  const begins = word => word.text.toLowerCase().startsWith(wanted);
  return [...fits.filter(begins), ...fits.filter(word => !begins(word))].slice(0, MOST);
}
