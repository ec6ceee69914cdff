// Finds the answer to a question by asking name servers from the top of the tree downwards (RFC 1034 5.3.3), with a cache. The same
// search serves a recursive resolver, which does it for its clients, and an iterative client, which does it for itself.

import { nameKey, parentOf, ROOT } from '../../../shared/codec/dns/name';
import { recordType, type DnsQuestion, type DnsRecord } from '../../../shared/codec/dns/records';
import { DNS_CLASS, DNS_TYPE, RCODE } from '../../../shared/codec/dns/types';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { AskedServers, type Server, type Useful } from './askedServers';
import type { DnsCache } from './cache';
import type { SentQuery } from './exchange';
import { DNS_LIMITS } from './limits';
import { LookupNotes } from './lookupNotes';

/** A name server whose addresses are known from the start: of the root. */
export interface RootHint {
  /** 'a.root-servers.net.' */
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface ResolverOptions {
  readonly hints: readonly RootHint[];
  /** Where a name server of this address is reached: the port, and on a machine with one loopback address also another address. */
  readonly route: (address: string) => Endpoint;
  readonly cache: DnsCache;
  /** Bytes that it says it takes in a datagram; 0: no EDNS. */
  readonly udpSize: number;
  /** Each query as it has gone. */
  readonly onSent?: (query: SentQuery) => void;
}

/** What a lookup came to. */
export interface Outcome {
  /** NOERROR, NXDOMAIN or SERVFAIL. */
  readonly rcode: number;
  /** Aliases, then the records asked for; aliases only, or nothing, when there are none. */
  readonly answers: readonly DnsRecord[];
  /** Of a negative answer, for the client's own cache. */
  readonly soa: DnsRecord | null;
  /** Without asking anybody. */
  readonly cached: boolean;
}

/** What a lookup may still cost; lookups within it take from the same. */
interface Budget {
  queries: number;
  readonly until: number;
}

/** A lookup and those that it is for: name servers' addresses are looked up within it. */
interface Task {
  readonly notes: LookupNotes;
  readonly budget: Budget;
  readonly depth: number;
  /** 'name type' of all lookups from the outermost to this one: none may need itself. */
  readonly path: ReadonlySet<string>;
}

type Fetched = { readonly kind: 'records'; readonly records: readonly DnsRecord[]; readonly target: string | null } | { readonly kind: 'none'; readonly rcode: number; readonly records: readonly DnsRecord[]; readonly soa: DnsRecord | null } | { readonly kind: 'failed' };

const FAILED: Fetched = { kind: 'failed' };

export class Resolver {
  private readonly running = new Map<string, Promise<Outcome>>();
  private readonly servers: AskedServers;
  private waiting = 0;

  constructor(private readonly role: RoleContext, private readonly options: ResolverOptions) {
    this.servers = new AskedServers(role, options);
  }

  /** Clients that wait for an answer now. */
  get busy(): number {
    return this.waiting;
  }

  /** Forgets answers, and which servers were slow or silent. */
  forget(): void {
    this.options.cache.flush();
    this.servers.forget();
  }

  /** `client` for the notes, '' for the role itself. Rejects only when the role ends. The same question by several clients is one search. */
  async resolve(name: string, type: number, client: string): Promise<Outcome> {
    const notes = new LookupNotes(this.role, name, type, client);
    const key = `${nameKey(name)} ${type}`;
    let search = this.running.get(key);
    if (search === undefined) {
      const budget = { queries: DNS_LIMITS.queries, until: performance.now() + DNS_LIMITS.lookup };
      search = this.search({ notes, budget, depth: 0, path: new Set([key]) }, name, type);
      this.running.set(key, search);
      const over = (): void => void this.running.delete(key);
      search.then(over, over);
    }
    this.waiting++;
    try {
      const outcome = await search;
      notes.done(outcome.rcode, outcome.cached);
      return outcome;
    } finally {
      this.waiting--;
    }
  }

