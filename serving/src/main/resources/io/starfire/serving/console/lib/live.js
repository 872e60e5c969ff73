/** Shows what the server has, and asks again and again. */
import {Component, tags} from './tags.js';
import {notice, pending} from './parts.js';

const {div} = tags;
const EVERY = 5000;

/**
 * Properties: `load` gives what is shown, `draw` draws it, `every` is the pause in milliseconds, `of` is
 * what is asked for: if it changes, what was shown goes. If the server does not answer, what it said last
 * stays, with a notice above. A page that nobody sees asks nothing.
 */
export class Live extends Component {
  state = {value: undefined, failure: null};
  wake = () => document.hidden || this.reload();

  componentDidMount() {
    document.addEventListener('visibilitychange', this.wake);
    this.reload();
  }

  componentDidUpdate(before) {
    if (before.of !== this.props.of) {
      this.setState({value: undefined, failure: null});
      this.reload();
    }
  }

  componentWillUnmount() {
    this.gone = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.wake);
  }

  reload = async () => {
    clearTimeout(this.timer);
    const asked = (this.asked = Symbol('request'));
    try {
      const value = await this.props.load();
      this.take(asked, {value, failure: null});
    } catch (failure) {
      this.take(asked, {failure});
    }
    if (asked === this.asked && !this.gone) {
      this.timer = setTimeout(this.wake, this.props.every ?? EVERY);
    }
  };

  /** Drops an answer that a later request, or another view, has overtaken. */
  take(asked, state) {
    if (asked === this.asked && !this.gone) {
      this.setState(state);
    }
  }

  render() {
    const {value, failure} = this.state;
    return div({class: 'live', 'aria-busy': String(value === undefined && !failure)},
      failure && notice('bad', failure.message),
      value === undefined ? !failure && pending() : this.props.draw(value, this.reload));
  }
}
