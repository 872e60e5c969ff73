/** Draws a result: lines, areas or bars over time, bars or a pie of texts. Colours come from the theme. */
import {Component, createRef, h, tags} from './tags.js';
import {counted, decimal, percent, short, time} from './format.js';
import {marks} from './time-axis.js';

const {div, p, span} = tags;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 28;
const TOP = 12;
const BOTTOM = 28;
const BAR = 26;

/** Properties: what `picture` of chart-choice.js gives, as `drawn`. */
export class Chart extends Component {
  state = {width: 800, at: null};
  box = createRef();

  componentDidMount() {
    this.observer = new ResizeObserver(([entry]) => this.setState({width: Math.max(280, entry.contentRect.width)}));
    this.observer.observe(this.box.current);
  }

  componentWillUnmount() {
    this.observer.disconnect();
  }

  render({drawn}) {
    return div({class: 'chart', ref: this.box},
      drawn.over === 'time' ? this.overTime(drawn) : drawn.type === 'pie' ? pie(drawn) : bars(drawn, this.state.width),
      drawn.leftOut > 0 && p({class: 'muted'}, `The largest are drawn; ${counted(drawn.leftOut, 'other')} are in the table.`));
  }

  overTime({type, series}) {
    const times = [...new Set(series.flatMap(each => each.points.map(point => point.at)))].sort((one, other) => one - other);
    const step = times.length > 1 ? Math.min(...times.slice(1).map((at, index) => at - times[index])) : 1;
    const [from, to] = [times[0], times.at(-1) + (type === 'bar' ? step : 0)];
    const values = series.flatMap(each => each.points.map(point => point.value));
    const scale = ticks(Math.min(0, ...values), Math.max(0, ...values));
    const width = this.state.width - LEFT - RIGHT;
    const x = at => LEFT + (width * (at - from)) / Math.max(1, to - from);
    const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - scale.low) / (scale.high - scale.low));
    const shown = this.state.at === null ? null : times[Math.min(times.length - 1, this.state.at)];
    return div(
      h('svg', {
        class: 'plot',
        width: this.state.width,
        height: HEIGHT,
        role: 'img',
        'aria-label': `${type} chart of ${series.map(each => each.name).join(', ')} from ${time(times[0])} to ${time(times.at(-1))}; the table has the numbers`,
        onMouseMove: event => this.point(event, times, from, to, width, type === 'bar' ? step : 0),
        onMouseLeave: () => this.setState({at: null}),
      },
      axisY(scale, y, this.state.width),
      axisX(from, to, x, this.state.width),
      series.map((each, index) => type === 'bar'
        ? columns(each, index, series.length, x, y, step)
        : curve(each, index, x, y, type)),
      shown !== null && h('line', {class: 'cross', x1: x(shown), x2: x(shown), y1: TOP, y2: HEIGHT - BOTTOM})),
      legend(series, shown));
  }

  point(event, times, from, to, width, step) {
    const left = event.currentTarget.getBoundingClientRect().left;
    const at = from + ((event.clientX - left - LEFT) / width) * (to - from) - step / 2;
    const distances = times.map(each => Math.abs(each - at));
    this.setState({at: distances.indexOf(Math.min(...distances))});
  }
}

