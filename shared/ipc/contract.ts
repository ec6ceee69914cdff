// The IPC contract: every request that the page may make of main, and every push that main makes to the page, in one map.
// Channel names are derived from it; both sides check the schemas. Facts in bulk do not pass here but over a MessagePort.

import * as v from 'valibot';
import { captureQuestion, captureState } from './captureContract';
import { runNotes, runPackets } from '../trace/runFile/meta';
import { openedFile, openingFile, RECENT_FILES, recentFile } from './fileContract';

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const runId = v.pipe(v.number(), v.integer(), v.minValue(1));
const value = v.union([v.pipe(v.string(), v.maxLength(65_536)), v.number(), v.boolean()]);
const values = v.pipe(v.record(id, value), v.check((given) => Object.keys(given).length <= 64, 'at most 64 values'));
const nothing = v.undefined();
const done = v.void();

export const localeSchema = v.picklist(['en', 'ko', 'ru']);

/** Of the rows that a filter of the user's own finds: names for colours of the palette (renderer/styles/paints.css). */
export const FILTER_COLOURS = ['magenta', 'blue', 'amber', 'teal', 'green', 'red'] as const;
export type FilterColour = (typeof FILTER_COLOURS)[number];
const filterButton = v.object({ name: v.pipe(v.string(), v.maxLength(60)), filter: v.pipe(v.string(), v.maxLength(4_096)), colour: v.fallback(v.optional(v.picklist(FILTER_COLOURS)), undefined) });
export type FilterButton = v.InferOutput<typeof filterButton>;

/** The user's settings; kept by main in settings.json. Unknown or broken values fall back one by one. */
export const settingsSchema = v.object({
  locale: v.fallback(v.picklist(['system', 'en', 'ko', 'ru']), 'system'),
  theme: v.fallback(v.picklist(['system', 'dark', 'light']), 'system'),
  motion: v.fallback(v.picklist(['system', 'full', 'reduced']), 'system'),
  textScale: v.fallback(v.pipe(v.number(), v.minValue(0.8), v.maxValue(2)), 1),
  pacing: v.fallback(v.picklist(['true', 'squeezed', 'each']), 'each'),
  speed: v.fallback(v.pipe(v.number(), v.minValue(0.05), v.maxValue(16)), 1),
  followLive: v.fallback(v.boolean(), false),
  /** Record the kernel's packets too, where this user may. */
  capture: v.fallback(v.boolean(), false),
  /** Sizes of the panes in per cent, by name of the splitter. */
  panes: v.fallback(v.record(v.pipe(v.string(), v.maxLength(32)), v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(100))), v.maxLength(8))), {}),
  recentLabs: v.fallback(v.pipe(v.array(id), v.maxLength(12)), []),
  /** Columns of the packet table, in order: those of PacketRow by name, others by their field. Empty: the usual ones. */
  packetColumns: v.fallback(v.pipe(v.array(v.object({ id: v.pipe(v.string(), v.maxLength(80)), width: v.pipe(v.number(), v.minValue(24), v.maxValue(4_000)) })), v.maxLength(24)), []),
  /** Display filters: those used lately, and those that are buttons; of these the first that fits a packet and has a colour paints its row. */
  recentFilters: v.fallback(v.pipe(v.array(v.pipe(v.string(), v.maxLength(4_096))), v.maxLength(12)), []),
  filterButtons: v.fallback(v.pipe(v.array(filterButton), v.maxLength(24)), []),
});
export type Settings = v.InferOutput<typeof settingsSchema>;
export const defaultSettings: Settings = v.parse(settingsSchema, {
  locale: 'system', theme: 'system', motion: 'system', textScale: 1, pacing: 'each', speed: 1, followLive: false, capture: false, panes: {}, recentLabs: [],
  packetColumns: [], recentFilters: [], filterButtons: [],
});

const appInfo = v.object({
  version: v.string(), electron: v.string(), chrome: v.string(), node: v.string(), v8: v.string(),
  platform: v.string(), arch: v.string(), packaged: v.boolean(), systemLocale: v.string(),
});
export type AppInfo = v.InferOutput<typeof appInfo>;

const error = v.object({
  /** errno name or a code of ours ('LAB_UNKNOWN'). */
  code: v.string(),
  message: v.string(),
  /** Where it happened: role, call, endpoint; '' when not known. */
  where: v.string(),
});
export type ReportedError = v.InferOutput<typeof error>;

