// A caching recursive resolver as a role: asks the tree for its clients and remembers what it was told. Without RD it says only what it
// knows (RFC 1034 4.3.1).

import { nameKey, parentOf, ROOT } from '../../../shared/codec/dns/name';
import type { DnsQuestion, DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_CLASS, DNS_TYPE, RCODE } from '../../../shared/codec/dns/types';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import type { DnsCache } from './cache';
import { noteCache } from './cacheNotes';
import { serveDns, type DnsFrontOptions } from './dnsFront';
import type { SentQuery } from './exchange';
import type { LabClock } from './labClock';
import { DNS_LIMITS } from './limits';
import { LookupNotes } from './lookupNotes';
import { encodeReply, receive, type Reply } from './reply';
import { Resolver, type RootHint } from './resolver';

export interface RecursiveResolverOptions extends DnsFrontOptions {
  readonly hints: readonly RootHint[];
  /** Where a name server of this address is reached. */
  readonly route: (address: string) => Endpoint;
  readonly clock: LabClock;
  /** Bytes that it says it takes in a datagram; 0: no EDNS. Default 1232 (what fits everywhere). */
  readonly udpSize?: number;
  readonly onSent?: (query: SentQuery) => void;
  /** Gives the lab's script a hand on it: `forget` flushes its cache and its experience with servers. */
  readonly onStart?: (resolver: { forget(): void }) => void;
}

/** As the root's own NS records have it: six days. */
const HINT_TTL = 518_400;

const UNIMPLEMENTED: ReadonlySet<number> = new Set([DNS_TYPE.AXFR, DNS_TYPE.IXFR, DNS_TYPE.OPT, DNS_TYPE.TSIG, DNS_TYPE.TKEY]);

/** Serves until the role ends. Rejects with the system's error when it cannot listen. */
export function recursiveResolver(role: RoleContext, options: RecursiveResolverOptions): Promise<void> {
  const { clock, udpSize = 1232, ...rest } = options;
  const cache = noteCache(role, clock);
  const resolver = new Resolver(role, { ...rest, cache, udpSize });
  options.onStart?.(resolver);
  return serveDns(role, options, (bytes, from, transport) => {
    const received = receive(bytes, true);
    if (received.kind === 'silence') return null;
    if (received.kind === 'answer') return received.bytes;
    const { query, question } = received;
    const send = (reply: Reply): Uint8Array => encodeReply(query, reply, transport);
    if (question.class !== DNS_CLASS.IN || UNIMPLEMENTED.has(question.type)) return send(plain(RCODE.REFUSED));
    if (!query.flags.rd) {
      const notes = new LookupNotes(role, question.name, question.type, formatEndpoint(from));
      const reply = fromCache(cache, options.hints, question);
      notes.done(reply.rcode, true);
      return send(reply);
    }
    if (resolver.busy >= DNS_LIMITS.lookups) return send(plain(RCODE.SERVFAIL));
    return resolver.resolve(question.name, question.type, formatEndpoint(from)).then(
      ({ rcode, answers, soa }) => send({ ...plain(rcode), answers, authorities: soa === null ? [] : [soa] }),
      () => null, // the role is ending
    );
  });
}


const plain = (rcode: number): Reply => ({ rcode, aa: false, ra: true, answers: [], authorities: [], additionals: [] });

/** What we know without asking; failing that, who is closer to it than we are (RFC 1034 4.3.2, 4). */
function fromCache(cache: DnsCache, hints: readonly RootHint[], question: DnsQuestion): Reply {
  const known = cache.get(question.name, question.type);
  switch (known?.kind) {
    case 'records': return { ...plain(RCODE.NOERROR), answers: known.records };
    case 'nxdomain': return { ...plain(RCODE.NXDOMAIN), authorities: [known.soa] };
    case 'nodata': return { ...plain(RCODE.NOERROR), authorities: [known.soa] };
    case 'failure': return plain(RCODE.SERVFAIL);
    default: return closestServers(cache, hints, question.name);
  }
}

function closestServers(cache: DnsCache, hints: readonly RootHint[], name: string): Reply {
  for (let at = nameKey(name); at !== ROOT; at = parentOf(at)) {
    const authorities = cache.way(at, DNS_TYPE.NS);
    if (authorities.length === 0) continue;
    const additionals = authorities.flatMap(({ data }) => (data.type === 'NS' ? cache.way(data.target, DNS_TYPE.A) : []));
    return { ...plain(RCODE.NOERROR), authorities, additionals };
  }
  const record = (owner: string, data: DnsRecord['data']): DnsRecord => ({ name: owner, class: DNS_CLASS.IN, ttl: HINT_TTL, data });
  return {
    ...plain(RCODE.NOERROR),
    authorities: hints.map((hint) => record(ROOT, { type: 'NS', target: hint.name })),
    additionals: hints.flatMap((hint) => hint.addresses.map((address) => record(hint.name, { type: 'A', address }))),
  };
}
