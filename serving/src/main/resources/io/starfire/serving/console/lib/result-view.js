/** The answer of a query: as a table or as a picture, and as a file. */
import {Component, h, tags} from './tags.js';
import {Chart} from './chart.js';
import {TYPES, bestType, measures, picture} from './chart-choice.js';
import {asCsv, asJson, download} from './download.js';
import {count, counted, duration} from './format.js';
import {stringify} from './json.js';
import {action, empty} from './parts.js';

const {caption, div, label, option, p, select, span, table, tbody, td, th, thead, tr} = tags;
const PAGE = 200;

/** Properties: `result`, {columns, rows, millis}. */
export class ResultView extends Component {
  state = {shown: 'table', type: bestType(this.props.result), measure: measures(this.props.result)[0], rows: PAGE};

  render({result}, {shown}) {
    return div({class: 'result'},
      div({class: 'bar'},
        div({class: 'choice', role: 'group', 'aria-label': 'How the answer is shown'},
          action('Table', () => this.setState({shown: 'table'}), {'aria-pressed': String(shown === 'table')}),
          action('Chart', () => this.setState({shown: 'chart'}), {'aria-pressed': String(shown === 'chart'), disabled: measures(result).length === 0})),
        shown === 'chart' && this.choices(result),
        p({class: 'muted range', role: 'status'}, `${counted(result.rows.length, 'row')} in ${duration(result.millis)}`),
        action('CSV', () => download('answer.csv', 'text/csv', asCsv(result)), {'aria-label': 'Download CSV'}),
        action('JSON', () => download('answer.json', 'application/json', asJson(result)), {'aria-label': 'Download JSON'})),
      result.rows.length === 0 ? empty('The answer has no rows.') : shown === 'table' ? this.table(result) : this.chart(result));
  }

  choices(result) {
    const {type, measure} = this.state;
    const names = measures(result);
    return [
      div({class: 'choice', role: 'group', 'aria-label': 'Kind of chart'}, TYPES.map(each =>
        action(each, () => this.setState({type: each}), {key: each, 'aria-pressed': String(each === (type ?? 'bar'))}))),
      names.length > 1 && label({class: 'chooser'}, span('of'),
        select({value: measure, onChange: event => this.setState({measure: event.currentTarget.value})}, names.map(name => option({key: name, value: name}, name)))),
    ];
  }

  chart(result) {
    const drawn = picture(result, this.state.type ?? 'bar', this.state.measure);
    return h(Chart, {key: `${drawn.type} ${this.state.measure}`, drawn});
  }

  table({columns, rows}) {
    const more = rows.length - this.state.rows;
    return div(
      div({class: 'scroll rows', tabIndex: 0, role: 'region', 'aria-label': 'Answer'},
        table(
          caption({class: 'unseen'}, 'Answer of the query'),
          thead(tr(columns.map((column, index) => th({key: index, scope: 'col', class: column.kind === 'number' ? 'number' : ''}, column.name)))),
          tbody(rows.slice(0, this.state.rows).map((row, index) =>
            tr({key: index}, row.map((value, at) => cell(value, columns[at], at))))))),
      more > 0 && action(`Show ${count(Math.min(more, 10 * PAGE))} more of ${count(rows.length)}`, () => this.setState({rows: this.state.rows + 10 * PAGE}), {kind: 'plain'}));
  }
}

/** Numbers stand as they are, digit for digit, so that they can be copied. */
function cell(value, {kind}, at) {
  if (value === null) {
    return td({key: at, class: `null ${kind === 'number' ? 'number' : ''}`}, 'null');
  }
  if (kind === 'time') {
    return td({key: at, class: 'time'}, typeof value === 'string' ? value : iso(value));
  }
  return td({key: at, class: kind === 'number' ? 'number' : 'text'}, typeof value === 'object' ? stringify(value) : String(value));
}

function iso(value) {
  const time = new Date(Number(value));
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}
