/**
 * A text field for queries. It is a plain textarea, so that keyboards, screen readers and undo work as
 * everywhere; the colours lie behind it. Ctrl+Space offers names, and so does typing two letters.
 * The Tab key leaves it, unless names are offered.
 */
import {Component, createRef, tags} from './tags.js';
import {complete} from './completion.js';
import {pieces} from './highlight.js';

const {div, li, pre, span, textarea, ul} = tags;
const NONE = {from: 0, options: []};

/** Properties: `value`, `label`, `catalog`, `onChange` and `onRun`. */
export class Editor extends Component {
  state = {offered: NONE, chosen: 0};
  field = createRef();
  paint = createRef();

  /** Names that arrive while somebody types are offered then. */
  componentDidUpdate(before) {
    if (before.catalog.functions !== this.props.catalog.functions && document.activeElement === this.field.current) {
      this.offer(2);
    }
  }

  change = event => {
    this.props.onChange(event.currentTarget.value);
    this.offer(2);
  };

  /** Offers names if at least so many letters were typed. */
  offer(letters) {
    const {value, selectionStart: at} = this.field.current;
    const offered = complete(value, at, this.props.catalog);
    this.setState({offered: at - offered.from >= letters ? offered : NONE, chosen: 0});
  }

  close = () => this.setState({offered: NONE});

  accept(option) {
    const field = this.field.current;
    field.setRangeText(option.insert ?? option.text, this.state.offered.from, field.selectionStart, 'end');
    field.focus();
    this.props.onChange(field.value);
    this.close();
  }

  key = event => {
    const {offered: {options}, chosen} = this.state;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.close();
      this.props.onRun();
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      this.offer(0);
    } else if (options.length > 0 && !event.isComposing) {
      const moves = {ArrowDown: 1, ArrowUp: options.length - 1};
      if (event.key in moves) {
        event.preventDefault();
        this.setState({chosen: (chosen + moves[event.key]) % options.length});
      } else if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        this.accept(options[chosen]);
      } else if (event.key === 'Escape') {
        event.preventDefault();
        this.close();
      }
    }
  };

  render({value, label}, {offered: {options}, chosen}) {
    const open = options.length > 0;
    return div({class: 'editor'},
      pre({class: 'paint', ref: this.paint, 'aria-hidden': 'true'}, pieces(value).map(([text, kind], index) => (kind ? span({key: index, class: kind}, text) : text)), '\n'),
      textarea({
        ref: this.field,
        value,
        spellcheck: false,
        autocomplete: 'off',
        autocapitalize: 'off',
        'aria-label': label,
        'aria-controls': 'offered',
        'aria-autocomplete': 'list',
        'aria-activedescendant': open ? `offered-${chosen}` : undefined,
        onInput: this.change,
        onKeyDown: this.key,
        onBlur: this.close,
        onClick: this.close,
      }),
      ul({id: 'offered', class: open ? 'offered' : 'offered none', role: 'listbox', 'aria-label': 'Names', style: open ? this.place() : {}}, options.map((option, index) =>
        li({
          key: option.text,
          id: `offered-${index}`,
          role: 'option',
          class: index === chosen ? 'chosen' : '',
          'aria-selected': String(index === chosen),
          onMouseDown: event => {
            event.preventDefault();
            this.accept(option);
          },
        }, span(option.text), span({class: 'muted'}, option.detail)))));
  }

  /** Below the letter at which the name begins. */
  place() {
    let left = this.state.offered.from;
    const walker = document.createTreeWalker(this.paint.current, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) {
        const range = document.createRange();
        range.setStart(node, left);
        const at = range.getBoundingClientRect();
        const box = this.paint.current.getBoundingClientRect();
        return {left: `${Math.min(at.left - box.left, Math.max(0, box.width - 300))}px`, top: `${at.bottom - box.top + 4}px`};
      }
      left -= node.length;
    }
    return {};
  }
}