const endpoint = v.object({ role: v.string(), host: v.optional(v.string()), protocol: v.picklist(['tcp', 'udp']), address: v.string(), port: v.number() });

/** One relay of a run, with what it does to what passes it now (lab/faults.ts has the meaning of each; all are numbers or on/off). */
const faults = v.record(v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,20}$/)), v.union([v.pipe(v.number(), v.minValue(0)), v.boolean()]));
const relay = v.object({ id: v.string(), protocol: v.picklist(['tcp', 'udp']), seed: v.number(), /** TcpFaults or UdpFaults. */ faults });
export type RelayState = v.InferOutput<typeof relay>;
/** What relays begin a run with instead of what the lab says, by their ids: named faults only. */
const relayStarts = v.pipe(
  v.record(id, v.object({ seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), faults })), v.check((given) => Object.keys(given).length <= 16, 'at most 16 relays'),
);
export type RelayStarts = v.InferOutput<typeof relayStarts>;

/** Why the kernel's packets cannot be recorded: ENOENT (no program), EPERM, ENOTSUP, ...; and what the user can do (captureHelp.ts): commands to run, an address to go to, or neither. */
const captureProblem = v.object({
  ...error.entries,
  help: v.optional(v.object({ what: v.picklist(['install', 'allow', 'group', 'chmodBpf', 'npcap', 'npcapAdmin', 'wireshark']), program: v.string(), commands: v.array(v.string()), link: v.string() })),
});
export type CaptureProblem = v.InferOutput<typeof captureProblem>;

/** What the kernel carried between the hosts of a run, recorded beside its calls. */
const capture = v.object({
  on: v.boolean(),
  packets: v.number(),
  /** Packets that were carried and are not in the trace: too many, or too fast. Known when it has ended. */
  missed: v.number(),
  /** Why it is not on. */
  error: v.nullable(captureProblem),
});
export type CaptureState = v.InferOutput<typeof capture>;

/** The file that a run is recorded into. */
const recording = v.object({
  on: v.boolean(),
  /** Without its folder. */
  name: v.string(),
  /** Facts, packets and bytes that are in it for good. */
  facts: v.number(),
  packets: v.number(),
  bytes: v.number(),
  /** Why it stopped before the run did. */
  error: v.nullable(error),
});
export type RecordingState = v.InferOutput<typeof recording>;

/** Ports that need no rights of an administrator, and that no service of the system has. */
const sharedPort = v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65_535));
const ipv4 = v.pipe(v.string(), v.maxLength(15), v.ipv4());
const protocol = v.picklist(['tcp', 'udp']);
const amount = v.pipe(v.number(), v.integer(), v.minValue(0));

/** An address of this machine that others on its network can reach. */
const lanPlace = v.object({
  /** Of the interface: 'wlan0', 'Ethernet 2'. */
  name: v.string(),
  address: ipv4,
  /** Bits of its network; only machines of that network are let in. */
  prefix: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(32)),
  /** 'private': RFC 1918. 'public': perhaps reachable from the whole Internet. */
  scope: v.picklist(['private', 'link-local', 'public']),
});
export type LanPlace = v.InferOutput<typeof lanPlace>;

/** A server, or a family of them ('peer'), that the user lets others reach: at that port, a family at it and those that follow. */
const offer = v.object({ role: id, protocol, port: sharedPort });
export type ShareOffer = v.InferOutput<typeof offer>;

/** What is reachable from the LAN, and what was joined there. All of it ends with the run at the latest. */
const shareState = v.object({
  run: runId,
  share: v.nullable(v.object({
    address: ipv4,
    prefix: v.number(),
    offers: v.array(v.object({ ...offer.entries, /** Ports from `port` on that it may take. */ count: amount })),
    /** Those that are open now; each closes when its server does. */
    doors: v.array(v.object({
      role: v.string(), protocol, port: v.number(), inside: v.object({ address: v.string(), port: v.number() }),
      /** Connections (UDP: clients) now, so far, and turned away: from outside the network, or too many. */
      now: amount, total: amount, refused: amount,
    })),
    /** A server that came back and has no door: why. */
    problem: v.nullable(error),
  })),
  /** Servers of others that stand in for the lab's own. */
  joined: v.array(v.object({
    role: v.string(), protocol, inside: v.object({ address: v.string(), port: v.number() }), address: ipv4, port: v.number(), now: amount, total: amount,
    /** Of a joined swarm: further machines of that network that its tracker named, with connections now and so far. */
    named: v.array(v.object({ address: ipv4, port: v.number(), now: amount, total: amount })),
  })),
  /** Why the last share or joining ended; null: none has. */
  ended: v.nullable(v.picklist(['stopped', 'run-over', 'address-gone'])),
});
export type ShareState = v.InferOutput<typeof shareState>;

