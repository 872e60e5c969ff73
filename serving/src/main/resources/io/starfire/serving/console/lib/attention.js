/** What a person should look at, from what the server says of itself. */
import {link} from './address.js';
import {clock, counted, words} from './format.js';

/** A list of {kind: 'bad' or 'warn', what, why, href}. The worst comes first. */
export function attention({status, publications, supervisors}) {
  return [
    ...status.loops.filter(loop => loop.state !== 'RUNNING' && loop.state !== 'NEW').map(ofLoop),
    ...status.dataSources.filter(reading => reading.standsStillSince).map(ofReading),
    ...supervisors.filter(supervisor => !supervisor.healthy).map(ofSupervisor),
    ...publications.filter(publication => publication.state === 'STAGED').map(ofPublication),
    ...status.dataSources.filter(reading => rejected(reading) > 0).map(ofRejected),
  ].sort((one, other) => (one.kind === 'bad' ? 0 : 1) - (other.kind === 'bad' ? 0 : 1));
}

/** Records that went to the dead-letter topic. */
export function rejected(reading) {
  return Object.values(reading.rowsRejected).reduce((sum, number) => sum + Number(number), 0);
}

function ofLoop(loop) {
  return {
    kind: loop.state === 'RETRYING' ? 'warn' : 'bad',
    what: `Part ${loop.name} is ${words(loop.state)}`,
    why: loop.problem ?? '',
    href: link('system'),
  };
}

function ofReading(reading) {
  return {
    kind: 'bad',
    what: `${reading.dataSource} stands still since ${clock(Date.parse(reading.standsStillSince))}`,
    why: reading.detail,
    href: link('pipelines', [reading.dataSource]),
  };
}

function ofSupervisor(supervisor) {
  return {
    kind: 'bad',
    what: `Supervisor ${supervisor.id} is not healthy`,
    why: words(supervisor.detailedState),
    href: link('supervisors', [supervisor.id]),
  };
}

function ofPublication(publication) {
  return {
    kind: 'warn',
    what: publication.held ? `A publication of ${publication.dataSources.join(', ')} waits for you` : 'A publication is staged',
    why: publication.reason || publication.id,
    href: link('timeline', [publication.dataSources[0]], {publication: publication.id}),
  };
}

function ofRejected(reading) {
  return {
    kind: 'warn',
    what: `${counted(rejected(reading), 'record')} of ${reading.dataSource} could not be used`,
    why: 'They are in the dead-letter topic, with the reason',
    href: link('pipelines', [reading.dataSource]),
  };
}
