// The programs of one run: servers and balancers by their number, started, killed and started again by the script or by hand. A program
// that is started again is a new process and so a new role: 'server-1', then 'server-1-2', on the same host and port.

import { Balancer } from '../../roles/balancer/balancer';
import type { Algorithm, Backend } from '../../roles/balancer/pool';
import { plainly } from '../../roles/errno';
import type { LabContext, RoleContext, RunningRole } from '../../roles/lab';
import { ActionError, perRun } from '../../roles/serverControl';
import { ServiceServer } from '../../roles/service/serviceServer';
import { MOST, type Architecture } from './manifest';

interface Running<T> {
  readonly role: RunningRole;
  readonly program: T;
}

/** Of the client's patience: a balancer must give up on a server while its client still waits for it. */
const BALANCER_PATIENCE = 0.6;

const stateOf = perRun(() => ({
  servers: new Map<number, Running<ServiceServer>>(),
  balancers: new Map<number, Running<Balancer>>(),
  /** Every server that was ever started: a balancer that starts later knows them too. */
  known: new Set<number>(),
  lives: new Map<string, number>(),
}));

/** The id for the next process that plays this part. */
export function nextLife(lab: LabContext, part: string): string {
  const { lives } = stateOf(lab);
  const life = (lives.get(part) ?? 0) + 1;
  lives.set(part, life);
  return life === 1 ? part : `${part}-${life}`;
}

export const architectureOf = (lab: LabContext): Architecture => lab.text('architecture') as Architecture;

/** How many servers and balancers the architecture begins with. */
export function sizeOf(lab: LabContext): { readonly servers: number; readonly balancers: number } {
  switch (architectureOf(lab)) {
    case 'one-server': return { servers: 1, balancers: 0 };
    case 'two-servers': return { servers: 2, balancers: 1 };
    case 'three-servers': return { servers: 3, balancers: 1 };
    case 'two-balancers': return { servers: 2, balancers: 2 };
    case 'overload': return { servers: lab.number('provision'), balancers: lab.number('provision') > 1 ? 1 : 0 };
    case 'swarm': return { servers: 0, balancers: 0 };
  }
}

const backend = (lab: LabContext, number: number): Backend => ({ name: `server-${number}`, endpoint: lab.endpoint(`server-${number}`) });

/** Starts a process as server `number`; balancers learn of it. Resolves when it listens, or when it has failed to (its errno is in the trace). */
export async function startServer(lab: LabContext, number: number): Promise<void> {
  const { servers, balancers, known } = stateOf(lab);
  const workers = architectureOf(lab) === 'overload' ? 1 : lab.number('workers');
  const options = { port: lab.endpoint(`server-${number}`).port, serviceTime: lab.number('service-time'), workers, keepAlive: lab.flag('keep-alive') };
  await start(lab, servers, number, 'server', (role) => new ServiceServer(role, options));
  known.add(number);
  for (const { program } of balancers.values()) program.add(backend(lab, number));
}

/** Starts a balancer before all servers that there ever were. */
export async function startBalancer(lab: LabContext, number: number): Promise<void> {
  const { balancers, known } = stateOf(lab);
  const options = {
    port: lab.endpoint(`balancer-${number}`).port, servers: [...known].map((server) => backend(lab, server)), algorithm: lab.text('algorithm') as Algorithm,
    checkInterval: lab.number('check-interval'), failures: lab.number('failures'), retry: lab.flag('retry'), keepAlive: lab.flag('keep-alive'),
    timeout: Math.round(lab.number('time-out') * BALANCER_PATIENCE),
  };
  await start(lab, balancers, number, 'balancer', (role) => new Balancer(role, options));
}

async function start<T extends { run(): Promise<void> }>(lab: LabContext, all: Map<number, Running<T>>, number: number, kind: 'server' | 'balancer', make: (role: RoleContext) => T): Promise<void> {
  const made: T[] = [];
  const role = lab.role({ id: nextLife(lab, `${kind}-${number}`), host: `${kind}-${number}`, kind: 'server' }, plainly((context) => {
    const program = make(context);
    made.push(program);
    return program.run();
  }));
  const [program] = made;
  // One that cannot listen beside another does not take its place.
  if ((await role.ready) && program !== undefined) all.set(number, { role, program });
}

function running<T>(lab: LabContext, all: ReadonlyMap<number, Running<T>>, number: number): Running<T> {
  const found = all.get(number);
  if (found === undefined || lab.running(found.role.id) === null) throw new ActionError('NO_SERVER', `no program runs as number ${number}`);
  return found;
}

/** These throw ActionError NO_SERVER when no such program runs. */
export const server = (lab: LabContext, number: number): ServiceServer => running(lab, stateOf(lab).servers, number).program;
export const killServer = (lab: LabContext, number: number): void => running(lab, stateOf(lab).servers, number).role.kill();
export const killBalancer = (lab: LabContext, number: number): void => running(lab, stateOf(lab).balancers, number).role.kill();

const runningBalancers = (lab: LabContext): Balancer[] => [...stateOf(lab).balancers.values()].filter(({ role }) => lab.running(role.id) !== null).map(({ program }) => program);

/** At every balancer; resolves when that server has nothing more to do. Throws ActionError NO_SERVER when no balancer runs or knows it. */
export async function drain(lab: LabContext, number: number): Promise<void> {
  const drained = runningBalancers(lab).flatMap((balancer) => balancer.drain(`server-${number}`) ?? []);
  if (drained.length === 0) throw new ActionError('NO_SERVER', `no balancer knows server ${number}`);
  await Promise.all(drained);
}

export function undrain(lab: LabContext, number: number): void {
  for (const balancer of runningBalancers(lab)) balancer.undrain(`server-${number}`);
}

/** One more server than there ever were. Throws ActionError NO_SERVER when every address is taken. */
export async function addServer(lab: LabContext): Promise<void> {
  const { known } = stateOf(lab);
  const number = Array.from({ length: MOST.servers }, (_, i) => i + 1).find((one) => !known.has(one));
  if (number === undefined) throw new ActionError('NO_SERVER', `there are addresses for ${MOST.servers} servers`);
  await startServer(lab, number);
}
