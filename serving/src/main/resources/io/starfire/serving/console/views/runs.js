/** What batch runs have delivered, how far it is loaded, and what can be done with it. */
import {h, tags} from '../lib/tags.js';
import {counted} from '../lib/format.js';
import {Live} from '../lib/live.js';
import {card, heading} from '../lib/parts.js';
import {Publications} from '../lib/publications.js';
import {get} from '../lib/server.js';

const {div} = tags;

export const title = 'Batch runs';
export const icon = 'runs';

export function View({address}) {
  return h(Live, {load: () => get('/starfire/v1/publications'), draw: (publications, reload) => draw(publications, reload, address), every: 2000});
}

function draw(publications, reload, address) {
  const staged = publications.filter(each => each.state === 'STAGED');
  const rest = publications.filter(each => each.state !== 'STAGED');
  return div(
    heading('Batch runs', 'Each run delivers one publication, which turns as a whole.'),
    staged.length > 0 && card(`${counted(staged.length, 'publication')} staged`, h(Publications, {publications: staged, reload, opened: address.values.publication})),
    card(staged.length > 0 ? 'Earlier' : '', h(Publications, {publications: rest, reload})));
}
