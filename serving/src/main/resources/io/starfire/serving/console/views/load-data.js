/** Makes the spec of a supervisor from a sample of its topic, step by step, and posts it. */
import {Component, tags} from '../lib/tags.js';
import {link} from '../lib/address.js';
import {counted} from '../lib/format.js';
import {stringify} from '../lib/json.js';
import {action, badge, card, dataTable, heading, notice} from '../lib/parts.js';
import {look, timeFormatOf} from '../lib/sample.js';
import {post} from '../lib/server.js';
import {missing, specOf} from '../lib/supervisor-spec.js';

const {a, div, input, label, option, p, pre, select, span, textarea} = tags;
const SAMPLE = '{"timestamp": "2026-11-20T10:15:00Z", "publisher": "p1", "clicks": 3}';
const TIME_FORMATS = ['auto', 'iso', 'posix', 'millis', 'micro', 'nano'];
const SEGMENTS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'];
const QUERIES = ['NONE', 'SECOND', 'MINUTE', 'HOUR', 'DAY'];
const USES = {dimension: 'dimension', metric: 'sum', none: 'leave out'};
const LARGEST = 1_000_000;

export const title = 'Load data';
export const icon = 'load';

export class View extends Component {
  state = {
    sample: '', problem: null, found: null, columns: [], names: [], format: 'json', time: '', timeFormat: 'auto',
    brokers: '127.0.0.1:9092', topic: '', dataSource: '', segment: 'DAY', query: 'NONE', rollup: false, busy: false, refused: null, done: null,
  };

  take(sample) {
    try {
      const found = look(sample);
      const time = found.columns.find(column => column.isTime) ?? null;
      this.setState({
        sample,
        found,
        problem: null,
        format: found.format,
        names: found.columns.map(column => column.name),
        columns: found.columns.map(column => ({...column, use: 'dimension'})),
        time: time?.name ?? '',
        timeFormat: time ? timeFormatOf(time) : 'auto',
      });
    } catch (failure) {
      this.setState({sample, found: null, columns: [], problem: sample.trim() === '' ? null : failure.message});
    }
  }

  open = async event => {
    const [file] = event.currentTarget.files;
    if (file) {
      const text = await file.slice(0, LARGEST).text();
      this.take(file.size > LARGEST ? text.slice(0, text.lastIndexOf('\n')) : text);
    }
  };

  submit = async () => {
    this.setState({busy: true, refused: null});
    try {
      const {id} = await post('/druid/indexer/v1/supervisor', specOf(this.state));
      this.setState({busy: false, done: id});
    } catch (failure) {
      this.setState({busy: false, refused: failure.message});
    }
  };

  /** Sums make sense where rows are put together. */
  rollUp(rollup) {
    const use = column => (rollup && column.type !== 'string' ? 'metric' : 'dimension');
    this.setState({
      rollup,
      query: rollup ? (this.state.query === 'NONE' ? 'MINUTE' : this.state.query) : 'NONE',
      columns: this.state.columns.map(column => ({...column, use: column.use === 'none' ? 'none' : use(column)})),
    });
  }

  render(_, state) {
    return div({class: 'grid steps'},
      heading('Load data', 'From a sample of a topic to a supervisor that loads it exactly once.'),
      card('1. A sample', this.sample(state)),
      state.found && card('2. Time and columns', this.columns(state)),
      state.found && card('3. Where from, and where to', this.places(state)),
      state.found && card('4. The spec', this.spec(state)));
  }

  sample({sample, found, problem}) {
    return div(
      p({class: 'muted'}, 'Paste a few records of the topic: JSON, one record a line; or CSV or TSV with the names of the columns in the first line. Nothing is sent until the last step.'),
      textarea({class: 'sample', rows: 6, spellcheck: false, 'aria-label': 'Sample', placeholder: SAMPLE, value: sample, onInput: event => this.take(event.currentTarget.value)}),
      div({class: 'bar under'},
        label({class: 'button'}, 'Open a file', input({class: 'unseen', type: 'file', onChange: this.open})),
        found && p({role: 'status'}, badge(found.format, 'good'), ` ${counted(found.records, 'record')}, ${counted(found.columns.length, 'column')}`)),
      problem && notice('warn', problem));
  }

  columns({columns, time, timeFormat, rollup}) {
    return div({class: 'grid'},
      div({class: 'fields'},
        choice('Time of an event', time, ['', ...columns.map(column => column.name)], value => this.setState({time: value, timeFormat: value ? timeFormatOf(columns.find(column => column.name === value)) : 'auto'})),
        choice('It is written as', timeFormat, TIME_FORMATS, value => this.setState({timeFormat: value})),
        label({class: 'check'}, input({type: 'checkbox', checked: rollup, onChange: event => this.rollUp(event.currentTarget.checked)}), 'Put rows of equal time and dimensions together')),
      dataTable({
        label: 'Columns of the sample',
        rows: columns.filter(column => column.name !== time),
        keyOf: column => column.name,
        columns: [
          {title: 'Column', of: column => column.name},
          {title: 'Example', of: column => span({class: 'mono'}, column.example.slice(0, 60))},
          {title: 'Type', of: column => pick(`Type of ${column.name}`, column.type, ['string', 'long', 'double'], type => this.change(column, {type}))},
          {title: 'Becomes', of: column => pick(`What ${column.name} becomes`, column.use, Object.keys(USES), use => this.change(column, {use}), USES)},
        ],
      }));
  }

  change(changed, what) {
    this.setState({columns: this.state.columns.map(column => (column.name === changed.name ? {...column, ...what} : column))});
  }

  places({brokers, topic, dataSource, segment, query}) {
    return div({class: 'fields'},
      field('Broker', brokers, value => this.setState({brokers: value})),
      field('Topic', topic, value => this.setState({topic: value, dataSource: dataSource === topic ? value : dataSource})),
      field('Data source', dataSource, value => this.setState({dataSource: value})),
      choice('A segment holds one', segment, SEGMENTS, value => this.setState({segment: value})),
      choice('Times are cut to', query, QUERIES, value => this.setState({query: value})));
  }

  spec(state) {
    const lacks = missing(state);
    return div({class: 'grid'},
      pre({class: 'code', tabIndex: 0, 'aria-label': 'Spec'}, stringify(specOf(state), 2)),
      state.refused && notice('bad', state.refused),
      state.done
        ? notice('info', 'The supervisor is there. ', a({href: link('supervisors', [state.done])}, `See ${state.done}`))
        : div({class: 'bar under'}, action(state.busy ? 'Asking …' : 'Submit', this.submit, {kind: 'primary', disabled: state.busy || lacks !== null}), p({class: 'muted'}, lacks ?? 'The topic is read from its start.')));
  }
}

function field(name, value, onInput) {
  return label({class: 'field'}, span(name), input({type: 'text', value, spellcheck: false, onInput: event => onInput(event.currentTarget.value)}));
}

function choice(name, value, values, onChange) {
  return label({class: 'field'}, span(name), pick(name, value, values, onChange));
}

function pick(name, value, values, onChange, texts = {}) {
  return select({'aria-label': name, value, onChange: event => onChange(event.currentTarget.value)}, values.map(each => option({key: each, value: each}, texts[each] ?? each)));
}
