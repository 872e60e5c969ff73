/** Asks the server: a native query if the text begins with a brace, else SQL. */
import {Component, h, tags} from '../lib/tags.js';
import {Address} from '../lib/address.js';
import {loadFunctions, loadTables} from '../lib/catalog.js';
import {Editor} from '../lib/editor.js';
import {isNative} from '../lib/highlight.js';
import {duration} from '../lib/format.js';
import {parse, stringify} from '../lib/json.js';
import {action, card, empty, heading, notice} from '../lib/parts.js';
import {planTree} from '../lib/plan-tree.js';
import {QueryRun} from '../lib/query-run.js';
import {forgetAll, queries, remember} from '../lib/query-history.js';
import {ResultView} from '../lib/result-view.js';

const {button, div, kbd, li, p, span, ul} = tags;
const SLOW = 300;
const NO_FUNCTIONS = [];

export const title = 'Query';
export const icon = 'query';

export class View extends Component {
  state = {text: this.props.address.values.text ?? queries()[0]?.text ?? '', tables: [], functions: null, run: null, result: null, plan: null, failure: null, said: ''};

  componentDidMount() {
    loadTables().then(tables => this.setState({tables, text: this.state.text || example(tables)}), () => {});
  }

  componentDidUpdate(before) {
    const text = this.props.address.values.text;
    if (text !== undefined && text !== before.address.values.text && text !== this.state.text) {
      this.setState({text, result: null, failure: null});
    }
  }

  componentWillUnmount() {
    this.state.run?.cancel();
  }

  /** Functions are asked for when somebody writes SQL. */
  change = text => {
    this.setState({text});
    if (!isNative(text) && this.state.functions === null) {
      this.setState({functions: NO_FUNCTIONS});
      loadFunctions().then(functions => this.setState({functions}));
    }
  };

  run = () => this.ask(this.state.text, result => {
    remember(this.state.text, result.millis);
    return {result, plan: null, runs: (this.state.runs ?? 0) + 1};
  });

  /** Of SQL: the native queries that answer it, and the steps above them. */
  explain = () => this.ask(`EXPLAIN PLAN FOR ${this.state.text}`, ({rows}) => ({plan: parse(rows[0][0]), result: null}));

  /** Sends a query, and shows what `take` makes of its answer. */
  async ask(query, take) {
    const {text} = this.state;
    if (text.trim() === '' || this.state.run) {
      return;
    }
    new Address('query', [], {text}).note();
    const run = new QueryRun(query);
    this.setState({run, failure: null, said: ''});
    try {
      this.setState({...take(await run.run()), run: null, failure: null});
    } catch (failure) {
      this.setState({run: null, result: null, plan: null, failure: failure.name === 'AbortError' ? {message: 'The query was cancelled.', kind: 'info'} : failure});
    }
  }

  tidy = () => {
    try {
      this.setState({text: stringify(parse(this.state.text), 2), failure: null});
    } catch (failure) {
      this.setState({failure: {message: `This is not JSON: ${failure.message}.`}});
    }
  };

  copyLink = async () => {
    new Address('query', [], {text: this.state.text}).note();
    try {
      await navigator.clipboard.writeText(location.href);
      this.setState({said: 'The link is copied.'});
    } catch {
      this.setState({said: 'The address of this page is the link.'});
    }
  };

  render(_, {text, tables, functions, run, result, plan, failure, said, runs}) {
    const native = isNative(text);
    return div({class: 'grid'},
      heading('Query', 'A text that begins with { is a native query, any other is SQL.'),
      div({class: 'ask'},
        card('',
          h(Editor, {value: text, label: 'Query', catalog: {tables, functions: functions ?? NO_FUNCTIONS}, onChange: this.change, onRun: this.run}),
          div({class: 'bar under'},
            run ? action('Cancel', () => run.cancel(), {kind: 'danger'}) : action('Run', this.run, {kind: 'primary', disabled: text.trim() === ''}),
            native ? action('Tidy', this.tidy) : action('Explain', this.explain, {disabled: run !== null}),
            action('Copy link', this.copyLink),
            p({class: 'muted', role: 'status'}, run ? 'Running …' : said),
            p({class: 'muted range keys'}, kbd('Ctrl'), ' ', kbd('Enter'), ' runs, ', kbd('Ctrl'), ' ', kbd('Space'), ' offers names'))),
        this.earlier()),
      failure && notice(failure.kind ?? 'bad', failure.message),
      plan && card('Plan', planTree(plan)),
      result && card('', h(ResultView, {key: runs, result})));
  }

  earlier() {
    const kept = queries();
    return card('History', kept.length === 0
      ? empty('Queries that you run are kept here, in this browser only.')
      : [
        ul({class: 'history'}, kept.map(each => li({key: each.text},
          button({class: 'plain', title: each.text, onClick: () => this.setState({text: each.text, failure: null})},
            span({class: 'mono'}, summary(each.text)), span({class: each.millis > SLOW ? 'slow' : 'muted'}, duration(each.millis)))))),
        action('Forget all', () => {
          forgetAll();
          this.forceUpdate();
        }, {kind: 'plain quiet'}),
      ]);
  }
}

/** A query in one short line. */
function summary(text) {
  if (!isNative(text)) {
    return text.replace(/\s+/g, ' ').trim();
  }
  try {
    const query = JSON.parse(text);
    const source = typeof query.dataSource === 'string' ? query.dataSource : query.dataSource?.type ?? '';
    return `${query.queryType} ${source} ${query.granularity?.type ?? query.granularity ?? ''}`.trim();
  } catch {
    return text.replace(/\s+/g, ' ').trim();
  }
}

/** Something to begin with: the rows of the first data source. */
function example(tables) {
  return tables.length === 0 ? '' : stringify({queryType: 'scan', dataSource: tables[0].name, intervals: ['1000-01-01/3000-01-01'], limit: 100}, 2);
}
