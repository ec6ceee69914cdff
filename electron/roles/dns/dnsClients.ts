// Programs that look names up and print what they were told: one asks a resolver, the other goes through the tree itself.

import type { DnsRecord } from '../../../shared/codec/dns/records';
import { rcodeText, typeText } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { noteCache } from './cacheNotes';
import type { LabClock } from './labClock';
import { Resolver, type RootHint } from './resolver';
import { questionOf, recordsText, shortName } from './show';
import { lookup, type LookupOptions } from './stubResolver';

/** What is looked up, as people type it. */
export interface Wanted {
  readonly name: string;
  readonly type: string;
}

/** Asks `server` for each name, one after the other (a stub resolver). */
export async function stubClient(role: RoleContext, options: LookupOptions & { readonly server: Endpoint; readonly wanted: readonly Wanted[] }): Promise<void> {
  const { server, wanted, ...how } = options;
  for (const one of wanted) {
    const question = questionOf(one.name, one.type);
    if (question === null) role.print(noName(one));
    else {
      const { rcode, records, authorities, failure } = await lookup(role, server, question.name, typeText(question.type), how);
      const said = failure === '' ? sayAnswer(question, rcode, records, authorities) : sayError(Object.assign(new Error(failure), { code: failure }));
      role.print(`${shortName(question.name)} ${typeText(question.type)}: ${said}`);
    }
  }
}

export interface IterativeClientOptions {
  readonly hints: readonly RootHint[];
  readonly route: (address: string) => Endpoint;
  readonly clock: LabClock;
  readonly udpSize: number;
  readonly wanted: readonly Wanted[];
}

/** Starts at the root each time that its own cache does not know better. */
export async function iterativeClient(role: RoleContext, options: IterativeClientOptions): Promise<void> {
  const { clock, wanted, ...how } = options;
  const resolver = new Resolver(role, { ...how, cache: noteCache(role, clock) });
  for (const one of wanted) {
    const question = questionOf(one.name, one.type);
    if (question === null) role.print(noName(one));
    else {
      const { rcode, answers } = await resolver.resolve(question.name, question.type, '');
      role.print(`${shortName(question.name)} ${typeText(question.type)}: ${sayAnswer(question, rcodeText(rcode), answers, [])}`);
    }
  }
}

const noName = ({ name, type }: Wanted): string => `${name} ${type}: this is not a name`;

/** NOERROR with nothing in it and NXDOMAIN are two things: a name without such a record, and no such name (RFC 2308 2). */
function sayAnswer(question: { readonly type: number }, rcode: string, records: readonly DnsRecord[], authorities: readonly DnsRecord[]): string {
  const aliases = records.length === 0 ? '' : ` (${recordsText(records)})`;
  switch (rcode) {
    case 'NXDOMAIN': return `NXDOMAIN: no such name${aliases}`;
    case 'SERVFAIL': return 'SERVFAIL: no answer could be found';
    case 'REFUSED': return 'REFUSED: this server does not answer that';
    case 'NOERROR': break;
    default: return rcode;
  }
  const last = records.at(-1);
  if (last !== undefined && (last.data.type !== 'CNAME' || typeText(question.type) === 'CNAME')) {
    return `NOERROR, answer ${recordsText(records)} (${Math.min(...records.map(({ ttl }) => ttl))} s)`;
  }
  const servers = authorities.find(({ data }) => data.type === 'NS');
  return servers === undefined ? `NOERROR, no ${typeText(question.type)} record${aliases}` : `NOERROR, referral to the servers of ${shortName(servers.name)}`;
}
