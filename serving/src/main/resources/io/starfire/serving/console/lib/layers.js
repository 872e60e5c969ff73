/**
 * What lies over what: sets of segments become lanes, with intervals across and versions up. Live rows
 * are the lowest lane, then real-time segments, then batch runs, a later one above those that it overlaps,
 * and staged publications on top.
 */
import {millisOf} from './format.js';

/** A lane with more pieces than this draws neighbours of one version as one. */
const MOST_PIECES = 300;

/** Lanes from the lowest to the highest: {name, kind, pieces}. */
export function lanesOf(sets, staged, [from, to]) {
  const pieces = sets.map(piece).filter(each => each.from < to && each.to > from);
  const batch = levels(pieces.filter(each => each.kind === 'batch' || each.kind === 'tombstone'));
  const waiting = levels(staged.flatMap(stagedPieces).filter(each => each.from < to && each.to > from));
  return [
    {name: 'Live', kind: 'live', pieces: pieces.filter(each => each.kind === 'live')},
    {name: 'Real-time', kind: 'realtime', pieces: pieces.filter(each => each.kind === 'realtime')},
    ...batch.map((of, index) => ({name: index ? `Batch ${index + 1}` : 'Batch', kind: 'batch', pieces: of})),
    ...waiting.map((of, index) => ({name: index ? `Staged ${index + 1}` : 'Staged', kind: 'staged', pieces: of})),
  ]
    .filter(lane => lane.pieces.length > 0)
    .map(lane => ({...lane, pieces: lane.pieces.length > MOST_PIECES ? joined(lane.pieces) : lane.pieces}));
}

/** From the first to the last instant of anything; null if there is nothing. */
export function extent(sets, staged) {
  const ends = [...sets.map(set => set.interval), ...staged.flatMap(each => each.intervals)].map(millisOf);
  return ends.length === 0 ? null : [Math.min(...ends.map(([from]) => from)), Math.max(...ends.map(([, to]) => to))];
}

function piece(set) {
  const [from, to] = millisOf(set.interval);
  return {...set, key: `${set.kind} ${set.version} ${set.interval}`, from, to, shows: set.shows.map(millisOf), sets: 1};
}

function stagedPieces(publication) {
  return publication.intervals.map(interval => {
    const [from, to] = millisOf(interval);
    return {
      key: `${publication.id} ${interval}`,
      kind: 'staged',
      interval,
      version: publication.version,
      from,
      to,
      shows: [],
      partitions: publication.segmentCount,
      publication,
      sets: 1,
    };
  });
}

/** Versions in ascending order, each on the lowest level above those that it overlaps. */
function levels(pieces) {
  const versions = new Map();
  for (const each of pieces) {
    const version = versions.get(each.version) ?? {version: each.version, from: each.from, to: each.to, pieces: []};
    version.from = Math.min(version.from, each.from);
    version.to = Math.max(version.to, each.to);
    version.pieces.push(each);
    versions.set(each.version, version);
  }
  const placed = [];
  for (const version of [...versions.values()].sort((one, other) => (one.version < other.version ? -1 : 1))) {
    const below = placed.filter(each => each.from < version.to && version.from < each.to);
    placed.push({...version, level: 1 + Math.max(-1, ...below.map(each => each.level))});
  }
  const levelled = [];
  for (const {level, pieces: of} of placed) {
    (levelled[level] ??= []).push(...of);
  }
  return levelled.map(of => of.sort((one, other) => one.from - other.from));
}

/** Neighbours of one kind that show or hide alike, as one. */
function joined(pieces) {
  const result = [];
  for (const each of pieces) {
    const last = result.at(-1);
    const sameVersion = last && (last.version === each.version || each.kind === 'realtime' || each.kind === 'live');
    if (sameVersion && last.to === each.from && last.kind === each.kind && state(last) === state(each)) {
      result[result.length - 1] = join(last, each);
    } else {
      result.push(each);
    }
  }
  return result;
}

function join(one, other) {
  const sum = name => Number(one[name] ?? 0) + Number(other[name] ?? 0);
  return {
    ...one,
    to: other.to,
    interval: `${one.interval.split('/')[0]}/${other.interval.split('/')[1]}`,
    shows: [...one.shows, ...other.shows],
    partitions: sum('partitions'),
    rows: sum('rows'),
    events: sum('events'),
    bytes: sum('bytes'),
    sets: one.sets + other.sets,
  };
}

/** Whether all of it shows, part of it, or nothing. */
export function state({from, to, shows, kind}) {
  if (kind === 'staged') {
    return 'staged';
  }
  const length = shows.reduce((sum, [start, end]) => sum + end - start, 0);
  return length === 0 ? 'hidden' : length < to - from ? 'partly' : 'shown';
}
