// The lab of HTTP's connections: one page with twelve objects, fetched over a long and narrow wire in four ways, measured and reckoned.
// Servers and browsers are plain roles; the wire is the engine's relay.

import { Browser, type Visited } from '../../roles/http/browser';
import type { ConnectionPolicy } from '../../roles/http/browserCarrier';
import { siteServer } from '../../roles/http/siteServer';
import { plainly } from '../../roles/errno';
import type { Lab, LabContext, RoleContext, RunningRole, TcpRelay } from '../../roles/lab';
import { perRun } from '../../roles/serverControl';
import { NO_TCP_FAULTS } from '../../../shared/lab/faults';
import { gallery, reckoned, type Blocker } from './gallery';
import { clientOf, manifest, POLICIES } from './manifest';
import { HOST, PAGE_URL } from './pictures';
import { reckon, type Wire } from './reckoning';

const KILO = 1000;

interface State {
  wire: Wire;
  relays: readonly TcpRelay[];
  /** Of this run's script, in ms. */
  readonly measured: Map<ConnectionPolicy, number>;
  clients: number;
}

const stateOf = perRun<State>(() => ({ wire: { delay: 0, bandwidth: 0 }, relays: [], measured: new Map(), clients: POLICIES.length }));

const siteOf = (lab: LabContext): ReturnType<typeof gallery> => gallery(lab.text('in-the-way') as Blocker);

const wireOf = (delay: number, kilobytes: number): { readonly delay: number; readonly bandwidth: number } => ({ delay, bandwidth: kilobytes * KILO });

function setWire(lab: LabContext, delay: number, kilobytes: number): void {
  const state = stateOf(lab);
  state.wire = wireOf(delay, kilobytes);
  for (const relay of state.relays) relay.set(state.wire);
}

/** What the policy is called in what the browser prints. */
const NAMES: Readonly<Record<ConnectionPolicy, string>> = {
  own: 'a connection for each object',
  'keep-alive': 'one connection, kept',
  six: 'up to six connections, kept',
  h2: 'one connection of HTTP/2',
};

async function load(role: RoleContext, lab: LabContext, policy: ConnectionPolicy): Promise<Visited> {
  role.print(`This browser uses ${NAMES[policy]}`);
  const relay = lab.endpoint(policy === 'h2' ? 'relay-h2' : 'relay');
  const browser = new Browser(role, { policy, names: new Map([[HOST, relay.address]]), route: () => relay, trust: null, clock: null });
  const state = stateOf(lab);
  // What the relay does now: the user may have asked it for something else than the lab did.
  const wire: Wire = state.relays[policy === 'h2' ? 1 : 0]?.faults ?? state.wire;
  const visited = await browser.visit(PAGE_URL);
  const { page, objects } = reckoned(siteOf(lab));
  const { total, roundTrips } = reckon(policy, page, objects, wire);
  if (visited.page !== null && visited.failures.size === 0) {
    role.print(`measured ${Math.round(visited.took)} ms, reckoned ${Math.round(total)} ms: ${roundTrips} round trips of ${2 * wire.delay} ms one after the other, and the bytes and the server's thinking where they add to it`);
  }
  return visited;
}

function startBrowser(lab: LabContext, id: string, policy: ConnectionPolicy, then: (role: RoleContext, visited: Visited) => void = () => undefined): RunningRole {
  return lab.role({ id, host: 'client', kind: 'client' }, plainly(async (role) => then(role, await load(role, lab, policy))));
}

/** Once all have run: which was first. */
function compare(role: RoleContext, measured: ReadonlyMap<ConnectionPolicy, number>): void {
  const order = [...measured].sort(([, one], [, other]) => one - other);
  const [first] = order;
  if (order.length < POLICIES.length || first === undefined) return;
  role.print(`fastest: ${first[0]}. ${order.map(([policy, took]) => `${NAMES[policy]} ${Math.round(took)} ms`).join(', ')}`);
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const state = stateOf(lab);
    const site = siteOf(lab);
    const server = (id: 'server' | 'server-h2', version: '1.1' | '2'): RunningRole =>
      lab.role({ id, host: 'server', kind: 'server' }, plainly((role) => siteServer(role, { port: lab.endpoint(id).port, site, version })));
    const servers = [server('server', '1.1'), server('server-h2', '2')];
    await Promise.all(servers.map((one) => one.ready));
    const relay = (id: string, target: string): Promise<TcpRelay> => lab.tcpRelay({ id, target: lab.endpoint(target), faults: { ...NO_TCP_FAULTS, ...state.wire }, seed: 1 });
    state.wire = wireOf(lab.number('delay'), lab.number('bandwidth'));
    state.relays = await Promise.all([relay('relay', 'server'), relay('relay-h2', 'server-h2')]);
  },

  async play(lab) {
    const chosen = lab.text('connections');
    const { measured } = stateOf(lab);
    for (const policy of chosen === 'all' ? POLICIES : POLICIES.filter((one) => one === chosen)) {
      // One after the other: the wire is each browser's own while it loads.
      await startBrowser(lab, clientOf(policy), policy, (role, visited) => {
        if (visited.failures.size === 0) measured.set(policy, visited.took);
        compare(role, measured);
      }).ended;
    }
  },

  actions: {
    load: async (lab, args) => void (await startBrowser(lab, `client-${++stateOf(lab).clients}`, String(args['connections']) as ConnectionPolicy).ended),
    'change-wire': async (lab, args) => setWire(lab, Number(args['delay']), Number(args['bandwidth'])),
  },
};

export default lab;
