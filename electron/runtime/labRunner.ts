// Runs one lab once: checks its parameters, gives hosts their addresses, runs serve() and play(), takes actions, stops. States:
// starting -> running -> open -> stopped, or failed from any of them. Errors of programs are facts; errors of the run are its `error`.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { must } from '../../shared/base/assert';
import type { HostIx, RoleIx } from '../../shared/base/brand';
import type { RelayState, ReportedError } from '../../shared/ipc/contract';
import type { LiveEndpoint, ParameterValues } from '../../shared/lab/manifest';
import { endpointsOf } from '../../shared/lab/hosts';
import type { RoleKind } from '../../shared/trace/about';
import type { Lab, LabContext, ProgramOptions, RoleContext, RoleSpec } from '../roles/lab';
import type { ProgramName } from '../roles/programs/programs';
import { checkServers } from './checkServers';
import { PacketsOfRun } from './kernelCapture/packetsOfRun';
import { Namer } from './programNames/namer';
import { EngineError, reportError } from './engineError';
import { planHosts, servicesOf, type HostPlan, type PlannedHost } from './hosts';
import { checkedValues, typedValues } from './labParams';
import { RunRelays } from './relay/runRelays';
import type { RelayRun } from './relay/startRelay';
import type { Guest } from './guest';
import { ProcessRole } from './process/processRole';
import { EngineRole, type LabRole, type RoleNetwork, type RoleSetup } from './runningRole';
import type { RunOptions } from './runOptions';
import { within } from './within';

export type LabEnd = 'reached' | 'stopped' | 'failed';
export type RunState = 'starting' | 'running' | 'open' | 'stopped' | 'failed';

/** Whose endpoint a role's listening sockets are; null: nobody's. */
type Means = Pick<LiveEndpoint, 'role' | 'host'> | null;

/** How long programs may take to end when the run is stopped, in ms. */
const STOP_PATIENCE = 500;

export class LabRun {
  state: RunState = 'starting';
  error: ReportedError | null = null;
  /** How its script ended; null while it runs. */
  outcome: LabEnd | null = null;
  private waits = false;
  /** Resolves when the run is open, stopped or failed. */
  readonly settled: Promise<void>;
  private readonly abort = new AbortController();
  private readonly roles = new Map<string, LabRole>();
  private readonly live = new Map<string, LiveEndpoint[]>();
  private readonly hostIndex = new Map<string, HostIx>();
  readonly context: LabContext;
  private readonly relays: RunRelays;
  private readonly namer: Namer;
  readonly packets: PacketsOfRun;
  private plan: HostPlan = { hosts: [], endpoints: new Map() };
  private closing: Promise<void> | null = null;
  private resolveSettled: () => void = () => undefined;

  constructor(private readonly options: RunOptions) {
    setMaxListeners(0, this.abort.signal);
    this.settled = new Promise((resolve) => (this.resolveSettled = resolve));
    this.relays = this.makeRelays(options);
    this.namer = new Namer((note) => options.recorder.programNamed(note));
    this.packets = new PacketsOfRun({ recorder: options.recorder, namer: this.namer, asked: options.capture === true, changed: () => this.tell(), ...(options.watch !== undefined && { watch: options.watch }) });
    this.context = this.makeContext(options.params);
  }

  /** Begins; everything that happens is told by `onChange` and by the trace. Does nothing on a run that was stopped before. */
  start(): void {
    if (this.closing === null) void this.run();
  }

  get manifest(): Lab['manifest'] {
    return this.options.lab.manifest;
  }

  /** What listens now, in order of its start. */
  get endpoints(): readonly LiveEndpoint[] {
    return [...this.live.values()].flat();
  }

  /** Rejects with ACTION_UNKNOWN, LAB_PARAMETERS, RUN_STATE or the action's own error. */
  async act(action: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    const { manifest, actions } = this.options.lab;
    const spec = manifest.actions.find((one) => one.id === action);
    const perform = actions !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (spec === undefined || perform === undefined) throw new EngineError('ACTION_UNKNOWN', `lab ${manifest.id} has no action ${JSON.stringify(action.slice(0, 40))}`, manifest.id);
    this.checkLive();
    const values = checkedValues(spec.arguments, args, `${manifest.id}, ${action}`);
    this.options.recorder.actionTaken(action, values);
    await perform(this.context, values);
    await this.options.recorder.settle();
    this.options.recorder.flush();
  }

