/** The process, its parts, segments, caches, and all metrics. */
import {Component, h, tags} from '../lib/tags.js';
import {bytes, clock, count, decimal, duration, percent, words} from '../lib/format.js';
import {Live} from '../lib/live.js';
import {loadMetrics} from '../lib/metrics.js';
import {badge, card, dataTable, facts, heading} from '../lib/parts.js';
import {get} from '../lib/server.js';

const {div, input, label, span} = tags;
const CACHES = {partials: 'Results of segments', answers: 'Whole answers', globalIds: 'Global ids'};

export const title = 'System';
export const icon = 'system';

export function View() {
  return h(Live, {load, draw, every: 3000});
}

async function load() {
  const [process, status, sizes, metrics] = await Promise.all([get('/starfire/v1/process'), get('/status'), get('/starfire/v1/sizes'), loadMetrics()]);
  return {process, status, sizes, metrics};
}

function draw({process, status, sizes, metrics}) {
  const sum = name => sizes.reduce((whole, size) => whole + Number(size[name]), 0);
  return div(
    heading('System', `Starfire ${process.version} on Java ${process.javaVersion}.`),
    div({class: 'columns'},
      card('Process', facts([
        ['Started', clock(process.startedAtMillis)],
        ['Runs for', duration(process.upMillis)],
        ['Processors', count(process.processors)],
        ['Heap', `${bytes(process.heapUsedBytes)} of ${bytes(process.heapMaxBytes)}`],
        ['Threads', count(process.threads)],
      ])),
      card('Segments', facts([
        ['Visible', `${count(sum('segments'))}, ${bytes(sum('bytes'))}`],
        ['Hidden', `${count(sum('hiddenSegments'))}, ${bytes(sum('hiddenBytes'))}`],
        ['Empty buckets', count(sum('tombstones'))],
        ['Served here', count(valueOf(metrics, 'starfire_segments_served'))],
        ['View', count(valueOf(metrics, 'starfire_view_number'))],
      ]))),
    card('Caches', dataTable({
      label: 'Caches of queries',
      rows: Object.keys(CACHES).map(cache => cacheOf(metrics, cache)),
      keyOf: cache => cache.name,
      columns: [
        {title: 'Cache', of: cache => CACHES[cache.name]},
        {title: 'Entries', number: true, of: cache => count(cache.entries)},
        {title: 'Size', number: true, of: cache => bytes(cache.bytes)},
        {title: 'Found', number: true, of: cache => count(cache.hits)},
        {title: 'Not found', number: true, of: cache => count(cache.misses)},
        {title: 'Share found', number: true, of: cache => percent(cache.hits, cache.hits + cache.misses)},
      ],
    })),
    card('Parts', dataTable({
      label: 'Background loops of the server',
      rows: status.loops,
      keyOf: loop => loop.name,
      columns: [
        {title: 'Part', of: loop => loop.name},
        {title: 'State', of: loop => badge(words(loop.state), {RUNNING: 'good', RETRYING: 'warn', FAILED: 'bad'}[loop.state])},
        {title: 'Failures', number: true, of: loop => count(loop.failures)},
        {title: 'In this step', number: true, of: loop => duration(loop.inStepMillis)},
        {title: 'Problem', of: loop => loop.problem ?? ''},
      ],
    })),
    h(Metrics, {metrics}));
}

function valueOf(metrics, name, labels = {}) {
  const found = metrics.find(metric => metric.name === name && Object.entries(labels).every(([key, value]) => metric.labels[key] === value));
  return found?.value ?? 0;
}

function cacheOf(metrics, cache) {
  const requests = result => valueOf(metrics, 'starfire_query_cache_requests_total', {cache, result});
  return {
    name: cache,
    hits: requests('hit'),
    misses: requests('miss'),
    entries: valueOf(metrics, 'starfire_query_cache_entries', {cache}),
    bytes: valueOf(metrics, 'starfire_query_cache_bytes', {cache}),
  };
}

/** All metrics, or those whose name or label has a word. */
class Metrics extends Component {
  state = {wanted: ''};

  render({metrics}, {wanted}) {
    const rows = metrics.filter(metric => textOf(metric).includes(wanted.toLowerCase()));
    return card('Metrics',
      label({class: 'chooser search'}, span('Show'),
        input({type: 'search', value: wanted, placeholder: 'all', onInput: event => this.setState({wanted: event.currentTarget.value})})),
      dataTable({
        label: 'Metrics',
        rows,
        keyOf: textOf,
        sentence: 'No metric has that in its name.',
        columns: [
          {title: 'Metric', of: metric => span({class: 'mono', title: metric.help}, metric.name)},
          {title: 'Of', of: metric => Object.entries(metric.labels).map(([key, value]) => `${key} ${value}`).join(', ')},
          {title: 'Value', number: true, of: metric => decimal(metric.value)},
        ],
      }));
  }
}

function textOf({name, labels}) {
  return `${name} ${Object.entries(labels).join(' ')}`.toLowerCase();
}
