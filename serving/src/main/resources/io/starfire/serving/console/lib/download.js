/** A result as a file. */
import {stringify} from './json.js';

export function asCsv({columns, rows}) {
  const lines = [columns.map(column => column.name), ...rows].map(row => row.map(cell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

export function asJson({columns, rows}) {
  const objects = rows.map(row => stringify(Object.fromEntries(columns.map((column, index) => [column.name, row[index]]))));
  return `[${objects.join(',\n')}]\n`;
}

/** Has the browser keep a text under a name. */
export function download(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function cell(value) {
  const text = value === null ? '' : typeof value === 'object' ? stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
