/** A query in pieces that have a colour: [text, kind], where kind is '' for what has none. */
const JSON_PIECES = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
const SQL_PIECES = /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|\b(\d[\d.eE]*)\b|\b([A-Za-z_]\w*)\b/g;

export const SQL_WORDS = [
  'SELECT', 'FROM', 'WHERE', 'GROUP', 'BY', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'AS', 'AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'LIKE', 'IS',
  'NULL', 'TRUE', 'FALSE', 'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'JOIN', 'LEFT', 'RIGHT', 'FULL', 'INNER', 'OUTER', 'CROSS', 'ON', 'USING',
  'UNION', 'ALL', 'DISTINCT', 'WITH', 'OVER', 'PARTITION', 'FILTER', 'ASC', 'DESC', 'NULLS', 'FIRST', 'LAST', 'INTERVAL', 'TIMESTAMP', 'DATE',
  'CAST', 'EXISTS', 'VALUES', 'ROLLUP', 'CUBE', 'GROUPING', 'SETS', 'EXPLAIN', 'PLAN', 'FOR', 'ROWS', 'RANGE', 'PRECEDING', 'FOLLOWING',
];
const WORDS = new Set(SQL_WORDS);

/** Whether a text is meant as a native query; everything else is SQL. */
export function isNative(text) {
  return /^\s*[{[]/.test(text) || text.trim() === '';
}

export function pieces(text) {
  return isNative(text)
    ? split(text, JSON_PIECES, ([, string, colon, number, word]) => (string ? (colon ? 'key' : 'text') : number ? 'number' : word ? 'word' : ''))
    : split(text, SQL_PIECES, ([, comment, string, name, number, word]) =>
      comment ? 'comment' : string ? 'text' : name ? 'key' : number ? 'number' : WORDS.has(word?.toUpperCase()) ? 'word' : '');
}

function split(text, pattern, kindOf) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    found.push([text.slice(end, match.index), ''], [match[0], kindOf(match)]);
    end = match.index + match[0].length;
  }
  found.push([text.slice(end), '']);
  return found.filter(([piece]) => piece !== '');
}
