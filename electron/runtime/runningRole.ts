// One role of a run: a program with its own network, from its start to its end. A program that throws ends as 'failed' with the
// errno in the trace; that is a lesson, not an error of the engine. Descriptors that it leaves open are closed, as at a process's end.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { RoleIx } from '../../shared/base/brand';
import type { LiveEndpoint } from '../../shared/lab/manifest';
import type { Recorder } from '../capture/recorder';
import type { Host, Http2Network, HttpNetwork, TcpNetwork, TlsNetwork, UdpNetwork, UnixNetwork } from '../roles/host';
import type { Doors, RoleContext, RunningRole } from '../roles/lab';
import { errorCode } from './engineError';
import type { PlannedHost } from './hosts';

/** What its program shows is cut at this many characters: one line of a ladder, not a log. */
const PRINT_LIMIT = 4096;

export type RoleEnd = 'done' | 'killed' | 'failed';

/** The network of one role: everything it opens is tapped, belongs to it, and is closed by closeAll(). */
export interface RoleNetwork {
  readonly net: TcpNetwork;
  readonly dgram: UdpNetwork;
  readonly unix: UnixNetwork;
  readonly tls: TlsNetwork;
  readonly http: HttpNetwork;
  readonly http2: Http2Network;
  /** Closes every descriptor of the role at once, as the system does when its process ends. */
  closeAll(): void;
}

export interface RoleSetup {
  readonly id: string;
  readonly index: RoleIx;
  readonly host: PlannedHost;
  readonly network: RoleNetwork;
  readonly recorder: Recorder;
  readonly doors?: Doors;
  onListening(endpoint: LiveEndpoint): void;
  onEnded(role: LabRole): void;
}

/** A role as its run has it. */
export interface LabRole extends RunningRole {
  /** How it ended; null while it runs. */
  readonly outcome: RoleEnd | null;
  /** Why, when it failed. */
  readonly error: unknown;
  /** True once it has called listening(). */
  readonly listened: boolean;
  /** Asks it to end by itself. */
  askToStop(): void;
  /** Ends what askToStop did not. */
  forceStop(): void;
  /** Ends it in order. */
  dismiss(): void;
}

export class EngineRole implements LabRole {
  readonly id: string;
  readonly ready: Promise<boolean>;
  readonly ended: Promise<RoleEnd>;
  /** How it ended; null while it runs. */
  outcome: RoleEnd | null = null;
  /** What its program threw, when it failed. */
  error: unknown = null;
  /** True once it has called listening(). */
  listened = false;

  private readonly abort = new AbortController();
  private stopping = false;
  private resolveReady: (ready: boolean) => void = () => undefined;
  private resolveEnded: (how: RoleEnd) => void = () => undefined;

  private readonly setup: Omit<RoleSetup, 'network'>;
  /** Null once it has ended: a run remembers its roles, and need not remember all that they could open. */
  private network: RoleNetwork | null;

  constructor({ network, ...setup }: RoleSetup) {
    this.setup = setup;
    this.network = network;
    this.id = setup.id;
    // A program may wait in any number of places at once; none of them is a leak.
    setMaxListeners(0, this.abort.signal);
    this.ready = new Promise((resolve) => (this.resolveReady = resolve));
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
  }

  /** Runs the program; its first steps are taken before this returns. */
  start(program: (role: RoleContext) => Promise<void>): void {
    if (this.network !== null) void this.run(program, this.network);
  }

  kill(): void {
    this.end('killed', '');
  }

  /** Asks the program to end: its signal aborts, so that it can close what it has. */
  askToStop(): void {
    this.stopping = true;
    this.abort.abort();
  }

  /** Ends what askToStop did not: its calls fail, so that whatever it waits for is over. */
  forceStop(): void {
    this.network?.closeAll();
  }

  /** Ends it in order, with every descriptor closed when this returns. */
  dismiss(): void {
    this.askToStop();
    this.forceStop();
  }

  private async run(program: (role: RoleContext) => Promise<void>, network: RoleNetwork): Promise<void> {
    try {
      await program(this.context(network));
      this.end('done', '');
    } catch (thrown) {
      // What a program throws because it is being stopped is not its failure.
      if (this.stopping) return this.end('done', '');
      this.error = thrown;
      this.end('failed', errorCode(thrown));
    }
  }

  private end(how: RoleEnd, err: string): void {
    if (this.outcome !== null) return;
    this.outcome = how;
    this.network?.closeAll();
    this.network = null;
    this.setup.recorder.roleEnded(this.setup.index, how, err);
    this.abort.abort();
    this.setup.onEnded(this);
    this.resolveReady(false);
    this.resolveEnded(how);
  }

  private context(network: RoleNetwork): RoleContext {
    const { id, index, recorder, doors } = this.setup;
    const host: Host = { id: this.setup.host.id, address: this.setup.host.address, net: network.net, dgram: network.dgram, unix: network.unix, tls: network.tls, http: network.http, http2: network.http2 };
    const signal = this.abort.signal;
    return {
      id,
      host,
      signal,
      ...(doors !== undefined && { doors }),
      listening: (endpoint) => {
        if (this.outcome !== null) return;
        this.listened = true;
        this.setup.onListening({ role: id, protocol: endpoint.protocol, address: endpoint.address, port: endpoint.port });
        this.resolveReady(true);
      },
      print: (text) => {
        if (this.outcome === null) recorder.rolePrinted(index, text.length > PRINT_LIMIT ? `${text.slice(0, PRINT_LIMIT)}…` : text);
      },
      note: (note) => {
        if (this.outcome === null) recorder.roleNoted(index, note);
      },
      sleep: async (ms) => {
        await sleepFor(ms, undefined, { signal });
      },
    };
  }
}
