/** The parts that views are made of. */
import {tags} from './tags.js';

const {button, caption, dd, div, dl, dt, h1, h2, header, p, progress, section, span, table, tbody, td, th, thead, tr} = tags;

/** The title of a view, with a sentence about it and what can be done at its right. */
export function heading(title, sentence, ...actions) {
  return header({class: 'heading'},
    div(h1(title), sentence && p({class: 'muted'}, sentence)),
    actions.length > 0 && div({class: 'actions'}, actions));
}

export function card(title, ...content) {
  return section({class: 'card', 'aria-label': title}, title && h2(title), content);
}

/** A number that counts, with its name. */
export function figure(name, value, detail, kind) {
  return div({class: `figure ${kind ?? ''}`}, span({class: 'name'}, name), span({class: 'value'}, value), span({class: 'detail'}, detail ?? ''));
}

export function figures(...content) {
  return div({class: 'figures'}, content);
}

/** A word with a colour: good, warn, bad, staged, batch, realtime, or none. */
export function badge(text, kind = '') {
  return span({class: `badge ${kind}`}, text);
}

/** A message: info, warn or bad. */
export function notice(kind, ...content) {
  return div({class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'note'}, content);
}

export function empty(...content) {
  return div({class: 'empty'}, content);
}

export function pending() {
  return p({class: 'pending muted', role: 'status'}, 'Asking the server …');
}

/** Names with their values. */
export function facts(pairs) {
  return dl({class: 'facts'}, pairs.filter(pair => pair).map(([name, value]) => div({key: name}, dt(name), dd(value))));
}

export function action(text, onClick, {kind = '', ...properties} = {}) {
  return button({class: kind, onClick, ...properties}, text);
}

/** How much of something is done, as a bar and in words. */
export function progressOf(part, whole, label) {
  return div({class: 'progress'},
    progress({value: part, max: Math.max(whole, 1), 'aria-label': label}),
    span({class: 'muted'}, label));
}

/**
 * A table. A column is {title, of: row => content}, and `number` aligns it at the right. `keyOf` names a
 * row; `sentence` says what there is if there are none.
 */
export function dataTable({label, columns, rows, keyOf, sentence}) {
  if (rows.length === 0) {
    return empty(sentence ?? 'There is nothing to show.');
  }
  return div({class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': label},
    table(
      caption({class: 'unseen'}, label),
      thead(tr(columns.map(column => th({key: column.title, scope: 'col', class: column.number ? 'number' : ''}, column.title)))),
      tbody(rows.map((row, index) =>
        tr({key: keyOf ? keyOf(row) : index},
          columns.map((column, at) =>
            at === 0
              ? th({key: column.title, scope: 'row', class: column.number ? 'number' : ''}, column.of(row))
              : td({key: column.title, class: column.number ? 'number' : ''}, column.of(row))))))));
}
