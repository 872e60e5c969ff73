/** How all of it is: events a second, freshness, what runs, and what needs attention. */
import {h, tags} from '../lib/tags.js';
import {link} from '../lib/address.js';
import {attention} from '../lib/attention.js';
import {ago, bytes, count, counted, short, time, words} from '../lib/format.js';
import {Live} from '../lib/live.js';
import {badge, card, dataTable, empty, figure, figures, heading} from '../lib/parts.js';
import {get, post} from '../lib/server.js';
import {history, note, rateOf} from '../lib/rates.js';
import {sparkline} from '../lib/sparkline.js';

const {a, div, li, p, strong, ul} = tags;

export const title = 'Overview';
export const icon = 'overview';

export function View() {
  return div(heading('Overview', 'What flows in, how fresh it is, and what needs you.'), h(Live, {load, draw, every: 3000}));
}

async function load() {
  const [status, sizes, publications, supervisors, process] = await Promise.all([
    get('/status'),
    get('/starfire/v1/sizes'),
    get('/starfire/v1/publications'),
    get('/druid/indexer/v1/supervisor?state=true'),
    get('/starfire/v1/process'),
  ]);
  const now = Date.now();
  note(now, Object.fromEntries(status.dataSources.map(reading => [reading.dataSource, reading.rowsIndexed])));
  const newest = await Promise.all(status.dataSources.map(reading => newestRow(reading.dataSource)));
  return {status, sizes, publications, supervisors, process, now, newest};
}

/** Milliseconds of the newest row; null if there is none, or if it cannot be told now. */
async function newestRow(dataSource) {
  try {
    const answer = await post('/druid/v2', {queryType: 'timeBoundary', dataSource, bound: 'maxTime'});
    const found = answer[0]?.result;
    return found ? Date.parse(found.maxTime ?? found) : null;
  } catch {
    return null;
  }
}

function draw(value) {
  const {status, sizes, publications, supervisors, process} = value;
  const rates = status.dataSources.map(reading => rateOf(reading.dataSource)).filter(rate => rate !== null);
  const shown = sizes.reduce((sum, size) => sum + Number(size.rows), 0);
  const segments = sizes.reduce((sum, size) => sum + Number(size.segments), 0);
  const size = sizes.reduce((sum, each) => sum + Number(each.bytes), 0);
  const items = attention({status, publications, supervisors});
  return div({class: 'grid'},
    figures(
      figure('Events a second', rates.length === 0 ? '–' : short(rates.reduce((sum, rate) => sum + rate, 0)),
        status.dataSources.length === 0 ? 'no topic is read' : `${counted(status.dataSources.length, 'topic')} read`),
      figure('Rows in segments', short(shown), `${counted(segments, 'segment')}, ${bytes(size)}`),
      figure('Data sources', count(sizes.length), 'that are registered'),
      figure('Heap', bytes(process.heapUsedBytes), `of ${bytes(process.heapMaxBytes)}`)),
    card('Needs attention', items.length === 0
      ? empty('Nothing. All parts run, and no publication waits.')
      : ul({class: 'attention'}, items.map(item => li({key: item.what + item.why}, badge(item.kind === 'bad' ? 'problem' : 'look', item.kind),
          div(a({href: item.href}, strong(item.what)), p({class: 'muted'}, item.why)))))),
    status.dataSources.length > 0 && card('Event rate', sparkline(history(), 'Events a second of all data sources, since this page was opened')),
    status.dataSources.length > 0 && card('Freshness', freshness(value)),
    card('Running parts', parts(status.loops)));
}

function freshness({status, newest, now}) {
  return dataTable({
    label: 'Freshness of data sources that are read from topics',
    rows: status.dataSources.map((reading, index) => ({...reading, newest: newest[index]})),
    keyOf: reading => reading.dataSource,
    columns: [
      {title: 'Data source', of: reading => a({href: link('timeline', [reading.dataSource])}, reading.dataSource)},
      {title: 'State', of: reading => badge(words(reading.state), reading.standsStillSince ? 'bad' : reading.state === 'RUNNING' ? 'good' : 'warn')},
      {title: 'Newest row', of: reading => time(reading.newest)},
      {title: 'Age', number: true, of: reading => (reading.newest === null ? '–' : ago(reading.newest, now))},
      {title: 'Not read yet', number: true, of: reading => lag(reading)},
      {title: 'Events a second', number: true, of: reading => (rateOf(reading.dataSource) === null ? '–' : short(rateOf(reading.dataSource)))},
    ],
  });
}

/** Records behind the end of the topic; a partition whose end is not known leaves it open. */
function lag(reading) {
  const known = reading.partitions.map(partition => partition.lag);
  return known.includes(null) ? '?' : count(known.reduce((sum, each) => sum + Number(each), 0));
}

function parts(loops) {
  return ul({class: 'loops'}, loops.map(loop =>
    li({key: loop.name}, badge(words(loop.state), {RUNNING: 'good', RETRYING: 'warn', FAILED: 'bad'}[loop.state]), ' ', loop.name)));
}
