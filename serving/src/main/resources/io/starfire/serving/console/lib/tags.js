/**
 * Elements as functions: div({class: 'card'}, h2('Title'), 'text'). The first argument holds the
 * properties if it is a plain object; everything else is content.
 */
import {h} from './preact.js';

export {Component, Fragment, createRef, h, render} from './preact.js';

const made = new Map();

export const tags = new Proxy({}, {
  get(_, name) {
    if (!made.has(name)) {
      made.set(name, (...parts) => element(name, parts));
    }
    return made.get(name);
  },
});

function element(name, parts) {
  const hasProperties = isProperties(parts[0]);
  return h(name, hasProperties ? parts[0] : null, ...(hasProperties ? parts.slice(1) : parts));
}

/** Elements have no constructor, by which Preact tells them from what JSON brings. */
function isProperties(value) {
  return value !== null && typeof value === 'object' && value.constructor === Object;
}
