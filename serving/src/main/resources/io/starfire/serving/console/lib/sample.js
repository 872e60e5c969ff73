/** What a few records look like: their format, and the columns with types, of a sample that somebody pasted. */
import {parse} from './json.js';

const MOST = 200;
const DELIMITERS = {csv: ',', tsv: '\t'};
const LONG = /^-?\d{1,19}$/;
const DOUBLE = /^-?\d*\.?\d+([eE][-+]?\d+)?$/;
const ISO = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?$/;
const TIME_NAMES = /^(__time|time|timestamp|ts|date|datetime|event_?time|at|created_?at|.*_(time|at|ts)|.*(Time|At|Timestamp|Millis))$/;

/** {format: 'json', 'csv' or 'tsv', columns: [{name, type, example, isTime}], records}; throws a sentence if it is none of these. */
export function look(text) {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '').slice(0, MOST);
  if (lines.length === 0) {
    throw new Error('The sample is empty.');
  }
  return lines[0].trim().startsWith('{') ? ofJson(lines) : ofLines(lines);
}

/** How the values of a time column are written, by the names of Druid's specs. */
export function timeFormatOf(column) {
  if (column.type !== 'long') {
    return ISO.test(column.example) ? 'iso' : 'auto';
  }
  return {10: 'posix', 13: 'millis', 16: 'micro', 19: 'nano'}[column.example.replace('-', '').length] ?? 'auto';
}

function ofJson(lines) {
  const records = lines.map((line, index) => {
    try {
      return parse(line);
    } catch (failure) {
      throw new Error(`Record ${index + 1} is not JSON: ${failure.message}.`);
    }
  });
  const names = [...new Set(records.flatMap(record => Object.keys(record)))];
  return {format: 'json', records: records.length, columns: names.map(name => column(name, records.map(record => record[name])))};
}

/** The first line has the names. */
function ofLines([head, ...lines]) {
  const format = head.includes('\t') ? 'tsv' : 'csv';
  const names = cells(head, DELIMITERS[format]);
  if (names.length < 2) {
    throw new Error('This is neither JSON, one record a line, nor CSV or TSV with the names of the columns in its first line.');
  }
  const rows = lines.map(line => cells(line, DELIMITERS[format]));
  return {format, records: rows.length, columns: names.map((name, index) => column(name, rows.map(row => row[index])))};
}

function column(name, values) {
  const there = values.filter(value => value !== null && value !== undefined && value !== '');
  const texts = there.map(value => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
  const isText = there.some(value => typeof value === 'object' || typeof value === 'boolean');
  const type = there.length === 0 || isText ? 'string' : texts.every(each => LONG.test(each)) ? 'long' : texts.every(each => DOUBLE.test(each)) ? 'double' : 'string';
  const example = texts[0] ?? '';
  return {name, type, example, isTime: TIME_NAMES.test(name) || (type === 'string' && ISO.test(example))};
}

function cells(line, delimiter) {
  const found = [];
  const pattern = delimiter === ',' ? /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g : /(?:^|\t)(?:"((?:[^"]|"")*)"|([^\t]*))/g;
  for (const [, quoted, plain] of line.matchAll(pattern)) {
    found.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  }
  return found;
}