  /** Turns the recording of the kernel's packets on or off. Rejects with RUN_STATE. */
  async setCapture(on: boolean): Promise<void> {
    this.checkLive();
    await this.packets.set(on);
  }

  /** Its relays that run now. */
  get relayStates(): readonly RelayState[] {
    return this.relays.states;
  }

  /** Changes or cuts relays. Throws RUN_STATE and as RunRelays.set and cut do. */
  withRelays(change: (relays: RunRelays) => void): void {
    this.checkLive();
    change(this.relays);
    this.options.recorder.flush();
  }

  private checkLive(): void {
    if (this.state !== 'running' && this.state !== 'open') throw new EngineError('RUN_STATE', `lab ${this.manifest.id} is ${this.state}`, this.manifest.id);
  }

  /** Ends every role and closes every descriptor; the ports are free when it resolves. */
  stop(): Promise<void> {
    return this.finish('stopped', null);
  }

  /** Ends the run because of an error of its own (a program's failure is not one). */
  fail(error: ReportedError): Promise<void> {
    return this.finish('failed', error);
  }

  private async run(): Promise<void> {
    const { lab, params, recorder, mode, timeout } = this.options;
    const timer = timeout === undefined ? undefined : setTimeout(() => {
      void this.fail({ code: 'ETIMEDOUT', message: `lab ${lab.manifest.id} did not end within ${timeout / 1000} s`, where: lab.manifest.id });
    }, timeout);
    try {
      this.options.onChange(this);
      const startedAt = new Date().toISOString();
      try {
        this.plan = await (this.options.plan ?? planHosts)(lab.manifest);
      } finally {
        recorder.labStarted(lab.manifest.id, params, startedAt, process.platform, servicesOf(lab.manifest, this.plan));
      }
      for (const host of this.plan.hosts) if (!host.late) this.addHost(host);
      await this.packets.begin(this.plan);
      await lab.serve(this.context);
      this.abort.signal.throwIfAborted();
      checkServers(lab.manifest, this.roles, (role) => this.endpoint(role));
      if (mode === 'play') {
        this.change('running');
        this.waits = (await lab.play(this.context)) === 'open';
        await recorder.settle();
        if (!this.waits) this.end('reached', '');
      }
      this.change('open');
    } catch (thrown) {
      if (!this.abort.signal.aborted) void this.fail(reportError(thrown, lab.manifest.id));
    } finally {
      clearTimeout(timer);
      recorder.flush();
    }
  }

  private change(state: RunState): void {
    if (this.state === 'stopped' || this.state === 'failed') return;
    if (this.closing !== null && state !== 'stopped' && state !== 'failed') return;
    this.state = state;
    if (state === 'open' || state === 'stopped' || state === 'failed') {
      this.options.recorder.flush();
      this.resolveSettled();
    }
    this.options.onChange(this);
  }

  /** The one lab.ended of the trace: the script's end, or that of the run when it came first. */
  private end(how: LabEnd, err: string): void {
    if (this.outcome !== null || this.closing !== null) return;
    this.outcome = how;
    this.options.recorder.labEnded(how, err);
  }

  private finish(how: 'stopped' | 'failed', error: ReportedError | null): Promise<void> {
    if (this.closing === null) {
      this.end(this.waits && how === 'stopped' ? 'reached' : how, error?.code ?? '');
      this.error = error;
      this.closing = this.close(how);
    }
    return this.closing;
  }

  private async close(how: 'stopped' | 'failed'): Promise<void> {
    const running = [...this.roles.values()].filter((role) => role.outcome === null);
    this.abort.abort();
    for (const role of running) role.askToStop();
    // One turn of the event loop for programs that close their sockets themselves when their signal aborts.
    await new Promise((resolve) => setImmediate(resolve));
    for (const role of running) role.forceStop();
    await within(STOP_PATIENCE, Promise.all(running.map((role) => role.ended)));
    for (const role of this.roles.values()) role.kill();
    await within(STOP_PATIENCE, Promise.all(running.map((role) => role.ended)));
    // Descriptors that were just closed are released by the event loop's next turns.
    await new Promise((resolve) => setImmediate(resolve));
    await this.packets.stop();
    this.live.clear();
    this.change(how);
  }

  private endpoint(role: string): { address: string; port: number } {
    return must(this.plan.endpoints.get(role), `endpoint of role ${role} in lab ${this.options.lab.manifest.id}`);
  }

