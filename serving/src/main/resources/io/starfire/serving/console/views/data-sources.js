/** What data sources there are, how large they are, and their columns. */
import {h, tags} from '../lib/tags.js';
import {link} from '../lib/address.js';
import {bytes, count, counted, time} from '../lib/format.js';
import {Live} from '../lib/live.js';
import {badge, card, dataTable, facts, heading, notice} from '../lib/parts.js';
import {get} from '../lib/server.js';

const {a, div} = tags;

export const title = 'Data sources';
export const icon = 'data';

export function View({address}) {
  const [name] = address.path;
  return h(Live, {load, draw: value => (name ? one(value, name) : all(value))});
}

async function load() {
  const [registered, sizes] = await Promise.all([get('/starfire/v1/datasources'), get('/starfire/v1/sizes')]);
  const bySource = new Map(sizes.map(size => [size.dataSource, size]));
  return registered
    .filter(each => bySource.has(each.schema.name))
    .map(({schema, topic}) => ({...bySource.get(schema.name), schema, topic, name: schema.name}));
}

function all(sources) {
  return div(
    heading('Data sources', 'Sizes are those of segments that show; live rows come on top.'),
    card('', dataTable({
      label: 'Data sources',
      rows: sources,
      keyOf: source => source.name,
      sentence: 'None is registered yet. A stream, a batch run or a supervisor registers one.',
      columns: [
        {title: 'Name', of: source => a({href: link('data-sources', [source.name])}, source.name)},
        {title: 'Written by', of: source => (source.topic ? badge('stream and batch', 'realtime') : badge('batch', 'batch'))},
        {title: 'Columns', number: true, of: source => count(source.schema.dimensions.length + source.schema.metrics.length + 1)},
        {title: 'Rows', number: true, of: source => count(source.rows)},
        {title: 'Events', number: true, of: source => count(source.events)},
        {title: 'Segments', number: true, of: source => count(source.segments)},
        {title: 'Size', number: true, of: source => bytes(source.bytes)},
        {title: 'From', of: source => time(source.startMillis)},
        {title: 'To', of: source => time(source.endMillis)},
        {title: 'Timeline', of: source => a({href: link('timeline', [source.name]), 'aria-label': `Timeline of ${source.name}`}, 'open')},
      ],
    })));
}

function one(sources, name) {
  const source = sources.find(each => each.name === name);
  if (!source) {
    return div(heading(name), notice('warn', `There is no data source '${name}'. `, a({href: '#/data-sources'}, 'See those that there are')));
  }
  const {schema} = source;
  return div(
    heading(name, schema.rollup ? 'Rows of equal time and dimensions become one.' : 'Each event is a row.',
      a({class: 'button', href: link('query', [], {text: firstRows(name)})}, 'See rows'),
      a({class: 'button', href: link('timeline', [name])}, 'Timeline')),
    div({class: 'columns'},
      card('Size', facts([
        ['Rows', count(source.rows)],
        ['Events', count(source.events)],
        ['Segments', `${count(source.segments)}, ${bytes(source.bytes)}`],
        ['Hidden segments', `${count(source.hiddenSegments)}, ${bytes(source.hiddenBytes)}`],
        ['Empty buckets', counted(source.tombstones, 'tombstone')],
        ['From', time(source.startMillis)],
        ['To', time(source.endMillis)],
      ])),
      card('How it is stored', facts([
        ['Topic', source.topic ?? 'none; only batch runs write it'],
        ['A segment holds', `one ${schema.segmentGranularity}`],
        ['Times are cut to', schema.queryGranularity],
        ['Rollup', schema.rollup ? 'yes' : 'no'],
      ]))),
    card('Columns', dataTable({
      label: `Columns of ${name}`,
      rows: columnsOf(schema),
      keyOf: column => column.name,
      columns: [
        {title: 'Name', of: column => column.name},
        {title: 'Kind', of: column => column.kind},
        {title: 'Type', of: column => column.type},
        {title: 'Rolled up by', of: column => column.aggregation ?? ''},
      ],
    })));
}

function columnsOf(schema) {
  return [
    {name: '__time', kind: 'time', type: 'timestamp'},
    ...schema.dimensions.map(({name, type}) => ({name, kind: 'dimension', type: type.toLowerCase()})),
    ...schema.metrics.map(({name, aggregation}) => ({name, kind: 'metric', type: typeOf(aggregation), aggregation: aggregation.toLowerCase().replaceAll('_', ' ')})),
  ];
}

function typeOf(aggregation) {
  return aggregation === 'COUNT' || aggregation.startsWith('LONG') ? 'long' : aggregation.startsWith('DOUBLE') ? 'double' : 'sketch';
}

function firstRows(name) {
  return JSON.stringify({queryType: 'scan', dataSource: name, intervals: ['1000-01-01/3000-01-01'], limit: 100}, null, 2);
}
