// The DNS lab: a small Internet of name servers, a caching resolver, clients, a relay that loses datagrams, an attacker. Plain roles from
// electron/roles/dns, joined; the data is in manifest.ts and zones.ts.

import { iterativeClient, stubClient, type Wanted } from '../../roles/dns/dnsClients';
import type { SentQuery } from '../../roles/dns/exchange';
import { forger, isTarget, type Forgery } from '../../roles/dns/forger';
import { createLabClock, windClock } from '../../roles/dns/labClock';
import { recursiveResolver } from '../../roles/dns/recursiveResolver';
import { zoneServer } from '../../roles/dns/zoneServer';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { NO_TCP_FAULTS, NO_UDP_FAULTS } from '../../../shared/lab/faults';
import { hintsOf, placesOf, smuggled, zonesOf } from './internet';
import { isServer, manifest, SERVERS, type Attack, type ServerId } from './manifest';
import { LIE } from './zones';

/** ms before each answer of a slow server: less than a resolver waits at first, but felt. */
const SLOW = 200;
/** ms that a client waits for the resolver at first: longer than the resolver tries; short where the relay loses what it says. */
const PATIENCE = { direct: 5000, relayed: 400 };

interface RunningResolver {
  readonly role: RoleContext;
  forget(): void;
}

const stateOf = perRun(() => ({
  clock: createLabClock(),
  /** Of each kind of role, how many were started: a process that is started again is a new role. */
  started: new Map<string, number>(),
  servers: new Map<ServerId, RunningRole>(),
  resolver: null as RunningResolver | null,
  /** Who wants to know what the resolver asks. */
  onSent: null as ((query: SentQuery) => void) | null,
}));

/** 'ns1', then 'ns1-2'. */
function start(lab: LabContext, family: string, host: string, kind: 'client' | 'server', program: (role: RoleContext) => Promise<void>): RunningRole {
  const { started } = stateOf(lab);
  const count = (started.get(family) ?? 0) + 1;
  started.set(family, count);
  return lab.role({ id: kind === 'server' && count === 1 ? family : `${family}-${count}`, host, kind }, plainly(program));
}

const udpSizeOf = (lab: LabContext): number => (lab.text('edns') === 'none' ? 0 : Number(lab.text('edns')));

async function startServer(lab: LabContext, id: ServerId): Promise<void> {
  const state = stateOf(lab);
  let resolver = state.resolver;
  const server = start(lab, id, id, 'server', id === 'resolver' ? resolverProgram(lab, (known) => (resolver = known)) : authorityProgram(lab, id));
  // One that finds its port taken is nobody's server.
  if (!(await server.ready)) return;
  state.servers.set(id, server);
  state.resolver = resolver;
}

function authorityProgram(lab: LabContext, id: ServerId): (role: RoleContext) => Promise<void> {
  const zones = zonesOf(lab, placesOf(lab)).get(id) ?? [];
  const slow = lab.text('setup') === 'slow' && (id === 'ns1' || id === 'ns2');
  return (role) => zoneServer(role, { port: lab.endpoint(id).port, zones, delay: slow ? SLOW : 0 });
}

function resolverProgram(lab: LabContext, onStart: (known: RunningResolver) => void): (role: RoleContext) => Promise<void> {
  const state = stateOf(lab);
  const places = placesOf(lab);
  return (role) => {
    if (places.shared) role.print('all servers share one address here: only their ports tell them apart');
    return recursiveResolver(role, {
      port: lab.endpoint('resolver').port,
      alsoPorts: lab.flag('port-53') ? [53] : [],
      hints: hintsOf(places),
      route: places.route,
      clock: state.clock,
      udpSize: udpSizeOf(lab),
      onSent: (query) => state.onSent?.(query),
      onStart: (resolver) => onStart({ role, forget: () => resolver.forget() }),
    });
  };
}

/** Servers that this set-up leaves out. */
function absent(lab: LabContext): readonly ServerId[] {
  const setup = lab.text('setup');
  if (setup === 'all-dead') return ['ns1', 'ns2'];
  return setup === 'one-dead' ? ['ns1'] : [];
}

async function startRelays(lab: LabContext): Promise<void> {
  const where = lab.text('relay');
  if (where === 'none') return;
  const delay = lab.number('delay');
  const spec = { target: lab.endpoint(where === 'client' ? 'resolver' : 'ns1'), seed: lab.number('seed') };
  await lab.udpRelay({ ...spec, id: 'relay', faults: { ...NO_UDP_FAULTS, loss: lab.number('loss'), delay } });
  await lab.tcpRelay({ ...spec, id: 'relay-tcp', faults: { ...NO_TCP_FAULTS, delay } });
}

