/** The picture of a timeline. Each piece is a button: the arrow keys walk from one to the next. */
import {Component, h, tags} from './tags.js';
import {interval as intervalText, time} from './format.js';
import {lanesOf, state} from './layers.js';
import {marks} from './time-axis.js';

const {button, div, span} = tags;
const MARKS = 9;
/** Further right a mark has no room for its text. */
const ROOM = 95;
const STATES = {shown: 'shows', partly: 'shows in part', hidden: 'hidden', staged: 'staged'};

/** Properties: `sets`, `staged`, `range` and `onChoose`, which is told of the piece under pointer or focus. */
export class TimelinePicture extends Component {
  state = {lane: 0, index: 0};

  render({range, sets, staged}) {
    this.lanes = lanesOf(sets, staged, range);
    const upward = this.lanes.map((lane, index) => ({...lane, index})).reverse();
    return div({class: 'timeline', role: 'group', 'aria-label': 'Timeline; arrow keys walk through its pieces', onKeyDown: event => this.walk(event)},
      upward.map(lane => div({key: lane.name, class: 'lane'}, span({class: 'lane-name'}, lane.name),
        div({class: `track ${lane.kind}`}, lane.pieces.map((piece, index) => this.piece(piece, lane.index, index))))),
      this.strip(),
      this.axis());
  }

  piece(piece, lane, index) {
    const [from, to] = this.props.range;
    const now = state(piece);
    const chosen = this.state.lane === lane && this.state.index === index;
    return button({
      key: piece.key,
      class: `piece ${piece.kind} ${now}`,
      style: place(piece.from, piece.to, from, to),
      'aria-label': `${piece.kind}, ${intervalText(piece.interval)}, ${STATES[now]}`,
      tabIndex: chosen ? 0 : -1,
      'data-at': `${lane} ${index}`,
      onMouseEnter: () => this.props.onChoose(piece),
      onFocus: () => {
        this.setState({lane, index});
        this.props.onChoose(piece);
      },
      onClick: () => this.props.onOpen?.(piece),
    },
    now === 'partly' && piece.shows.map(([start, end]) =>
      span({key: start, class: 'part', style: place(start, end, Math.max(piece.from, from), Math.min(piece.to, to))})));
  }

  /** What queries see: the pieces that show, side by side. */
  strip() {
    const [from, to] = this.props.range;
    const seen = this.lanes.flatMap(lane => lane.pieces.flatMap(piece =>
      piece.shows.map(([start, end]) => ({kind: piece.kind, start, end, key: `${piece.key} ${start}`}))));
    return div({class: 'lane seen', 'aria-hidden': 'true'}, span({class: 'lane-name'}, 'Queries see'),
      div({class: 'track'}, seen.map(each =>
        span({key: each.key, class: `see ${each.kind}`, style: place(each.start, each.end, from, to)}))));
  }

  axis() {
    const [from, to] = this.props.range;
    return div({class: 'lane axis', 'aria-hidden': 'true'}, span({class: 'lane-name'}, 'UTC'),
      div({class: 'track'}, marks(from, to, MARKS).filter(mark => share(mark.millis, from, to) < ROOM).map(mark =>
        span({key: mark.millis, class: mark.strong ? 'mark strong' : 'mark', title: time(mark.millis), style: {left: `${share(mark.millis, from, to)}%`}}, mark.text))));
  }

  walk(event) {
    const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0]}[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const {lane, index} = this.state;
    const next = Math.min(this.lanes.length - 1, Math.max(0, lane + step[0]));
    const here = this.lanes[lane]?.pieces[index];
    const at = next === lane || !here ? index + step[1] : nearest(this.lanes[next].pieces, here);
    this.focus(event.currentTarget, next, Math.min(this.lanes[next].pieces.length - 1, Math.max(0, at)));
  }

  focus(picture, lane, index) {
    picture.querySelector(`[data-at="${lane} ${index}"]`)?.focus();
  }
}

function nearest(pieces, to) {
  const middle = (to.from + to.to) / 2;
  const distances = pieces.map(piece => Math.max(piece.from - middle, middle - piece.to, 0));
  return distances.indexOf(Math.min(...distances));
}

function share(at, from, to) {
  return (100 * (at - from)) / (to - from);
}

/** Left and width in hundredths of what is shown. */
function place(start, end, from, to) {
  const left = Math.max(0, share(start, from, to));
  return {left: `${left.toFixed(3)}%`, width: `${(Math.min(100, share(end, from, to)) - left).toFixed(3)}%`};
}
