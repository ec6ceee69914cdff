// One run of the lab of a connection's life: starts its servers, clients and relay, and remembers them for its actions.

import { plainly } from '../../roles/errno';
import type { LabContext, RunningRole, TcpRelay } from '../../roles/lab';
import { server, type Service, type Told } from '../../roles/life/servers';
import type { LifeClient } from '../../roles/life/clients';
import { ActionError, perRun } from '../../roles/serverControl';
import { HandClient } from '../../roles/tcp/echoClients/byHand';
import { NO_TCP_FAULTS } from '../../../shared/lab/faults';
import type { Way } from './manifest';

/** The buffer of the echo server's recv(), in bytes, and how long it works on what it got, in ms: time for bytes to lie unread. */
const READ_SIZE = 16;
const WORK = 400;

export class LifeRun {
  readonly servers: RunningRole[] = [];
  silent: RunningRole | null = null;
  relay: TcpRelay | null = null;
  private readonly hands: HandClient[] = [];
  private clients = 0;

  constructor(private readonly lab: LabContext) {}

  /** A server of our own; resolves when it listens, or has failed to. */
  async startServer(service: Service, told: Told = {}): Promise<RunningRole> {
    const { port } = this.lab.endpoint('server');
    return this.ready(this.lab.role(this.nextServer(), plainly((role) => server(role, port, service, told))));
  }

  /** An echo server that is a process of the system, so that it can be killed by the system: `work` ms for each piece of 16 B. */
  async startEcho(work = 0): Promise<RunningRole> {
    const { port } = this.lab.endpoint('server');
    return this.ready(this.lab.process(this.nextServer(), 'lifeEcho', { port, readSize: READ_SIZE, delay: work }));
  }

  /** The same, slow enough for bytes to be unread when it is killed. */
  startSlowEcho(): Promise<RunningRole> {
    return this.startEcho(WORK);
  }

  /** A process that listens and never calls accept(): the kernel does the rest. */
  async startSilent(): Promise<void> {
    const { port } = this.lab.endpoint('silent');
    this.silent = this.lab.process({ id: 'silent', host: 'server', kind: 'server' }, 'silentListener', { port, backlog: this.lab.number('backlog') });
    await this.silent.ready;
  }

  /** The two that close at once: processes of their own, for one event loop does one thing at a time. */
  async startCloser(): Promise<RunningRole> {
    const { port } = this.lab.endpoint('server');
    return this.ready(this.lab.process(this.nextServer(), 'lifeCloserServer', { port }));
  }

  closeAtOnce(): RunningRole {
    return this.lab.process({ id: 'closer', host: 'client', kind: 'client' }, 'lifeCloser', { ...this.lab.endpoint('server'), tries: this.lab.number('tries') });
  }

  /** A client that ends without close(), in a process of its own. */
  startForgetful(): RunningRole {
    return this.lab.process({ id: 'forgetful', host: 'client', kind: 'client' }, 'lifeForgets', { ...this.lab.endpoint('server') });
  }

  async startRelay(): Promise<TcpRelay> {
    this.relay = await this.lab.tcpRelay({ id: 'relay', target: this.lab.endpoint('server'), faults: NO_TCP_FAULTS, seed: 1 });
    return this.relay;
  }

  startClient(client: LifeClient, way: Way = 'server', id = `client-${++this.clients}`): RunningRole {
    return this.lab.role({ id, host: 'client', kind: 'client' }, plainly((role) => client(role, this.lab.endpoint(way))));
  }

  /** Kills the server that was started last and still runs. */
  kill(): void {
    const last = this.servers.findLast((one) => this.lab.running(one.id) !== null);
    if (last === undefined) throw new ActionError('NO_SERVER', 'no server is running');
    last.kill();
  }

  /** Starts a client that does only what its user says; resolves when its connect() has returned or failed. */
  async connectByHand(way: Way): Promise<void> {
    const hand = new HandClient();
    this.hands.push(hand);
    this.startClient((role, to) => hand.run(role, to), way);
    // A connect() that nobody answers waits: the user may go on.
    await Promise.race([hand.connected, this.lab.sleep(this.lab.number('patience'))]);
  }

  /** The open client by hand that was started last. */
  get hand(): HandClient {
    const hand = this.hands.findLast((one) => one.open);
    if (hand === undefined) throw new ActionError('NO_CLIENT', 'no client is open: connect one first');
    return hand;
  }

  private nextServer(): { readonly id: string; readonly host: string; readonly kind: 'server' } {
    return { id: this.servers.length === 0 ? 'server' : `server-${this.servers.length + 1}`, host: 'server', kind: 'server' };
  }

  private async ready(started: RunningRole): Promise<RunningRole> {
    this.servers.push(started);
    await started.ready;
    return started;
  }
}

export const lifeRun = perRunOf((lab) => new LifeRun(lab));

function perRunOf<T extends object>(create: (lab: LabContext) => T): (lab: LabContext) => T {
  const slot = perRun<{ value: T | null }>(() => ({ value: null }));
  return (lab) => (slot(lab).value ??= create(lab));
}
