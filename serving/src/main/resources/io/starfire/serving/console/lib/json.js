/**
 * JSON with whole numbers of any length. A number that a double cannot hold exactly becomes a BigInt,
 * so that 19 digits stay 19 digits. Written by hand, since older browsers give a reviver no source text.
 */

/** Digits in a row that may be more than a double holds. */
const LONG_NUMBER = /[0-9]{16}/;
const WHOLE = /^-?[0-9]+$/;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const BLANK = /[ \t\r\n]*/y;
const WORDS = {t: ['true', true], f: ['false', false], n: ['null', null]};

/** Reads a text; throws a SyntaxError that says where it is no JSON. */
export function parse(text) {
  if (!LONG_NUMBER.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // The parser below says where the mistake is, in every browser in the same words.
    }
  }
  return new Parser(text).whole();
}

/** Writes a value, BigInts as numbers. */
export function stringify(value, indent = 0) {
  return write(value, indent, '');
}

/** A text as a number, exactly. */
function number(text) {
  const value = Number(text);
  return WHOLE.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value();
    this.blank();
    if (this.at < this.text.length) {
      this.fail();
    }
    return value;
  }

  value() {
    this.blank();
    const first = this.text[this.at];
    if (first === '{') {
      return this.object();
    }
    if (first === '[') {
      return this.array();
    }
    if (first === '"') {
      return this.string();
    }
    if (WORDS[first] && this.text.startsWith(WORDS[first][0], this.at)) {
      this.at += WORDS[first][0].length;
      return WORDS[first][1];
    }
    return number(this.take(NUMBER));
  }

  object() {
    const object = {};
    this.at++;
    if (this.skip('}')) {
      return object;
    }
    do {
      this.blank();
      const name = this.string();
      this.want(':');
      // A plain assignment of this one name would change the prototype.
      Object.defineProperty(object, name, {value: this.value(), enumerable: true, configurable: true, writable: true});
    } while (this.skip(','));
    this.want('}');
    return object;
  }

  array() {
    const array = [];
    this.at++;
    if (this.skip(']')) {
      return array;
    }
    do {
      array.push(this.value());
    } while (this.skip(','));
    this.want(']');
    return array;
  }

  string() {
    return JSON.parse(this.take(STRING));
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) {
      this.fail();
    }
    this.at = pattern.lastIndex;
    return found[0];
  }

  blank() {
    BLANK.lastIndex = this.at;
    BLANK.exec(this.text);
    this.at = BLANK.lastIndex;
  }

  skip(character) {
    this.blank();
    if (this.text[this.at] !== character) {
      return false;
    }
    this.at++;
    return true;
  }

  want(character) {
    if (!this.skip(character)) {
      this.fail();
    }
  }

  fail() {
    const before = this.text.slice(0, this.at).split('\n');
    const found = this.at < this.text.length ? `'${this.text[this.at]}'` : 'the end';
    throw new SyntaxError(`${found} is not expected in line ${before.length}, column ${before.at(-1).length + 1}`);
  }
}

function write(value, indent, margin) {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value) ?? 'null';
  }
  const inner = margin + ' '.repeat(indent);
  const parts = Array.isArray(value)
    ? value.map(element => write(element, indent, inner))
    : Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([name, part]) => JSON.stringify(name) + (indent ? ': ' : ':') + write(part, indent, inner));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) {
    return open + close;
  }
  const oneLine = open + parts.join(indent ? ', ' : ',') + close;
  const fits = !indent || (margin.length + oneLine.length <= 100 && !oneLine.includes('\n'));
  return fits ? oneLine : `${open}\n${parts.map(part => inner + part).join(',\n')}\n${margin}${close}`;
}
