/** Requests to the server that the page came from. */
import {parse, stringify} from './json.js';

/** What the server refused, in its own words. */
export class ServerError extends Error {
  constructor(status, body) {
    super(body?.errorMessage ?? `the server answered with status ${status}`);
    this.status = status;
    this.code = body?.errorCode ?? '';
  }
}

export function get(path, options) {
  return send('GET', path, undefined, options);
}

/** A change, or a query. `body` is a value, or JSON text that goes as it is. */
export function post(path, body, options) {
  return send('POST', path, body, options);
}

export function remove(path) {
  return send('DELETE', path, undefined, {});
}

/** A name as one part of a path. */
export function part(name) {
  return encodeURIComponent(name);
}

async function send(method, path, body, {signal} = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: method === 'POST' ? {'Content-Type': 'application/json'} : {},
      body: typeof body === 'string' || body === undefined ? body : stringify(body),
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ServerError(0, {errorMessage: 'the server does not answer; it may have been stopped'});
  }
  const text = await response.text().catch(() => {
    throw new ServerError(0, {errorMessage: 'the answer broke off and is not whole; the log of the server says why'});
  });
  const value = valueOf(text);
  if (!response.ok) {
    throw new ServerError(response.status, value);
  }
  return value;
}

function valueOf(text) {
  if (text === '') {
    return null;
  }
  try {
    return parse(text);
  } catch {
    throw new ServerError(0, {errorMessage: 'the answer is not JSON: it broke off, or did not come from Starfire'});
  }
}