  private async search(task: Task, question: string, type: number): Promise<Outcome> {
    const answers: DnsRecord[] = [];
    const seen = new Set<string>();
    let name = question;
    let cached = true;
    const end = (rcode: number, soa: DnsRecord | null): Outcome => ({ rcode, answers, soa, cached });
    const fail = (): Outcome => {
      if (!cached) this.options.cache.storeFailure(question, type);
      return { rcode: RCODE.SERVFAIL, answers: [], soa: null, cached };
    };
    for (;;) {
      // A chain that comes back to itself has no end (RFC 1034 3.6.2).
      if (seen.has(nameKey(name)) || seen.size > DNS_LIMITS.aliases) return fail();
      seen.add(nameKey(name));
      const known = this.remembered(name, type);
      if (known?.kind === 'failure') return fail();
      if (known?.kind === 'nodata' || known?.kind === 'nxdomain') return end(known.kind === 'nxdomain' ? RCODE.NXDOMAIN : RCODE.NOERROR, known.soa);
      if (known?.kind === 'records') {
        answers.push(...known.records);
        const target = aliasOf(known.records, type);
        if (target === null) return end(RCODE.NOERROR, null);
        name = target;
        continue;
      }
      cached = false;
      const fetched = await this.fetch(task, name, type);
      if (fetched.kind === 'failed') return fail();
      answers.push(...fetched.records);
      if (fetched.kind === 'none') return end(fetched.rcode, fetched.soa);
      if (fetched.target === null) return end(RCODE.NOERROR, null);
      for (const record of fetched.records) seen.add(nameKey(record.name));
      name = fetched.target;
    }
  }

  /** The cache's answer; an alias of the name is one too. */
  private remembered(name: string, type: number): ReturnType<DnsCache['get']> {
    const { cache } = this.options;
    if (type === DNS_TYPE.ANY) return null;
    const known = cache.get(name, type, true);
    if (known !== null) return known;
    const alias = type !== DNS_TYPE.CNAME && cache.way(name, DNS_TYPE.CNAME).length > 0;
    return cache.get(name, alias ? DNS_TYPE.CNAME : type);
  }

  /** Down the tree from the closest zone whose servers are known (RFC 1034 5.3.3, 2 to 4). */
  private async fetch(task: Task, name: string, type: number): Promise<Fetched> {
    const { cache } = this.options;
    let zone = this.closest(name, type);
    for (let step = 0; step < DNS_LIMITS.queries; step++) {
      const judgement = await this.askZone(task, zone, { name, type, class: DNS_CLASS.IN });
      if (judgement === null) return FAILED;
      switch (judgement.kind) {
        case 'answer':
        case 'cname':
          for (const set of setsOf(judgement.records)) cache.store(set, 'answer');
          return { kind: 'records', records: judgement.records, target: judgement.kind === 'cname' ? judgement.target : null };
        case 'nodata':
        case 'nxdomain':
          for (const set of setsOf(judgement.records)) cache.store(set, 'answer');
          if (judgement.soa !== null) cache.storeNegative(judgement.name, type, judgement.kind, judgement.soa);
          return { kind: 'none', rcode: judgement.kind === 'nxdomain' ? RCODE.NXDOMAIN : RCODE.NOERROR, records: judgement.records, soa: judgement.soa };
        case 'referral':
          cache.store(judgement.servers, 'hint');
          for (const set of setsOf(judgement.glue)) cache.store(set, 'hint');
          zone = { name: judgement.cut, servers: serversOf(judgement.servers), glue: judgement.glue };
          break;
        default:
          return FAILED;
      }
    }
    return FAILED;
  }

