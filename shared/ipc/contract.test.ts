import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  PUSHES, REQUESTS, defaultSettings, pushChannel, requestChannel, settingsSchema, type PushName, type PushPayload, type RequestInput, type RequestName, type RequestOutput,
} from './contract';

/** One full example of everything that crosses: a request or push that is added and not named here does not compile. */
const shareState: PushPayload<'share.state'> = {
  run: 3,
  share: {
    address: '192.168.1.5', prefix: 24, offers: [{ role: 'peer', protocol: 'tcp', port: 6881, count: 200 }], problem: { code: 'EADDRINUSE', message: 'taken', where: 'tcp 192.168.1.5:6882' },
    doors: [{ role: 'peer-1', protocol: 'tcp', port: 6881, inside: { address: '127.0.61.1', port: 6881 }, now: 1, total: 4, refused: 2 }],
  },
  joined: [{ role: 'server', protocol: 'udp', inside: { address: '127.0.10.1', port: 7007 }, address: '192.168.1.9', port: 7007, now: 0, total: 1, named: [{ address: '192.168.1.9', port: 6881, now: 1, total: 2 }] }],
  ended: null,
};
const requests: { readonly [N in RequestName]: { readonly input: RequestInput<N>; readonly output: RequestOutput<N> } } = {
  'app.info': { input: undefined, output: { version: '0.1.0', electron: '33', chrome: '130', node: '20', v8: '13', platform: 'linux', arch: 'x64', packaged: false, systemLocale: 'ko' } },
  'lab.list': { input: undefined, output: '[]' },
  'trace.connect': { input: undefined, output: undefined },
  'lab.start': { input: { lab: 'tcp-echo', params: { clients: 3, client: 'half-closes', nagle: true }, relays: { relay: { seed: 7, faults: { delay: 2.5, stalled: false } } }, capture: true }, output: { run: 1 } },
  'capture.problem': { input: undefined, output: { code: 'EPERM', message: 'tcpdump: no permission', where: 'tcpdump' } },
  'lab.stop': { input: { run: 1 }, output: undefined },
  'role.act': { input: { run: 1, action: 'send-line', args: { text: '안녕 \u0000 \u202e' } }, output: undefined },
  'relay.set': { input: { run: 3, relay: 'relay', faults: { delay: 20, stalled: true } }, output: undefined },
  'capture.set': { input: { run: 3, on: true }, output: undefined },
  'relay.cut': { input: { run: 3, relay: 'relay', how: 'reset' }, output: undefined },
  'settings.read': { input: undefined, output: defaultSettings },
  'settings.write': { input: { theme: 'dark', panes: { lab: [20, 80] } }, output: { ...defaultSettings, recentLabs: ['daytime'] } },
  'page.show': { input: { html: '<!doctype html><p>안녕</p>' }, output: { url: 'app://page/1' } },
  'file.save': { input: { name: 'looplab-https.pcapng', kind: 'pcapng', bytes: Uint8Array.of(0, 255) }, output: { path: '/home/a/run.pcapng' } },
  'record.start': { input: { run: 3, name: 'looplab-https.pcapng', packets: 'both', keys: false }, output: { name: 'looplab-https.pcapng' } },
  'record.note': { input: { run: 3, notes: { answers: [{ question: 'first', option: null }], bookmarks: [4] } }, output: undefined },
  'record.stop': { input: { run: 3 }, output: undefined },
  'file.open': { input: { kind: 'har' }, output: { name: 'site.har', text: '{"log":{}}' } },
  'capture.ask': { input: { capture: 1, question: { name: 'rows', view: 2, from: 0, count: 100, columns: ['tcp.port'] } }, output: [] },
  'capture.stage': { input: { capture: 1, view: 2 }, output: { packets: 20 } },
  'capture.openRun': { input: { capture: 1 }, output: undefined },
  'file.showPackets': { input: { run: 7 }, output: undefined },
  'capture.close': { input: { capture: 1 }, output: undefined },
  'file.choose': { input: undefined, output: true },
  'file.recent': { input: undefined, output: [{ id: '0123456789abcdef', name: '실행.pcapng', folder: '/home/a', kind: 'run' }] },
  'file.openRecent': { input: { id: '0123456789abcdef' }, output: undefined },
  'file.forgetRecent': { input: undefined, output: undefined },
  'share.places': { input: undefined, output: [{ name: 'wlan0', address: '192.168.1.5', prefix: 24, scope: 'private' }] },
  'share.start': { input: { run: 3, address: '192.168.1.5', public: false, offers: [{ role: 'peer', protocol: 'tcp', port: 6881 }] }, output: shareState },
  'share.stop': { input: { run: 3 }, output: undefined },
  'share.join': { input: { run: 3, role: 'server', protocol: 'udp', address: '192.168.1.9', port: 7007 }, output: { ...shareState, share: null, ended: 'run-over' } },
  'share.leave': { input: { run: 3 }, output: undefined },
  'clipboard.write': { input: { text: 'nc 127.0.20.1 7013' }, output: undefined },
};
const pushes: { readonly [N in PushName]: PushPayload<N> } = {
  'lab.state': {
    run: 2, lab: 'daytime', state: 'failed', endpoints: [{ role: 'server', protocol: 'tcp', address: '127.0.20.1', port: 7013 }],
    relays: [{ id: 'relay', protocol: 'udp', seed: 1, faults: { loss: 2.5, jitter: 0 } }],
    capture: { on: false, packets: 12, missed: 0, error: null },
    error: { code: 'EADDRINUSE', message: 'taken', where: 'daytime, server' },
    recording: { on: true, name: 'run.pcapng', facts: 12, packets: 4, bytes: 4096, error: null },
  },
  'share.state': shareState,
  'capture.state': {
    capture: 1,
    summary: {
      name: 'a.pcapng', size: 100, read: 50, state: 'reading', format: 'pcapng', gzip: false, packets: 2, flows: 1, bytes: 120, first: [1_700_000_000, 5], last: [1_700_000_001, 0], interfaces: [], comments: [],
      application: 'dumpcap', damage: { offset: 88, kind: 'cut', why: 'it ends within a block' }, keys: false, run: false, retold: 0,
    },
    view: { view: 1, request: { filter: 'tcp', sort: { column: 'number', descending: false } }, count: 2, done: false, share: 0.5, error: null },
    error: null,
  },
  'menu.command': { command: 'view.palette' },
  'file.opening': { name: 'run.pcapng' },
  'file.opened': {
    kind: 'run', name: 'run.pcapng', run: 7, head: { format: 'looplab-run', application: 'Looplab 1.0.0', lab: 'tcp-echo', order: 'saved', packets: 'both', keys: false }, facts: 12,
    notes: { answers: [{ question: 'first', option: 'a' }, { question: 'second', option: null }], bookmarks: [0, 12] }, damage: { offset: 4096, why: 'cut' },
  },
  'engine.failed': { code: 'ENGINE_STOPPED', message: 'the thread ended', where: 'engine' },
};

