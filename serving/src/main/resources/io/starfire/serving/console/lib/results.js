/** Answers of queries of every type as one table: {columns: [{name, kind}], rows: [[value]]}. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The answer of a native query. */
export function ofNative(answer) {
  if (!Array.isArray(answer)) {
    return ofObjects([answer]);
  }
  return ofObjects(answer.flatMap(rowsOf));
}

/** The answer of SQL as arrays, under a row of names, one of native types and one of SQL types. */
export function ofSql([names = [], , types = [], ...rows]) {
  return {columns: names.map((name, index) => ({name, kind: kindOfSql(types[index], rows, index)})), rows};
}

function rowsOf(element) {
  if (element === null || typeof element !== 'object') {
    return [{value: element}];
  }
  if (element.event && typeof element.event === 'object') {
    return [{...(element.timestamp ? {timestamp: element.timestamp} : {}), ...element.event}];
  }
  if (Array.isArray(element.events) && Array.isArray(element.columns)) {
    return element.events.map(event =>
      Array.isArray(event) ? Object.fromEntries(element.columns.map((name, index) => [columnName(name), event[index]])) : event);
  }
  if ('result' in element && 'timestamp' in element) {
    const results = Array.isArray(element.result) ? element.result : [element.result];
    return results.map(result => ({timestamp: element.timestamp, ...(result !== null && typeof result === 'object' ? result : {result})}));
  }
  return [element];
}

function columnName(column) {
  return typeof column === 'object' ? column.name : column;
}

function ofObjects(objects) {
  const names = [...new Set(objects.flatMap(object => Object.keys(object)))];
  const rows = objects.map(object => names.map(name => object[name] ?? null));
  return {columns: names.map((name, index) => ({name, kind: kindOf(name, rows, index)})), rows};
}

function kindOfSql(type, rows, index) {
  if (type === 'TIMESTAMP' || type === 'DATE') {
    return 'time';
  }
  return type === undefined ? kindOf('', rows, index) : /INT|DOUBLE|FLOAT|DECIMAL|REAL|NUMERIC/.test(type) ? 'number' : 'text';
}

/** What all values of a column are: time, number, text, or other. */
function kindOf(name, rows, index) {
  const values = rows.map(row => row[index]).filter(value => value !== null);
  if (values.length === 0) {
    return 'text';
  }
  if (values.every(value => typeof value === 'number' || typeof value === 'bigint')) {
    return name === '__time' ? 'time' : 'number';
  }
  if (values.every(value => typeof value === 'string')) {
    return values.every(value => ISO.test(value)) ? 'time' : 'text';
  }
  return 'other';
}

/** Milliseconds of a value of a time column. */
export function millis(value) {
  return typeof value === 'string' ? Date.parse(value) : Number(value);
}