/** Bytes of a file that the page has made. */
export const MOST_SAVED = 512 * 1024 * 1024;
/** A name to begin with, in no folder. */
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}(\.[a-z0-9]{1,10})?$/));

const captureNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Requests: page -> main, answered. */
export const REQUESTS = {
  'app.info': { input: nothing, output: appInfo },
  /** Manifests with lesson texts; JSON of LabBundle[] checked by its builder, not field by field here. */
  'lab.list': { input: nothing, output: v.pipe(v.string(), v.maxLength(16_000_000)) },
  /** The page listens: main sends the trace port, the current run from its start and its state. */
  'trace.connect': { input: nothing, output: done },
  /** `relays`: rejected with RELAY_UNKNOWN and FAULT_INVALID; of a relay that this run does not start, nothing comes. `capture`: record the kernel's packets too. */
  'lab.start': { input: v.object({ lab: id, params: values, relays: v.optional(relayStarts), capture: v.optional(v.boolean()) }), output: v.object({ run: runId }) },
  /** Whether the kernel's packets could be recorded here, by tcpdump; null: yes, else why not. */
  'capture.problem': { input: nothing, output: v.nullable(captureProblem) },
  'lab.stop': { input: v.object({ run: runId }), output: done },
  'role.act': { input: v.object({ run: runId, action: id, args: values }), output: done },
  /** Changes what a relay does from now on (RELAY_UNKNOWN, FAULT_INVALID), or ends the connections that pass it now; in the trace as action.taken. */
  'relay.set': { input: v.object({ run: runId, relay: id, faults }), output: done },
  /** Records the kernel's packets of this run from now on, or no longer; 'lab.state' tells what came of it. */
  'capture.set': { input: v.object({ run: runId, on: v.boolean() }), output: done },
  'relay.cut': { input: v.object({ run: runId, relay: id, how: v.picklist(['cut', 'reset']) }), output: done },
  'settings.read': { input: nothing, output: settingsSchema },
  'settings.write': { input: v.partial(settingsSchema), output: settingsSchema },
  /** A document for the frame without rights; the answer is where the frame finds it. */
  'page.show': { input: v.object({ html: v.pipe(v.string(), v.maxLength(8_000_000)) }), output: v.object({ url: v.string() }) },
  /** The system's dialog asks where; null when the user changed their mind. */
  'file.save': {
    input: v.object({ name: fileName, kind: v.picklist(['run', 'pcapng', 'har']), bytes: v.pipe(v.instance(Uint8Array), v.check((given) => given.length <= MOST_SAVED, 'at most 512 MiB')) }),
    output: v.nullable(v.object({ path: v.string() })),
  },
  /**
   * The system's dialog asks where; the run is then recorded there, from its first fact on and while it goes on. Null when the user changed their
   * mind; 'lab.state' tells how it goes. Rejected with RUN_UNKNOWN, RUN_STATE, RECORDING_BUSY and the errno of the file.
   */
  'record.start': { input: v.object({ run: runId, name: fileName, packets: runPackets, keys: v.boolean() }), output: v.nullable(v.object({ name: v.string() })) },
  /** What the user answered and marked: it is in the end of what is recorded. */
  'record.note': { input: v.object({ run: runId, notes: runNotes }), output: done },
  /** Answered when the file is whole; the run goes on. */
  'record.stop': { input: v.object({ run: runId }), output: done },
  /** The system's dialog asks which; null when the user changed their mind. `name` without its folder. */
  'file.open': { input: v.object({ kind: v.picklist(['har']) }), output: v.nullable(v.object({ name: v.string(), text: v.string() })) },
  /** The system's dialog asks which capture or run to open; what came of it is pushed as 'file.opened', as with the other ways. False: the user changed their mind. */
  'file.choose': { input: nothing, output: v.boolean() },
  'file.recent': { input: nothing, output: v.pipe(v.array(recentFile), v.maxLength(RECENT_FILES)) },
  /** Rejected with FILE_UNKNOWN when it is not in the list any more. */
  'file.openRecent': { input: v.object({ id: v.pipe(v.string(), v.maxLength(32)) }), output: done },
  /** Opens the file that this run was opened from as a capture: its packets. Rejected with FILE_UNKNOWN when it comes from none. */
  'file.showPackets': { input: v.object({ run: runId }), output: done },
  'file.forgetRecent': { input: nothing, output: done },
  /** A question to the open capture; the answer is its CaptureAnswers. Rejected with CAPTURE_CLOSED, VIEW_GONE, SESSION_ENDED and the file's errors. */
  'capture.ask': { input: v.object({ capture: captureNumber, question: captureQuestion }), output: v.unknown() },
  /** Plays the first packets of a view (MOST_STAGED) as a run: it comes as `file.opened` does. Rejected with NOTHING_TO_PLAY. */
  'capture.stage': { input: v.object({ capture: captureNumber, view: captureNumber }), output: v.object({ packets: v.number() }) },
  /** Opens the file of this capture as the run that it is; what came of it is pushed as 'file.opened'. */
  'capture.openRun': { input: v.object({ capture: captureNumber }), output: done },
  'capture.close': { input: v.object({ capture: captureNumber }), output: done },
  /** Where this machine could share: its addresses on the LAN, now. */
  'share.places': { input: nothing, output: v.array(lanPlace) },
  /** The user has agreed to just this, in the page's dialog. `public`: also that the address is a public one. Refused for other runs. */
  'share.start': { input: v.object({ run: runId, address: ipv4, public: v.boolean(), offers: v.pipe(v.array(offer), v.minLength(1), v.maxLength(16)) }), output: shareState },
  'share.stop': { input: v.object({ run: runId }), output: done },
  /** The user has agreed that this machine connects there: what the lab asks of its own server goes to that one. */
  'share.join': { input: v.object({ run: runId, role: id, protocol, address: ipv4, port: sharedPort }), output: shareState },
  'share.leave': { input: v.object({ run: runId }), output: done },
  'clipboard.write': { input: v.object({ text: v.pipe(v.string(), v.maxLength(65_536)) }), output: done },
} as const;

