/** What streams write, as the server reads it: how far it is, what it could not use, and what stands still. */
import {h, tags} from '../lib/tags.js';
import {link} from '../lib/address.js';
import {rejected} from '../lib/attention.js';
import {bytes, clock, count, percent, words} from '../lib/format.js';
import {Live} from '../lib/live.js';
import {badge, card, dataTable, empty, facts, heading, notice} from '../lib/parts.js';
import {get, part} from '../lib/server.js';

const {a, details, div, li, p, pre, summary, ul} = tags;

export const title = 'Pipelines';
export const icon = 'pipeline';

export function View({address}) {
  return h(Live, {load: () => get('/status'), draw: ({dataSources}) => draw(dataSources, address.path[0]), every: 3000});
}

function draw(readings, name) {
  const reading = readings.find(each => each.dataSource === name);
  return name ? (reading ? one(reading) : div(heading(name), notice('warn', `No topic is read for '${name}'.`))) : all(readings);
}

function all(readings) {
  return div(
    heading('Pipelines', 'What streams and supervisors write, as this server reads it. The watermark of a stream is at its own address, under /status.'),
    card('', dataTable({
      label: 'Pipelines',
      rows: readings,
      keyOf: reading => reading.dataSource,
      sentence: 'No topic is read. A stream or a supervisor begins one.',
      columns: [
        {title: 'Data source', of: reading => a({href: link('pipelines', [reading.dataSource])}, reading.dataSource)},
        {title: 'State', of: state},
        {title: 'Topic', of: reading => reading.topic},
        {title: 'Not read yet', number: true, of: lag},
        {title: 'Indexed', number: true, of: reading => count(reading.rowsIndexed)},
        {title: 'Dead letters', number: true, of: reading => count(rejected(reading))},
      ],
    })));
}

function state(reading) {
  return badge(words(reading.state), reading.standsStillSince ? 'bad' : reading.state === 'RUNNING' ? 'good' : 'warn');
}

function lag({partitions}) {
  return partitions.some(each => each.lag === null) ? 'not known' : count(partitions.reduce((sum, each) => sum + Number(each.lag), 0));
}

function one(reading) {
  return div(
    heading(reading.dataSource, `It is read from the topic ${reading.topic}.`, a({class: 'button', href: link('timeline', [reading.dataSource])}, 'Timeline')),
    reading.standsStillSince && notice('bad', `It stands still since ${clock(Date.parse(reading.standsStillSince))}: ${reading.detail}`),
    div({class: 'columns'},
      card('State', facts([
        ['State', state(reading)],
        ['Detail', reading.detail],
        ['Not read yet', lag(reading)],
        ['Rows in memory', bytes(reading.heapBytes)],
        ['Last error', reading.lastError ? `${reading.lastError} (${clock(Date.parse(reading.lastErrorAt))})` : 'none'],
      ])),
      card('Outcomes', outcomes(reading))),
    card('Partitions', dataTable({
      label: 'Partitions of the topic',
      rows: reading.partitions,
      keyOf: each => each.partition,
      sentence: 'None is read yet.',
      columns: [
        {title: 'Partition', of: each => each.partition},
        {title: 'State', of: each => badge(words(each.state), each.state === 'RUNNING' ? 'good' : 'warn')},
        {title: 'Read up to', number: true, of: each => count(each.position)},
        {title: 'Committed', number: true, of: each => count(each.committed)},
        {title: 'Not read yet', number: true, of: each => count(each.lag)},
      ],
    })),
    rejected(reading) > 0 && card('Dead letters', h(Live, {
      of: reading.dataSource,
      every: 10_000,
      load: () => get(`/starfire/v1/datasources/${part(reading.dataSource)}/dead-letters`),
      draw: letters,
    })));
}

/** The newest records that could not be used. Each opens, and shows all that is known of it. */
function letters(found) {
  return found.length === 0
    ? empty('The dead-letter topic has none of this topic any more.')
    : ul({class: 'letters'}, found.map(({writtenAtMillis, fields, value, bytes: size}) =>
      li({key: `${fields.partition} ${fields.offset}`},
        details(
          summary(badge(words(fields.outcome ?? ''), 'warn'), ' ', fields.reason),
          facts([['Written', clock(writtenAtMillis)], ...Object.entries(fields).filter(([name]) => name !== 'reason' && name !== 'outcome')]),
          pre({class: 'code'}, value === '' ? '(no value)' : value),
          size > value.length && p({class: 'muted'}, `This is its beginning; all of it has ${bytes(size)}.`)))));
}

/** What became of the records, since the server was started. */
function outcomes({rowsIndexed, rowsRejected, dataSource}) {
  const refused = Object.entries(rowsRejected);
  const whole = refused.reduce((sum, [, number]) => sum + Number(number), Number(rowsIndexed));
  return whole === 0
    ? empty('Nothing was read since the server was started.')
    : div(
      facts([
        ['Became rows', `${count(rowsIndexed)} (${percent(rowsIndexed, whole)})`],
        ...refused.map(([outcome, number]) => [words(outcome), `${count(number)} (${percent(number, whole)})`]),
      ]),
      refused.length > 0 && p({class: 'muted'}, `What could not be used is in the dead-letter topic of ${dataSource}, with the reason.`));
}
