/** Where in the console a person is: #/view/of/it?name=value. A link to it brings anybody back there. */
export class Address {
  constructor(view, path = [], values = {}) {
    this.view = view;
    this.path = path;
    this.values = values;
  }

  static current() {
    const [path, query = ''] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
    const [view, ...rest] = path.split('/').filter(part => part !== '').map(decode);
    return new Address(view ?? 'overview', rest, Object.fromEntries(new URLSearchParams(query)));
  }

  toString() {
    const path = [this.view, ...this.path].map(encodeURIComponent).join('/');
    const query = new URLSearchParams(this.values).toString();
    return `#/${path}${query ? `?${query}` : ''}`;
  }

  /** Goes there, so that the browser's way back leads here. */
  go() {
    location.hash = this.toString();
  }

  /** Notes where we are, without a step in the browser's history. */
  note() {
    history.replaceState(null, '', this.toString());
  }
}

export function link(view, path, values) {
  return new Address(view, path, values).toString();
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