  private addHost({ id, address, fallback }: PlannedHost): HostIx {
    const index = this.options.recorder.hostAdded({ id, name: id, address, program: '', fallback });
    this.hostIndex.set(id, index);
    return index;
  }

  /** Starts a guest; it is stopped with the run. Throws AbortError when the run is being stopped. */
  guest(spec: Guest, program: (role: RoleContext) => Promise<void>): EngineRole {
    return this.startOn({ ...spec.host, fallback: false, late: true }, { ...spec, kind: 'relay' }, program, spec.network, spec.standsFor);
  }

  /** The running role of that id. */
  running(id: string): LabRole | null {
    const role = this.roles.get(id);
    return role !== undefined && role.outcome === null ? role : null;
  }

  private hostOf(spec: Pick<RoleSpec, 'host'>): PlannedHost {
    return must(this.plan.hosts.find((one) => one.id === spec.host), `host ${spec.host}`);
  }

  private startRole(spec: Pick<RoleSpec, 'id' | 'host'> & { readonly kind: RoleKind }, program: (role: RoleContext, index: RoleIx) => Promise<void>): EngineRole {
    const host = this.hostOf(spec);
    return this.startOn(host, spec, program, (index) => this.options.network(host, index), { role: spec.id, host: spec.host });
  }

  private startOn(host: PlannedHost, spec: Pick<RoleSpec, 'id'> & { readonly kind: RoleKind }, program: (role: RoleContext, index: RoleIx) => Promise<void>, network: (role: RoleIx) => RoleNetwork, means: Means): EngineRole {
    const setup = this.begin(host, spec, means);
    const role = new EngineRole({ ...setup, network: network(setup.index) });
    this.roles.set(spec.id, role);
    role.start((context) => program(context, setup.index));
    return role;
  }

  /** A role that is a process of the system. */
  private startProcess(spec: RoleSpec, program: ProgramName, options: ProgramOptions): ProcessRole {
    const role = new ProcessRole({ ...this.begin(this.hostOf(spec), spec, { role: spec.id, host: spec.host }), program, options });
    this.roles.set(spec.id, role);
    role.start();
    return role;
  }

  /** A role outlives its program: what it keeps must not hold the program too, with all that it had in memory (a scope of its own). */
  private begin(host: PlannedHost, { id, kind }: Pick<RoleSpec, 'id'> & { readonly kind: RoleKind }, means: Means): Omit<RoleSetup, 'network'> {
    this.abort.signal.throwIfAborted();
    if (this.roles.has(id)) throw new Error(`role ${id} was already started in this run`);
    const { recorder, doors } = this.options;
    const index = recorder.roleStarted(this.hostIndex.get(host.id) ?? this.addHost(host), { id, name: id, kind });
    return {
      id, index, host, recorder, ...(doors !== undefined && { doors }),
      onListening: (endpoint) => {
        if (means === null) return;
        this.live.set(id, [...(this.live.get(id) ?? []), { ...endpoint, ...means }]);
        this.options.onChange(this);
      },
      onEnded: () => {
        if (this.live.delete(id)) this.tell();
      },
    };
  }

  private tell(): void {
    if (this.closing === null) this.options.onChange(this);
  }

  /** They are roles of the run, on the hosts of their endpoints. */
  private makeRelays({ lab, recorder, relays = {} }: RunOptions): RunRelays {
    const start: RelayRun['start'] = (id, program) => {
      const { host } = must(endpointsOf(lab.manifest).find((spec) => spec.role === id), `endpoint of relay ${id} in lab ${lab.manifest.id}`);
      return this.startRole({ id, host, kind: 'relay' }, program);
    };
    return new RunRelays({ recorder, start, endpoint: (id) => this.endpoint(id) }, relays, () => this.tell());
  }

  private makeContext(params: ParameterValues): LabContext {
    const signal = this.abort.signal;
    return {
      params,
      signal,
      ...typedValues(params, this.options.lab.manifest.id),
      endpoint: (role) => this.endpoint(role),
      role: (spec, program) => this.startRole(spec, program),
      process: (spec, program, options) => this.startProcess(spec, program, options),
      tcpRelay: (spec) => this.relays.tcp(spec),
      udpRelay: (spec) => this.relays.udp(spec),
      nameProgram: (protocol, end) => this.namer.meet(protocol, end),
      watchPorts: (ports) => this.packets.watch(ports),
      running: (id) => this.running(id),
      sleep: async (ms) => {
        await sleepFor(ms, undefined, { signal });
      },
    };
  }
}
