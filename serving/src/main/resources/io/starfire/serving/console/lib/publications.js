/** Publications of batch runs, with what can be done to each. */
import {Component, h, tags} from './tags.js';
import {link} from './address.js';
import {Confirm} from './confirm.js';
import {clock, counted, duration, interval, words} from './format.js';
import {action, badge, empty, progressOf} from './parts.js';
import {preview} from './preview.js';
import {part, post} from './server.js';

const {a, article, code, div, h3, li, p, ul} = tags;
const SHOWN = 25;
const KINDS = {STAGED: 'staged', ACTIVE: 'good', ABORTED: '', ROLLED_BACK: 'warn'};

/** What a person may ask of a publication: the words of the dialog, and the name of the route. */
const CHANGES = {
  activate: {
    title: 'Activate the publication?',
    yes: 'Activate',
    mayLose: true,
    says: 'All of its hours turn in one view. Queries that run go on with what they began with.',
  },
  abort: {
    title: 'Abort the publication?',
    yes: 'Abort',
    danger: true,
    says: 'It will never become active. To deliver these hours, the batch job has to run again.',
  },
  rollback: {
    title: 'Roll the publication back?',
    yes: 'Roll back',
    danger: true,
    mayLose: true,
    says: 'What it hides is loaded and shows again, in one view. A rollback cannot be undone: to bring the numbers back, the batch job has to run again.',
  },
};

/** Properties: `publications`, newest first; `reload`; `opened`, the id of one whose preview is shown. */
export class Publications extends Component {
  state = {asked: null, opened: this.props.opened ?? null, all: false};

  componentDidUpdate(before) {
    if (before.opened !== this.props.opened) {
      this.setState({opened: this.props.opened ?? null});
    }
  }

  render({publications, sentence}, {asked, all}) {
    if (publications.length === 0) {
      return empty(sentence ?? 'No batch run has delivered anything yet.');
    }
    const shown = all ? publications : publications.slice(0, SHOWN);
    return div(
      ul({class: 'publications'}, shown.map(publication => li({key: publication.id}, this.one(publication)))),
      shown.length < publications.length && action(`Show all ${publications.length}`, () => this.setState({all: true}), {kind: 'plain'}),
      asked && this.dialog(asked));
  }

  one(publication) {
    const {id, state, superseded, dataSources, intervals, reason} = publication;
    const opened = this.state.opened === id && state === 'STAGED';
    return article({class: `publication ${words(state)}`, 'aria-label': `Publication ${id}`},
      div({class: 'top'},
        div(
          h3(badge(superseded ? 'superseded' : words(state), superseded ? '' : KINDS[state]), ' ', intervals.map(interval).join(', ')),
          p({class: 'muted'}, dataSources.map(name => a({key: name, href: link('timeline', [name])}, name, ' ')), code(id))),
        div({class: 'actions'}, this.actions(publication, opened))),
      state === 'STAGED' && progressOf(publication.loadedCount, publication.segmentCount, `${publication.loadedCount} of ${counted(publication.segmentCount, 'segment')} loaded`),
      state === 'STAGED' && p({class: 'muted'}, publication.held ? 'It waits until somebody activates it.' : reason),
      p({class: 'muted'}, when(publication)),
      opened && preview(id));
  }

  actions(publication, opened) {
    const {id, state, dataSources} = publication;
    const ask = name => () => this.setState({asked: {name, publication}});
    if (state === 'STAGED') {
      return [
        action(opened ? 'Close preview' : 'Preview', () => this.setState({opened: opened ? null : id}), {'aria-expanded': String(opened)}),
        a({class: 'button', href: link('query', [], {text: stagedQuery(publication, dataSources[0])})}, 'Query it'),
        action('Activate', ask('activate'), {kind: 'primary'}),
        action('Abort', ask('abort'), {kind: 'danger quiet'}),
      ];
    }
    return state === 'ACTIVE' ? [action('Roll back', ask('rollback'), {kind: 'danger quiet'})] : [];
  }

  dialog({name, publication}) {
    const change = CHANGES[name];
    return h(Confirm, {
      ...change,
      key: name + publication.id,
      onEnd: () => {
        this.setState({asked: null});
        this.props.reload();
      },
      run: async ({acceptLoss}) => {
        const path = `/starfire/v1/publications/${part(publication.id)}/${name}`;
        const status = await post(`${path}${acceptLoss ? '?acceptLoss=true' : ''}`);
        return name === 'activate' && status.state === 'STAGED' ? status.reason || 'It becomes active as soon as it is loaded.' : null;
      },
    },
    p(code(publication.id)),
    p(publication.dataSources.join(', '), ', ', publication.intervals.map(interval).join(', ')),
    p(change.says));
  }
}

/** When what happened to it. */
function when({registeredAtMillis, activatedAtMillis, viewNumber, rolledBackAtMillis, rolledBackViewNumber}) {
  const events = [`delivered ${clock(registeredAtMillis)}`];
  if (activatedAtMillis) {
    events.push(`active since view ${viewNumber}, ${duration(activatedAtMillis - registeredAtMillis)} later`);
  }
  if (rolledBackAtMillis) {
    events.push(`rolled back ${clock(rolledBackAtMillis)}, in view ${rolledBackViewNumber}`);
  }
  return events.join('; ');
}

/** A query as if the publication were active. */
function stagedQuery({id, intervals}, dataSource) {
  return JSON.stringify({
    queryType: 'timeseries',
    dataSource,
    granularity: 'hour',
    intervals,
    aggregations: [{type: 'count', name: 'rows'}],
    context: {starfirePublication: id},
  }, null, 2);
}
