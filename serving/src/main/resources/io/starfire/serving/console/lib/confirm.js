/** Asks before something is changed, and shows what the server says to it. */
import {Component, createRef, tags} from './tags.js';
import {notice} from './parts.js';

const {button, dialog, div, form, h2, input, label} = tags;

/**
 * Properties: `title`, `yes` (the text of the button), `danger`, `run`, `onEnd` and what is said as
 * content. `run` gets {acceptLoss} and gives a sentence if it is not done yet. If the server refuses, its
 * sentence is shown. If `mayLose`, one can accept that and ask again.
 */
export class Confirm extends Component {
  state = {busy: false, problem: null, acceptLoss: false};
  box = createRef();

  componentDidMount() {
    this.box.current.showModal();
  }

  run = async event => {
    event.preventDefault();
    this.setState({busy: true, problem: null});
    try {
      const problem = await this.props.run({acceptLoss: this.state.acceptLoss});
      if (problem) {
        this.setState({busy: false, problem});
      } else {
        this.box.current.close();
      }
    } catch (failure) {
      this.setState({busy: false, problem: failure.message});
    }
  };

  render({title, yes, danger, mayLose, onEnd, children}, {busy, problem, acceptLoss}) {
    return dialog({ref: this.box, class: 'confirm', 'aria-labelledby': 'confirm-title', onClose: onEnd},
      form({onSubmit: this.run},
        h2({id: 'confirm-title'}, title),
        div({class: 'said'}, children),
        problem && notice('bad', problem),
        problem && mayLose && label({class: 'check'},
          input({type: 'checkbox', checked: acceptLoss, onChange: event => this.setState({acceptLoss: event.currentTarget.checked})}),
          'Accept that fewer events show'),
        div({class: 'actions'},
          button({type: 'button', class: 'plain', onClick: () => this.box.current.close()}, 'Leave it'),
          button({type: 'submit', class: danger ? 'danger' : 'primary', disabled: busy}, busy ? 'Asking …' : yes))));
  }
}