/** A client that looks these up, one after the other; resolves when it has ended. */
async function lookUp(lab: LabContext, wanted: readonly Wanted[]): Promise<void> {
  const relayed = lab.text('relay') === 'client';
  const server = lab.endpoint(relayed ? 'relay' : 'resolver');
  const udpSize = udpSizeOf(lab);
  const kind = lab.text('client');
  const places = placesOf(lab);
  const client = start(lab, 'client', 'client', 'client', (role) =>
    kind === 'iterative'
      ? iterativeClient(role, { hints: hintsOf(places), route: places.route, clock: stateOf(lab).clock, udpSize, wanted })
      : stubClient(role, { server, wanted, udpSize, recursionDesired: kind === 'stub', wait: relayed ? PATIENCE.relayed : PATIENCE.direct, attempts: relayed ? 4 : 2 }),
  );
  await client.ended;
}

function killServer(lab: LabContext, id: ServerId): boolean {
  const server = stateOf(lab).servers.get(id);
  if (server === undefined || lab.running(server.id) === null) return false;
  server.kill();
  if (id === 'resolver') stateOf(lab).resolver = null;
  return true;
}

/** The attacker silences the first name server, so that nobody contradicts him in time, and waits for the resolver's query. */
async function attack(lab: LabContext, kind: Attack): Promise<void> {
  if (kind === 'extra-records') return attackByExtraRecords(lab);
  const state = stateOf(lab);
  killServer(lab, 'ns1');
  const server = lab.endpoint('ns1');
  const wanted = { name: lab.text('type') === 'A' ? lab.text('name') : 'www.example.test', type: 'A' };
  let seen: (query: SentQuery) => void = () => undefined;
  const query = new Promise<SentQuery>((resolve) => (seen = resolve));
  let ready: () => void = () => undefined;
  const armed = new Promise<void>((resolve) => (ready = resolve));
  // A lab can look over the resolver's shoulder. An attacker elsewhere would have to guess the port: one of some 28,000 here.
  state.onSent = (sent) => void (isTarget(sent, server) && seen(sent));
  const attacker = start(lab, 'attacker', 'attacker', 'server', (role) =>
    forger(role, { kind: kind satisfies Forgery, server, address: LIE, resolver: lab.endpoint('resolver').address, query, onReady: ready }));
  await Promise.race([armed, attacker.ended]);
  await lookUp(lab, Array.from({ length: Math.max(2, lab.number('lookups')) }, () => wanted));
  state.onSent = null;
  attacker.kill();
}

/** The attacker's own server answers a question about its own zone, and adds what nobody asked it. */
async function attackByExtraRecords(lab: LabContext): Promise<void> {
  const { port } = lab.endpoint('attacker');
  const zones = zonesOf(lab, placesOf(lab)).get('attacker') ?? [];
  const attacker = start(lab, 'attacker', 'attacker', 'server', (role) => zoneServer(role, { port, zones, smuggled: smuggled() }));
  await attacker.ready;
  await lookUp(lab, [{ name: 'www.prize.test', type: 'A' }, { name: 'www.naver.com', type: 'A' }]);
  attacker.kill();
}

function chosen(value: unknown): ServerId {
  const id = String(value);
  if (!isServer(id)) throw new ActionError('NO_SERVER', `there is no server ${id}`);
  return id;
}

/** The resolver that runs: it alone has a cache that stays. */
function resolverOf(lab: LabContext): RunningResolver {
  const { resolver } = stateOf(lab);
  if (resolver === null) throw new ActionError('NO_SERVER', 'no resolver is running');
  return resolver;
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const without = absent(lab);
    for (const id of SERVERS) if (id !== 'resolver' && !without.includes(id)) await startServer(lab, id);
    await startServer(lab, 'resolver');
    await startRelays(lab);
  },

  async play(lab) {
    const kind = lab.text('attack');
    if (kind !== 'none') return attack(lab, kind as Attack);
    const wanted = { name: lab.text('name'), type: lab.text('type') };
    await lookUp(lab, Array.from({ length: lab.number('lookups') }, () => wanted));
  },

  actions: {
    'look-up': (lab, args) => lookUp(lab, [{ name: String(args['name']), type: String(args['type']) }]),
    'wind-clock': async (lab, args) => windClock(resolverOf(lab).role, stateOf(lab).clock, Number(args['seconds'])),
    'flush-cache': async (lab) => resolverOf(lab).forget(),
    'kill-server': async (lab, args) => {
      const id = chosen(args['server']);
      if (!killServer(lab, id)) throw new ActionError('NO_SERVER', `${id} is not running`);
    },
    'start-server': (lab, args) => startServer(lab, chosen(args['server'])),
    attack: async (lab, args) => {
      // What the resolver remembers it does not ask: an attacker would wait, or make it ask for names that nobody asked before.
      stateOf(lab).resolver?.forget();
      await attack(lab, String(args['kind']) as Attack);
    },
  },
};

export default lab;
