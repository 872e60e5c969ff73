/** What a staged publication would change, bucket by bucket. */
import {h, tags} from './tags.js';
import {count, counted, decimal, interval, percent} from './format.js';
import {Live} from './live.js';
import {dataTable, notice} from './parts.js';
import {get, part} from './server.js';

const {div, h3, p, span} = tags;
const CALM = 60_000;

export function preview(id) {
  return h(Live, {
    of: id,
    every: CALM,
    load: () => get(`/starfire/v1/publications/${part(id)}/preview`),
    draw: ({dataSources}) => div({class: 'preview'}, dataSources.map(each => ofDataSource(each, dataSources.length > 1))),
  });
}

function ofDataSource({dataSource, buckets, total}, named) {
  const metrics = Object.keys(total.metrics);
  const changed = buckets.filter(bucket => isChanged(bucket.values)).length;
  const fewer = buckets.filter(bucket => Number(bucket.values.rows.difference) < 0 && metrics.every(name => !(bucket.values.metrics[name].difference > 0))).length;
  return div({key: dataSource},
    named && h3(dataSource),
    p({class: 'sentence'}, `${changed} of ${counted(buckets.length, 'bucket')} would change. `, metrics.map(name => ofMetric(name, total.metrics[name]))),
    fewer > 0 && notice('warn', `${counted(fewer, 'bucket')} would hold less than now.`),
    dataTable({
      label: `What the publication would change in ${dataSource}`,
      rows: [...buckets, {interval: null, values: total}],
      keyOf: bucket => bucket.interval ?? 'total',
      columns: [
        {title: 'Bucket', of: bucket => (bucket.interval ? interval(bucket.interval) : span({class: 'total'}, 'All'))},
        {title: 'Rows', number: true, of: bucket => change(bucket.values.rows)},
        ...metrics.map(name => ({title: name, number: true, of: bucket => change(bucket.values.metrics[name])})),
      ],
    }));
}

function isChanged({rows, metrics}) {
  return [rows, ...Object.values(metrics)].some(each => each.now !== each.staged);
}

function ofMetric(name, {now, difference}) {
  return difference === null || Number(difference) === 0 || now === null
    ? ''
    : span({key: name, class: 'share'}, `${name} ${signed(difference)} (${Number(difference) > 0 ? '+' : ''}${percent(difference, now)}) `);
}

/** What shows now, what would show, and the difference. */
function change({now, staged, difference}) {
  const kind = difference === null || Number(difference) === 0 ? 'same' : Number(difference) > 0 ? 'more' : 'less';
  return div({class: `change ${kind}`},
    span({class: 'staged', title: 'with the publication'}, value(staged)),
    span({class: 'now', title: 'now'}, kind === 'same' ? 'the same' : `now ${value(now)}`),
    kind !== 'same' && span({class: 'difference', title: 'difference'}, signed(difference)));
}

function value(number) {
  return number === null ? 'nothing' : typeof number === 'bigint' || Number.isInteger(number) ? count(number) : decimal(rounded(number));
}

function signed(number) {
  return `${Number(number) > 0 ? '+' : ''}${value(number)}`;
}

/** A difference of doubles has digits that mean nothing. */
function rounded(number) {
  return Number(number.toFixed(Math.abs(number) >= 1 ? 2 : 6));
}
