/** The views, in the order of the navigation. A view is a file in views/ and a line here. */
const NAMES = [
  'overview',
  'data-sources',
  'timeline',
  'query',
  'supervisors',
  'runs',
  'pipelines',
  'load-data',
  'system',
];

/** Each exports its `title`, its `icon` and its `View`, a component that gets the address. */
export function loadViews() {
  return Promise.all(NAMES.map(async name => ({name, ...(await import(`./views/${name}.js`))})));
}
