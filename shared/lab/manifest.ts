// What a lab says of itself: pure data that may cross IPC. The Node side (electron/labs/<id>/lab.ts) adds the code that runs.

import type { Condition, Matcher } from '../trace/match';

export type LabGroup = 'sockets' | 'web' | 'architectures' | 'stack' | 'applications' | 'own' | 'template';

/** One setting of the experiment; a text of several `lines` may have line feeds. Its label, unit and choice names are lesson text (`## parameter: <id>`). */
export type Parameter =
  | { readonly type: 'choice'; readonly id: string; readonly options: readonly string[]; readonly value: string }
  /** `windowMax`: most that the window's form takes, where the picture of more would help nobody; the command line takes up to `max`. */
  | { readonly type: 'integer'; readonly id: string; readonly min: number; readonly max: number; readonly value: number; readonly unit?: 'B' | 'KiB' | 'KiB/s' | 'ms' | 's'; readonly windowMax?: number }
  | { readonly type: 'text'; readonly id: string; readonly maxLength: number; readonly value: string; readonly lines?: number }
  | { readonly type: 'boolean'; readonly id: string; readonly value: boolean };

export type ParameterValue = string | number | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** A named participant. `address` is the loopback address that it has where the system allows several. */
export interface HostSpec {
  readonly id: string;
  readonly address: string;
  /**
   * A family of so many hosts alike: 'peer' with 3 is 'peer-1' at this address, 'peer-2' and 'peer-3' at the next two (shared/lab/hosts.ts).
   * Each comes into the trace when its first role starts. An endpoint on a family's host is a family of endpoints, with roles 'peer-1' ...
   */
  readonly count?: number;
  /** A host of its own that comes into the trace when its first role starts: it takes part in some runs only. */
  readonly late?: true;
}

export interface EndpointSpec {
  readonly role: string;
  readonly host: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The well-known port that this one stands for, when it has one (7 for 7007). */
  readonly wellKnown?: number;
  /** It listens only in some runs: its absence is no failure. */
  readonly optional?: boolean;
  /** An HTTP tracker: joining one of another machine in its place means to go into that machine's swarm (Lab.swarm). */
  readonly joins?: 'swarm';
  /** A relay of the run listens here (LabContext.tcpRelay, udpRelay): what it does to what passes can be set. */
  readonly relay?: true;
}

/** Something the user may do while the lab is open; shown as a button with a field for each argument. */
export interface ActionSpec {
  readonly id: string;
  readonly arguments: readonly Parameter[];
}

/** A lesson's unit: done when its matcher has found a moment; the playhead can run until it. */
export interface StepSpec {
  readonly id: string;
  readonly match: Matcher;
  /** Prediction asked at this step, before its moment is shown. */
  readonly predict?: string;
  /** It belongs to the lesson only while each of these parameters has one of these values, or when its moment has come all the same. */
  readonly only?: Readonly<Record<string, readonly ParameterValue[]>>;
}

/** Whether a step belongs to the lesson of a run with these parameters. */
export const stepFits = ({ only = {} }: StepSpec, params: ParameterValues): boolean =>
  Object.entries(only).every(([id, values]) => params[id] === undefined || values.includes(params[id]));

/** A question answered before the run; the trace decides. The first option whose condition holds is right. */
export interface PredictionSpec {
  readonly id: string;
  readonly options: readonly { readonly id: string; readonly when: Condition }[];
}

/** A command line for the user's own program. `{address}` and `{port}` are those of `endpoint` in the running lab. */
export interface TryItSpec {
  readonly id: string;
  /** '': the command goes to none of the lab's. */
  readonly endpoint: string;
  readonly command: string;
  /** For other machines of the class, when the endpoint is shared. Left out: the same, unless it names 127.0.0.1. */
  readonly lan?: string;
}

/** Pictures of the stage: those of every lab, of sockets, of the web, of architectures, of server models and of the stack. */
export type StageTab = 'hosts' | 'stack' | 'sockets' | 'streams' | 'states' | 'dns' | 'exchange' | 'waterfall' | 'http2' | 'tls' | 'page' | 'swarm' | 'scaling' | 'availability' | 'models' | 'window' | 'ports' | 'headers';

/** `slowness`: how many times slower than the run the axis `true` is, at speed 1; left out: a thousand. */
export interface LabPacing {
  readonly axis: 'true' | 'squeezed';
  readonly slowness?: number;
}

export interface LabManifest {
  readonly id: string;
  readonly group: LabGroup;
  /** Place in its group. */
  readonly order: number;
  readonly parameters: readonly Parameter[];
  readonly hosts: readonly HostSpec[];
  readonly endpoints: readonly EndpointSpec[];
  /** Families of roles without an endpoint, which the lesson names; left out: ['client']. */
  readonly roles?: readonly string[];
  readonly actions: readonly ActionSpec[];
  readonly steps: readonly StepSpec[];
  readonly predictions: readonly PredictionSpec[];
  readonly tryIt: readonly TryItSpec[];
  readonly stage: readonly StageTab[];
  /** The time axis that its runs begin with, where one beat an event would take too long; left out: the user's. */
  readonly pacing?: LabPacing;
  /** Specifications that it shows, e.g. 'RFC 867'. */
  readonly specifications: readonly string[];
}

/** An endpoint that really listens. */
export interface LiveEndpoint {
  readonly role: string;
  /** The lab's host that it is on; left out where it is not known. */
  readonly host?: string | undefined;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}