describe('what crosses between main and the page', () => {
  it.each(Object.keys(requests) as RequestName[])('%s is the same after a structured clone, and fits its schema', (name) => {
    for (const side of ['input', 'output'] as const) {
      const given: unknown = requests[name][side];
      const cloned = structuredClone(given);
      expect(cloned).toEqual(given);
      expect(v.parse(REQUESTS[name][side], cloned)).toEqual(given);
    }
  });

  it.each(Object.keys(pushes) as PushName[])('%s is the same after a structured clone, and fits its schema', (name) => {
    const cloned: unknown = structuredClone(pushes[name]);
    expect(cloned).toEqual(pushes[name]);
    expect(v.parse(PUSHES[name], cloned)).toEqual(pushes[name]);
  });

  it('has a channel of its own for each', () => {
    const channels = [...(Object.keys(REQUESTS) as RequestName[]).map(requestChannel), ...(Object.keys(PUSHES) as PushName[]).map(pushChannel)];
    expect(new Set(channels).size).toBe(Object.keys(requests).length + Object.keys(pushes).length);
  });

  it.each([
    ['lab.start', { lab: '../etc/passwd', params: {} }],
    ['lab.start', { lab: 'daytime', params: { clients: {} } }],
    ['lab.start', { lab: 'daytime', params: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`p${n}`, n])) }],
    ['lab.stop', { run: 0.5 }],
    ['role.act', { run: 1, action: 'Send', args: {} }],
    ['clipboard.write', { text: 'x'.repeat(65_537) }],
    ['share.start', { run: 1, address: '192.168.1.5', public: false, offers: [] }],
    ['share.start', { run: 1, address: '192.168.1.5', public: false, offers: [{ role: 'server', protocol: 'tcp', port: 80 }] }],
    ['share.start', { run: 1, address: '0.0.0.0/0', public: false, offers: [{ role: 'server', protocol: 'tcp', port: 8080 }] }],
    ['share.start', { run: 1, address: '::', public: false, offers: [{ role: 'server', protocol: 'tcp', port: 8080 }] }],
    ['share.start', { run: 1, address: '192.168.1.5', offers: [{ role: 'server', protocol: 'tcp', port: 8080 }] }],
    ['share.join', { run: 1, role: 'server', protocol: 'tcp', address: 'teacher.example', port: 8080 }],
    ['settings.read', { path: '/' }],
    ['file.save', { name: '../run.pcapng', kind: 'pcapng', bytes: new Uint8Array(1) }],
    ['file.save', { name: 'run.sh', kind: 'sh', bytes: new Uint8Array(1) }],
    ['file.save', { name: 'run.har', kind: 'har', bytes: 'text' }],
    ['file.open', { kind: 'any' }],
  ] as const)('refuses %s with %j', (name, input) => {
    expect(v.safeParse(REQUESTS[name].input, input).success).toBe(false);
  });

  it('repairs settings one by one', () => {
    expect(v.parse(settingsSchema, { locale: 'xx', theme: 'dark', speed: Number.NaN, panes: 3 })).toEqual({ ...defaultSettings, theme: 'dark' });
  });
});