function curve({name, points}, index, x, y, type) {
  const line = points.map((point, at) => `${at ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join('');
  const ends = points.length > 0 && `L${x(points.at(-1).at).toFixed(1)} ${y(0).toFixed(1)}L${x(points[0].at).toFixed(1)} ${y(0).toFixed(1)}Z`;
  return h('g', {key: name, class: `series series-${index + 1}`},
    type === 'area' && h('path', {class: 'under', d: line + ends}),
    h('path', {class: 'line', d: line}),
    points.length <= 60 && points.map(point => h('circle', {key: point.at, cx: x(point.at), cy: y(point.value), r: 2.4})));
}

function columns({name, points}, index, of, x, y, step) {
  const width = Math.max(1, ((x(step) - x(0)) * 0.8) / of);
  return h('g', {key: name, class: `series series-${index + 1}`},
    points.map(point => h('rect', {
      key: point.at,
      x: x(point.at) + (x(step) - x(0)) * 0.1 + index * width,
      width: Math.max(1, width - 1),
      y: Math.min(y(0), y(point.value)),
      height: Math.max(0.5, Math.abs(y(point.value) - y(0))),
    })));
}

function axisY(scale, y, width) {
  return h('g', {class: 'axis-y'}, scale.at.map(value => h('g', {key: value},
    h('line', {x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value)}),
    h('text', {x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end'}, short(value)))));
}

function axisX(from, to, x, width) {
  return h('g', {class: 'axis-x'}, marks(from, to, Math.max(2, Math.floor(width / 110))).map(mark => h('g', {key: mark.millis},
    h('line', {x1: x(mark.millis), x2: x(mark.millis), y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 4}),
    h('text', {x: x(mark.millis), y: HEIGHT - 8, 'text-anchor': 'middle', class: mark.strong ? 'strong' : ''}, mark.text))));
}

function bars({series: [{name, points}]}, width) {
  const highest = Math.max(...points.map(point => Math.abs(point.value)), 1e-300);
  const labelled = Math.min(240, width * 0.35);
  const height = points.length * BAR;
  return h('svg', {class: 'plot', width, height, role: 'img', 'aria-label': `bar chart of ${name}; the table has the numbers`},
    points.map((point, index) => h('g', {key: point.at, class: 'series series-1'},
      h('text', {x: labelled - 10, y: index * BAR + 17, 'text-anchor': 'end'}, cut(point.at, labelled / 7)),
      h('rect', {x: labelled, y: index * BAR + 4, height: BAR - 8, rx: 3, width: Math.max(1, ((width - labelled - 90) * Math.abs(point.value)) / highest)}),
      h('text', {class: 'value', x: labelled + 8 + Math.max(1, ((width - labelled - 90) * Math.abs(point.value)) / highest), y: index * BAR + 17}, short(point.value)))));
}

function pie({series: [{name, points}]}) {
  const whole = points.reduce((sum, point) => sum + Math.max(0, point.value), 0);
  let turned = 0;
  const slices = points.map((point, index) => {
    const begin = turned;
    turned += whole === 0 ? 0 : Math.max(0, point.value) / whole;
    return h('path', {key: point.at, class: `slice series-${index + 1}`, d: slice(begin, Math.min(turned, begin + 0.9999))});
  });
  return div({class: 'pie'},
    h('svg', {class: 'plot', viewBox: '-100 -100 200 200', width: 260, height: 260, role: 'img', 'aria-label': `pie chart of ${name}; the table has the numbers`}, slices),
    div({class: 'legend rows'}, points.map((point, index) =>
      span({key: point.at}, span({class: `swatch series-${index + 1}`}), `${point.at}  ${short(point.value)} (${percent(Math.max(0, point.value), whole)})`))));
}

function slice(from, to) {
  const at = part => [Math.sin(2 * Math.PI * part) * 96, -Math.cos(2 * Math.PI * part) * 96].map(each => each.toFixed(2)).join(' ');
  return `M0 0L${at(from)}A96 96 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
}

function legend(series, at) {
  return div({class: 'legend'},
    at !== null && span({class: 'when'}, time(at)),
    series.map((each, index) => {
      const point = at === null ? null : each.points.find(candidate => candidate.at === at);
      return span({key: each.name}, span({class: `swatch series-${index + 1}`}), point ? `${each.name}  ${decimal(point.value)}` : each.name);
    }));
}

/** Round values around a range: {low, high, at}. */
function ticks(lowest, highest) {
  const rough = (highest - lowest || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(each => each * power).find(each => each >= rough);
  const low = Math.floor(lowest / step) * step;
  const count = Math.max(1, Math.ceil((highest - low) / step - 1e-9));
  return {low, high: low + count * step, at: Array.from({length: count + 1}, (_, index) => Number((low + index * step).toPrecision(12)))};
}

function cut(text, most) {
  return text.length <= most ? text : `${text.slice(0, Math.floor(most) - 1)}…`;
}