/** Pushes: main -> page. */
export const PUSHES = {
  /** State of a run. 'open': its script is over, its servers still listen. */
  'lab.state': v.object({
    run: runId, lab: id, state: v.picklist(['starting', 'running', 'open', 'stopped', 'failed']),
    endpoints: v.array(endpoint), /** Its relays that run now. */ relays: v.array(relay), /** Null: the kernel's packets were not asked for. */ capture: v.nullable(capture), error: v.nullable(error),
    /** Left out: it is not recorded into a file. */ recording: v.optional(recording),
  }),
  /** A menu or keyboard command of the window ('view.palette', 'app.settings'). */
  'menu.command': v.object({ command: v.string() }),
  'share.state': shareState,
  /** How it goes with the open capture file. */
  'capture.state': captureState,
  /** A file is being opened, by whatever way. */
  'file.opening': openingFile,
  /** What came of it. */
  'file.opened': openedFile,
  /** The engine's worker ended without being asked. */
  'engine.failed': error,
} as const;

export type RequestName = keyof typeof REQUESTS;
export type PushName = keyof typeof PUSHES;
export type RequestInput<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['input']>;
export type RequestOutput<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['output']>;
export type PushPayload<N extends PushName> = v.InferOutput<(typeof PUSHES)[N]>;

export const requestChannel = (name: RequestName): string => `looplab:request:${name}`;
export const pushChannel = (name: PushName): string => `looplab:push:${name}`;

/** Messages on the trace port. Main sends facts; the page answers with how far it has read, so that main never runs ahead unboundedly. */
export const TRACE_PORT_CHANNEL = 'looplab:trace-port';

/** What the preload script exposes as `window.looplab`: the only bridge, used by renderer/bridge alone. */
export interface Bridge {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<BridgeAnswer<RequestOutput<N>>>;
  onPush<N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): () => void;
}

/** Errors cross as data: an exception thrown through IPC loses its code. */
export type BridgeAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReportedError };
