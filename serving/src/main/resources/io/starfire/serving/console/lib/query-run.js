/** Sends a query, and can call it off. */
import {parse} from './json.js';
import {isNative} from './highlight.js';
import {ofNative, ofSql} from './results.js';
import {part, post, remove} from './server.js';

const SQL_FORM = {resultFormat: 'array', header: true, typesHeader: true, sqlTypesHeader: true};

export class QueryRun {
  constructor(text) {
    this.text = text;
    this.native = isNative(text);
    this.id = newId();
    this.abort = new AbortController();
  }

  /** {columns, rows, millis}; throws what the server refused. */
  async run() {
    const began = performance.now();
    const result = this.native ? await this.askNative() : await this.askSql();
    return {...result, millis: performance.now() - began};
  }

  async askNative() {
    const query = parse(this.text);
    this.id = query.context?.queryId ?? this.id;
    return ofNative(await post('/druid/v2', {...query, context: {...query.context, queryId: this.id}}, {signal: this.abort.signal}));
  }

  async askSql() {
    const body = {query: this.text.replace(/;\s*$/, ''), ...SQL_FORM, context: {sqlQueryId: this.id}};
    return ofSql(await post('/druid/v2/sql', body, {signal: this.abort.signal}));
  }

  /** The server stops its work on it too. */
  async cancel() {
    this.abort.abort();
    await remove(`${this.native ? '/druid/v2' : '/druid/v2/sql'}/${part(this.id)}`).catch(() => {});
  }
}

function newId() {
  return `console-${[...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
}