  /** The zone nearest to the name whose name servers the cache has; else the root. */
  private closest(name: string, type: number): Zone {
    // A DS record is asked of the zone above (RFC 4035 3.1.4.1).
    for (let at = nameKey(type === DNS_TYPE.DS ? parentOf(name) : name); at !== ROOT; at = parentOf(at)) {
      const records = this.options.cache.way(at, DNS_TYPE.NS);
      if (records.length > 0) return { name: at, servers: serversOf(records), glue: [] };
    }
    return { name: ROOT, servers: this.options.hints.map((hint) => hint.name), glue: [] };
  }

  /** Asks the zone's servers until one says something that can be used; null when none does. Who said nothing is asked again, more patiently. */
  private async askZone(task: Task, zone: Zone, question: DnsQuestion): Promise<Useful | null> {
    const known = zone.servers.flatMap((name) => this.addresses(zone, name));
    const unknown = zone.servers.filter((name) => !known.some((server) => server.name === name));
    let attempt = 0;
    let servers: Server[] = this.servers.inOrder(known).slice(0, DNS_LIMITS.servers);
    for (let round = 0; round < DNS_LIMITS.rounds; round++) {
      const silent: Server[] = [];
      for (;;) {
        const server = servers.shift();
        if (server === undefined) {
          // Servers whose addresses nobody told are looked up when no other helped.
          const name = unknown.shift();
          if (name === undefined) break;
          servers.push(...(await this.lookUpServer(task, name)));
          continue;
        }
        const left = task.budget.until - performance.now();
        if (left <= 0 || task.budget.queries-- <= 0) return null;
        const told = await this.servers.ask({ notes: task.notes, question, zone: zone.name, server, attempt: ++attempt, wait: Math.min(DNS_LIMITS.wait * 2 ** round, left) });
        if (told === 'silent') silent.push(server);
        else if (told !== 'useless') return told;
      }
      servers = silent;
    }
    return null;
  }

  private addresses(zone: Zone, name: string): Server[] {
    const records = this.options.cache.way(name, DNS_TYPE.A);
    const hints = zone.name === ROOT ? this.options.hints.filter((hint) => hint.name === name).flatMap((hint) => hint.addresses) : [];
    // Glue with a TTL of 0 is not in the cache, but good for this once.
    const found = records.length > 0 ? records : zone.glue.filter((record) => nameKey(record.name) === nameKey(name));
    return [...found.flatMap(({ data }) => (data.type === 'A' ? [data.address] : [])), ...hints].map((address) => ({ name, address }));
  }

  /** A name server without glue is a lookup of its own; none when that would need this one. */
  private async lookUpServer(task: Task, name: string): Promise<Server[]> {
    const key = `${nameKey(name)} ${DNS_TYPE.A}`;
    if (task.path.has(key) || task.depth >= DNS_LIMITS.depth || task.budget.queries <= 0) return [];
    const notes = new LookupNotes(this.role, name, DNS_TYPE.A, '');
    const outcome = await this.search({ notes, budget: task.budget, depth: task.depth + 1, path: new Set([...task.path, key]) }, name, DNS_TYPE.A);
    notes.done(outcome.rcode, outcome.cached);
    return outcome.answers.flatMap(({ data }) => (data.type === 'A' ? [{ name, address: data.address }] : []));
  }
}

interface Zone {
  readonly name: string;
  /** Names of its name servers. */
  readonly servers: readonly string[];
  /** Addresses that came with the referral. */
  readonly glue: readonly DnsRecord[];
}

const serversOf = (records: readonly DnsRecord[]): string[] => records.flatMap(({ data }) => (data.type === 'NS' ? [data.target] : []));

/** Where a set of records leads when it is an alias and no alias was asked for. */
function aliasOf(records: readonly DnsRecord[], type: number): string | null {
  const [first] = records;
  return first?.data.type === 'CNAME' && type !== DNS_TYPE.CNAME ? first.data.target : null;
}

/** Records by name and type, in order. */
function setsOf(records: readonly DnsRecord[]): DnsRecord[][] {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const key = `${nameKey(record.name)} ${recordType(record.data)}`;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [record]);
    else set.push(record);
  }
  return [...sets.values()];
}
