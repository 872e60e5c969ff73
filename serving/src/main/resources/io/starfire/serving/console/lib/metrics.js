/** Metrics in Prometheus' text, as [{name, labels, value, help}]. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export async function loadMetrics() {
  const response = await fetch('/metrics');
  return metricsOf(await response.text());
}

export function metricsOf(text) {
  const helps = new Map();
  const found = [];
  for (const line of text.split('\n')) {
    const help = /^# HELP (\S+) (.*)/.exec(line);
    const match = LINE.exec(line);
    if (help) {
      helps.set(help[1], help[2]);
    } else if (match) {
      const [, name, labels, value] = match;
      found.push({
        name,
        labels: Object.fromEntries([...(labels ?? '').matchAll(LABEL)].map(([, key, of]) => [key, of])),
        value: Number(value),
        help: helps.get(name) ?? '',
      });
    }
  }
  return found;
}
