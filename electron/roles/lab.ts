// The Node side of a lab: its manifest and the code that runs. A lab's folder default-exports one; discovery is a glob.

import type { Endpoint } from '../../shared/trace/event';
import type { LabManifest, ParameterValue, ParameterValues } from '../../shared/lab/manifest';
import type { TcpFaults, UdpFaults } from '../../shared/lab/faults';
import type { Note } from '../../shared/trace/notes';
import type { Host } from './host';
import type { ProgramName } from './programs/programs';

export interface Lab {
  readonly manifest: LabManifest;
  /** Starts the servers and returns when they listen. `looplab serve` does only this. */
  serve(lab: LabContext): Promise<void>;
  /**
   * The script: runs the clients to their end. The servers go on until the run is stopped. 'open': there is none, the run ends when the user stops
   * it.
   */
  play(lab: LabContext): Promise<void | 'open'>;
  /** What the user may do while the lab is open, by the ids of the manifest's actions. */
  readonly actions?: Readonly<Record<string, (lab: LabContext, args: ParameterValues) => Promise<void>>>;
  /** For a lab with an endpoint that `joins` a swarm: what it does when the user joins that of another machine. */
  readonly swarm?: SwarmJoiner;
}

export interface SwarmJoiner {
  /** Ends every peer of its own: nothing of them may reach the other machine. Its own tracker has ended already. */
  clear(lab: LabContext): Promise<void>;
  /**
   * Goes into the other swarm. `tracker`: the loopback door to its tracker, whose answers name loopback doors to the peers. Until `left` aborts.
   * Rejects with a reason that can be shown.
   */
  enter(lab: LabContext, tracker: Endpoint, left: AbortSignal): Promise<void>;
}

export interface LabContext {
  /** Checked against the manifest; every parameter is there. */
  readonly params: ParameterValues;
  /** Aborts when the run is stopped: roles end their waiting on it. */
  readonly signal: AbortSignal;
  /** A value of the checked parameters, of the type asked for. */
  text(id: string): string;
  number(id: string): number;
  flag(id: string): boolean;
  /** The address and port at which an endpoint of the manifest is reached (it need not listen). */
  endpoint(role: string): Endpoint;
  /**
   * Starts a role on a host of the manifest. Resolves when its program ends; a program that throws ends as 'failed' with
   * the errno in the trace and does not reject: failures are lessons. `ready` tells when its servers listen.
   */
  role(spec: RoleSpec, program: (role: RoleContext) => Promise<void>): RunningRole;
  /**
   * Starts a role that is a process of the system of its own: there a program may block, and when it is killed the kernel closes what it had
   * open. `program` names one of electron/roles/programs; `options` go with it. Its calls come into the same trace on the same clock. Ends as
   * 'failed' with ENOTSUP where such processes cannot be had.
   */
  process(spec: RoleSpec, program: ProgramName, options: ProgramOptions): RunningRole;
  /**
   * Starts a relay as a role of the manifest's endpoint `spec.id`: real sockets that listen there and pass everything on to the target,
   * with faults. Resolves when it listens. It ends with the run; killing its role closes what it has open.
   */
  tcpRelay(spec: RelaySpec<TcpFaults>): Promise<TcpRelay>;
  udpRelay(spec: RelaySpec<UdpFaults>): Promise<UdpRelay>;
  /** Says in the trace which program of the user has the socket at an end, where the system tells (a note process.named). */
  nameProgram(protocol: 'tcp' | 'udp', end: Endpoint): void;
  /**
   * Records the kernel's packets of these ports on loopback, whosever they are, and names the programs there. Resolves when it records; rejects with what
   * speaks against it (ENOENT, EPERM, ENOTSUP).
   */
  watchPorts(ports: readonly number[]): Promise<void>;
  /** The running role of that id, or null. */
  running(id: string): RunningRole | null;
  sleep(ms: number): Promise<void>;
}

/** Plain data, for it goes to another process. */
export type ProgramOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface RoleSpec {
  /** Unique in the run: 'server', 'client-3'. */
  readonly id: string;
  readonly host: string;
  readonly kind: 'client' | 'server';
}

export interface RelaySpec<F> {
  /** The role of an endpoint of the manifest: where it listens. */
  readonly id: string;
  /** Whom it stands before. */
  readonly target: Endpoint;
  /** Where it listens on its host; left out: the endpoint's port. */
  readonly port?: number;
  /** It met a client, or is about to ask the target: who is there? */
  readonly meet?: (end: Endpoint) => void;
  readonly faults: F;
  /** Of its random numbers: the same seed and the same traffic give the same faults. */
  readonly seed: number;
}

export interface TcpRelay {
  readonly role: RunningRole;
  readonly faults: TcpFaults;
  /** Holds for what passes from now on. */
  set(faults: Partial<TcpFaults>): void;
  /** Ends every connection that passes it now: in order, or by RST. */
  cut(how: 'cut' | 'reset'): void;
}

export interface UdpRelay {
  readonly role: RunningRole;
  readonly faults: UdpFaults;
  set(faults: Partial<UdpFaults>): void;
}

/** Who is behind the doors of a run that is shared on the LAN (runtime/share). Sockets of roles see the doors' loopback ends only. */
export interface Doors {
  /** Who really speaks from this loopback end: an address and port of the LAN; null: nobody but this machine. */
  comesFrom(protocol: 'tcp' | 'udp', local: Endpoint): Endpoint | null;
  /** Where the LAN reaches what listens here; null: nowhere, it is not shared. */
  outside(protocol: 'tcp' | 'udp', inside: Endpoint): Endpoint | null;
}

export interface RoleContext {
  readonly id: string;
  readonly host: Host;
  /** Left out: nothing of this run can be shared. */
  readonly doors?: Doors;
  /** Aborts when this role is killed or the run is stopped. */
  readonly signal: AbortSignal;
  /** Call once all its sockets listen, with what they listen on. */
  listening(endpoint: { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number }): void;
  /** What the program shows its user; it appears in the trace. */
  print(text: string): void;
  /** What the program decided or found; it appears in the trace. */
  note(note: Note): void;
  sleep(ms: number): Promise<void>;
}

export interface RunningRole {
  readonly id: string;
  /** Resolves when it first called listening(), or when it ended before (then with false). */
  readonly ready: Promise<boolean>;
  /** Resolves when it has ended, never rejects. */
  readonly ended: Promise<'done' | 'killed' | 'failed'>;
  /** Closes every descriptor of the role at once, as the system does when a process is killed. */
  kill(): void;
  /** Of a process of its own (LabContext.process), while it runs: its id in the system. */
  readonly pid?: number | null;
}

export type { ParameterValue, ParameterValues };
