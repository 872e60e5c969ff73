/** The frame around the views: navigation, theme, and the health of the server. */
import {Component, h, render, tags} from './lib/tags.js';
import {Address} from './lib/address.js';
import {get} from './lib/server.js';
import {icon} from './lib/icon.js';
import {Theme} from './lib/theme.js';
import {loadViews} from './views.js';

const {a, aside, button, div, footer, header, li, main, nav, p, span, ul} = tags;
const HEALTH_EVERY = 5000;

class App extends Component {
  state = {address: Address.current(), health: 'unknown', open: false, theme: Theme.chosen()};
  content = {current: null};

  componentDidMount() {
    addEventListener('hashchange', () => this.goTo(Address.current()));
    this.askHealth();
    setInterval(() => this.askHealth(), HEALTH_EVERY);
  }

  componentDidUpdate() {
    document.title = `${this.view().title} – Starfire`;
  }

  goTo(address) {
    const another = address.view !== this.state.address.view;
    this.setState({address, open: false}, () => {
      if (another) {
        scrollTo(0, 0);
        this.content.current?.focus({preventScroll: true});
      }
    });
  }

  async askHealth() {
    if (document.hidden) {
      return;
    }
    try {
      await get('/status/health');
      this.setState({health: 'well'});
    } catch (failure) {
      this.setState({health: failure.status ? 'attention' : 'gone'});
    }
  }

  view() {
    return this.props.views.find(view => view.name === this.state.address.view) ?? this.props.views[0];
  }

  switchTheme() {
    const theme = Theme.next(this.state.theme);
    Theme.choose(theme);
    this.setState({theme});
  }

  render() {
    const view = this.view();
    return div({class: 'shell'},
      button({class: 'skip', onClick: () => this.content.current.focus()}, 'Skip to the content'),
      this.side(view),
      main({ref: this.content, tabIndex: -1, id: 'content', class: `view view-${view.name}`},
        h(view.View, {key: view.name, address: this.state.address})));
  }

  side(view) {
    return aside({class: this.state.open ? 'side open' : 'side'},
      header(
        a({class: 'brand', href: '#/overview'}, icon('star'), 'Starfire'),
        button({
          class: 'menu plain',
          'aria-expanded': String(this.state.open),
          'aria-label': 'Menu',
          onClick: () => this.setState({open: !this.state.open}),
        }, icon('menu'))),
      nav({'aria-label': 'Views'},
        ul(this.props.views.map(each =>
          li({key: each.name},
            a({href: `#/${each.name}`, 'aria-current': each === view ? 'page' : undefined}, icon(each.icon), each.title))))),
      footer(
        p({class: `health ${this.state.health}`, role: 'status'}, span({class: 'dot'}), HEALTH[this.state.health]),
        button({class: 'plain theme', onClick: () => this.switchTheme()}, icon('theme'), `Theme: ${this.state.theme}`)));
  }
}

const HEALTH = {
  unknown: 'Asking the server',
  well: 'Server is well',
  attention: 'Needs attention',
  gone: 'Server does not answer',
};

Theme.choose(Theme.chosen());
loadViews().then(views => render(h(App, {views}), document.getElementById('app')));
