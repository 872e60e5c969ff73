/** Supervisors: topics that are read as a spec says. */
import {Component, h, tags} from '../lib/tags.js';
import {link} from '../lib/address.js';
import {Confirm} from '../lib/confirm.js';
import {clock, count, words} from '../lib/format.js';
import {stringify} from '../lib/json.js';
import {Live} from '../lib/live.js';
import {action, badge, card, dataTable, empty, facts, heading, notice} from '../lib/parts.js';
import {get, part, post} from '../lib/server.js';

const {a, details, div, li, p, pre, summary, ul} = tags;
const ROOT = '/druid/indexer/v1/supervisor';
const KINDS = {RUNNING: 'good', SUSPENDED: '', PENDING: 'warn', STOPPING: 'warn'};
const CHANGES = {
  suspend: {title: 'Suspend the supervisor?', yes: 'Suspend', says: 'What was read is handed off. Nothing more is read until it is resumed.'},
  resume: {title: 'Resume the supervisor?', yes: 'Resume', says: 'Reading goes on where it stopped.'},
  terminate: {title: 'Terminate the supervisor?', yes: 'Terminate', danger: true, says: 'Its topic is read no more. Rows that were loaded stay.'},
};

export const title = 'Supervisors';
export const icon = 'supervisor';

export function View({address}) {
  const [id] = address.path;
  return id
    ? h(Live, {key: id, of: id, load: () => loadOne(id), draw: (value, reload) => h(One, {...value, reload})})
    : h(Live, {key: 'all', load: () => get(`${ROOT}?state=true`), draw: all});
}

function all(supervisors) {
  return div(
    heading('Supervisors', 'Each loads a topic exactly once, as its spec says.', a({class: 'button', href: link('load-data')}, 'Load a topic')),
    card('', dataTable({
      label: 'Supervisors',
      rows: supervisors,
      keyOf: supervisor => supervisor.id,
      sentence: 'There is none. Load data makes a spec step by step.',
      columns: [
        {title: 'Supervisor', of: supervisor => a({href: link('supervisors', [supervisor.id])}, supervisor.id)},
        {title: 'State', of: supervisor => state(supervisor)},
        {title: 'Topic', of: supervisor => supervisor.source ?? '–'},
        {title: 'Detail', of: supervisor => words(supervisor.detailedState)},
      ],
    })));
}

function state(supervisor) {
  return badge(words(supervisor.state), supervisor.healthy ? KINDS[supervisor.state] : 'bad');
}

async function loadOne(id) {
  const [spec, status] = await Promise.all([get(`${ROOT}/${part(id)}`), get(`${ROOT}/${part(id)}/status`)]);
  return {id, spec, ...status.payload};
}

class One extends Component {
  state = {asked: null};

  render(value) {
    const {id, spec, suspended, stream, dataSource, recentErrors, warnings, rowsIndexed, rowsRejected, aggregateLag, detail} = value;
    const ask = name => () => this.setState({asked: name});
    return div({class: 'grid'},
      heading(id, `It reads the topic ${stream ?? ''}.`,
        suspended ? action('Resume', ask('resume'), {kind: 'primary'}) : action('Suspend', ask('suspend')),
        action('Terminate', ask('terminate'), {kind: 'danger quiet'})),
      warnings.length > 0 && notice('info', 'These fields of the spec change nothing here:', ul(warnings.map(each => li({key: each}, each)))),
      div({class: 'columns'},
        card('State', facts([
          ['State', state(value)],
          ['Detail', detail],
          ['Data source', a({href: link('timeline', [dataSource])}, dataSource)],
          ['Not read yet', count(aggregateLag)],
          ['Rows indexed', count(rowsIndexed)],
          ...Object.entries(rowsRejected).map(([outcome, number]) => [`Rejected, ${words(outcome)}`, count(number)]),
        ])),
        card('Errors', recentErrors.length === 0 ? empty('None.') : ul(recentErrors.map(each =>
          li({key: each.timestamp + each.message}, p(each.message), p({class: 'muted'}, clock(Date.parse(each.timestamp)))))))),
      card('Partitions', partitions(value)),
      card('Spec', details(summary('The spec as it was posted, without secrets'), pre({class: 'code'}, stringify(spec, 2)))),
      this.state.asked && this.dialog(id, CHANGES[this.state.asked]));
  }

  dialog(id, change) {
    return h(Confirm, {
      ...change,
      onEnd: () => {
        this.setState({asked: null});
        this.props.reload();
      },
      run: async () => {
        await post(`${ROOT}/${part(id)}/${this.state.asked}`);
        return null;
      },
    }, p(id), p(change.says));
  }
}

function partitions({activeTasks, committedOffsets, latestOffsets, minimumLag}) {
  const positions = activeTasks[0]?.currentOffsets ?? committedOffsets;
  return dataTable({
    label: 'Partitions of the topic',
    rows: Object.keys(positions),
    keyOf: number => number,
    sentence: 'None is read.',
    columns: [
      {title: 'Partition', of: number => number},
      {title: 'Read up to', number: true, of: number => count(positions[number])},
      {title: 'Committed', number: true, of: number => count(committedOffsets[number])},
      {title: 'End of topic', number: true, of: number => count(latestOffsets[number])},
      {title: 'Not read yet', number: true, of: number => count(minimumLag[number])},
    ],
  });
}
