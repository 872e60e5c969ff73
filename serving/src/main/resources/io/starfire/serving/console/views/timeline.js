/** A data source over time: what shows, what it hides, and what waits to be shown. */
import {Component, h, tags} from '../lib/tags.js';
import {Address, link} from '../lib/address.js';
import {bytes, count, counted, duration, interval, time} from '../lib/format.js';
import {extent, state} from '../lib/layers.js';
import {Live} from '../lib/live.js';
import {action, card, empty, facts, heading, notice} from '../lib/parts.js';
import {Publications} from '../lib/publications.js';
import {get, part} from '../lib/server.js';
import {TimelinePicture} from '../lib/timeline-picture.js';

const {a, div, label, option, p, select, span} = tags;
const HOUR = 3_600_000;
const SPANS = [['6 h', 6 * HOUR], ['24 h', 24 * HOUR], ['7 d', 7 * 24 * HOUR], ['30 d', 30 * 24 * HOUR], ['all', Infinity]];
const SHORTEST = 60_000;
const SAID = {
  live: 'Rows that the real-time node has read and not committed yet.',
  realtime: 'Written by the stream, within seconds and nearly right.',
  batch: 'Written by a batch run, exactly.',
  tombstone: 'A batch run found that there is nothing here.',
  staged: 'Loaded, and seen by no query unless it asks for it.',
};
const STATES = {
  shown: 'Queries see it',
  partly: 'Queries see the parts that nothing hides',
  hidden: 'Hidden by a higher version',
  staged: 'Not active yet',
};

export const title = 'Timeline';
export const icon = 'timeline';

export function View({address}) {
  const [name] = address.path;
  return h(Live, {of: name, load: () => load(name), draw: (value, reload) => draw(value, reload, address), every: 3000});
}

async function load(asked) {
  const names = (await get('/starfire/v1/sizes')).map(size => size.dataSource);
  const name = asked ?? names[0];
  if (!names.includes(name)) {
    return {names, name};
  }
  const [layers, publications] = await Promise.all([
    get(`/starfire/v1/timeline/${part(name)}/layers`),
    get(`/starfire/v1/publications?dataSource=${part(name)}`),
  ]);
  return {names, name, layers, publications};
}

function draw({names, name, layers, publications}, reload, address) {
  return div(
    heading('Timeline', 'Intervals across, versions up. At each instant the highest complete version shows.', names.length > 0 && chooser(names, name)),
    layers
      ? [
        h(Explorer, {key: name, layers, staged: publications.filter(each => each.state === 'STAGED')}),
        card('Publications', h(Publications, {key: name, publications, reload, opened: address.values.publication, sentence: `No batch run has delivered '${name}' yet.`})),
      ]
      : names.length === 0
        ? empty('No data source is registered yet.')
        : notice('warn', `There is no data source '${name}'.`));
}

function chooser(names, name) {
  return label({class: 'chooser'}, span('Data source'),
    select({value: name, onChange: event => new Address('timeline', [event.currentTarget.value]).go()},
      !names.includes(name) && option({value: name}, name),
      names.map(each => option({key: each, value: each}, each))));
}

/** The picture, the range that it shows, and what is known of one piece. */
class Explorer extends Component {
  state = {span: Infinity, range: null, piece: null};

  render({layers, staged}, {piece}) {
    const all = extent(layers.sets, staged);
    if (!all) {
      return card('', empty('It has no rows yet.'));
    }
    const range = this.range(all);
    return card('',
      div({class: 'bar'}, this.spans(), this.moves(range, all), p({class: 'muted range'}, `${time(range[0])} – ${time(range[1])}, view ${layers.viewNumber}`)),
      layers.leftOut > 0 && notice('info', `The newest ${count(layers.sets.length)} sets of segments are shown; ${count(layers.leftOut)} older ones are not.`),
      h(TimelinePicture, {sets: layers.sets, staged, range, onChoose: chosen => this.setState({piece: chosen})}),
      this.legend(layers.sets, staged),
      div({class: 'details', 'aria-live': 'polite'}, piece ? details(piece, layers.dataSource) : p({class: 'muted'}, 'Point at a piece, or walk there with the arrow keys, to see what it holds.')));
  }

  range([first, last]) {
    if (this.state.range) {
      return this.state.range;
    }
    const from = Math.max(first, last - this.state.span);
    return [from, Math.max(last, from + SHORTEST)];
  }

  spans() {
    return div({class: 'choice', role: 'group', 'aria-label': 'How much is shown'}, SPANS.map(([text, length]) =>
      action(text, () => this.setState({span: length, range: null}), {key: text, 'aria-pressed': String(!this.state.range && this.state.span === length)})));
  }

  moves(range, all) {
    const [from, to] = range;
    const length = to - from;
    const move = (start, end) => () => this.setState({range: [start, end]});
    return div({class: 'choice', role: 'group', 'aria-label': 'Move and zoom'},
      action('‹', move(from - length / 2, to - length / 2), {'aria-label': 'Earlier', disabled: from <= all[0]}),
      action('+', move(from + length / 4, to - length / 4), {'aria-label': 'Zoom in', disabled: length <= SHORTEST}),
      action('−', move(from - length / 2, to + length / 2), {'aria-label': 'Zoom out', disabled: length >= 2 * (all[1] - all[0])}),
      action('›', move(from + length / 2, to + length / 2), {'aria-label': 'Later', disabled: to >= all[1]}));
  }

  legend(sets, staged) {
    const kinds = ['live', 'realtime', 'batch', 'tombstone'].filter(kind => sets.some(set => set.kind === kind));
    const names = {live: 'live rows', realtime: 'real-time', batch: 'batch', tombstone: 'empty (tombstone)'};
    return div({class: 'legend', 'aria-hidden': 'true'},
      kinds.map(kind => span({key: kind}, span({class: `swatch ${kind}`}), names[kind])),
      sets.some(set => set.shows.length === 0) && span(span({class: 'swatch hidden'}), 'hidden'),
      staged.length > 0 && span(span({class: 'swatch staged'}), 'staged'));
  }
}

function details(piece, dataSource) {
  const held = piece.kind !== 'staged' && piece.kind !== 'tombstone';
  return div({class: `detail ${piece.kind}`},
    p({class: 'sentence'}, SAID[piece.kind], ' ', STATES[state(piece)], '.'),
    facts([
      ['Interval', `${interval(piece.interval)} (${duration(piece.to - piece.from)})`],
      ['Version', piece.sets > 1 && piece.kind === 'realtime' ? 'the start of each bucket' : piece.version],
      piece.partitions > 0 && ['Segments', piece.sets > 1 ? `${count(piece.partitions)} in ${piece.sets} sets` : count(piece.partitions)],
      held && ['Rows', count(piece.rows)],
      held && ['Events', count(piece.events)],
      held && piece.bytes > 0 && ['Size', bytes(piece.bytes)],
      piece.publication && ['Publication', a({href: link('timeline', [dataSource], {publication: piece.publication.id})}, piece.publication.id)],
      piece.publication && ['Loaded', `${piece.publication.loadedCount} of ${counted(piece.publication.segmentCount, 'segment')}`],
    ]));
}
