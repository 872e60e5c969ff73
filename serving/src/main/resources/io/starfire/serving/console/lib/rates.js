/**
 * Events a second, from counts that the server gives. Kept while the page is open, so that the picture
 * is still there after a look at another view.
 */
const KEPT = 120;
const samples = [];

/** Notes counts by name at a moment. */
export function note(millis, counts) {
  samples.push({millis, counts});
  samples.splice(0, Math.max(0, samples.length - KEPT));
}

/** Of one name over the last half minute; null as long as it is not known. */
export function rateOf(name) {
  const last = samples.at(-1);
  const first = samples.find(sample => sample.millis >= last?.millis - 30_000 && name in sample.counts);
  return first && last && name in last.counts ? between(first, last, name) : null;
}

/** Of all names together, one number a sample. */
export function history() {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index];
    const names = Object.keys(sample.counts).filter(name => name in before.counts);
    return {millis: sample.millis, rate: names.reduce((sum, name) => sum + (between(before, sample, name) ?? 0), 0)};
  });
}

/** A count that became smaller began anew: the server was started again. */
function between(first, last, name) {
  const seconds = (last.millis - first.millis) / 1000;
  const events = Number(last.counts[name]) - Number(first.counts[name]);
  return seconds > 0 ? Math.max(0, events) / seconds : null;
}
