// For tests of the BitTorrent roles: hosts with loopback addresses of their own on the network that labs have, peers and a tracker on them,
// and what they noted. Everything is closed when the test is over.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { roleIx } from '../../../shared/base/brand';
import { sha1, generateFile, makeTorrent, type Torrent } from './metainfo';
import { toHex } from '../../../shared/base/bytes';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note, NoteTopic } from '../../../shared/trace/notes';
import { createNetwork } from '../../capture/network';
import type { Recorder } from '../../capture/recorder';
import { NETWORK } from '../../labs/network.fixture';
import type { RoleContext } from '../lab';
import { BitTorrentPeer, type PeerOptions } from './peer';
import { tracker, type TrackerOptions } from './tracker';

let last = 0;

/** A loopback address that no other test uses. */
const ownAddress = (): string => `${NETWORK}251.${(last++ % 250) + 1}`;

export interface TestRole {
  readonly role: RoleContext;
  readonly address: string;
  readonly notes: Note[];
  readonly prints: string[];
  readonly listening: Promise<Endpoint>;
  /** As the system kills a process: every descriptor at once, no goodbye. */
  kill(): void;
}

const roles = new Set<TestRole>();
const running = new Set<Promise<unknown>>();

afterEach(async () => {
  for (const role of roles) role.kill();
  roles.clear();
  await Promise.all(running);
  running.clear();
});

export function testRole(id: string, recorder: Recorder | null = null): TestRole {
  const address = ownAddress();
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const host = recorder?.hostAdded({ id, name: id, address, program: '' });
  const index = recorder === null || host === undefined ? roleIx(0) : recorder.roleStarted(host, { id, name: id, kind: 'server' });
  const network = createNetwork(recorder, { role: index, host: id, address });
  const notes: Note[] = [];
  const prints: string[] = [];
  let heard: (endpoint: Endpoint) => void = () => undefined;
  const listening = new Promise<Endpoint>((resolve) => (heard = resolve));
  const role: RoleContext = {
    id, host: { id, address, ...network }, signal: abort.signal,
    listening: heard,
    print: (text) => void prints.push(text),
    note(note) {
      notes.push(note);
      if (index !== 0) recorder?.roleNoted(index, note);
    },
    sleep: (ms) => sleepFor(ms, undefined, { signal: abort.signal }),
  };
  const made: TestRole = {
    role, address, notes, prints, listening,
    kill() {
      network.closeAll();
      abort.abort();
    },
  };
  roles.add(made);
  return made;
}

/** Waits for it when the test is over; what it throws because it was killed is not the test's. */
export function runs(program: Promise<unknown>): void {
  running.add(program.catch(() => undefined));
}

export interface TestPeer extends TestRole {
  readonly peer: BitTorrentPeer;
  /** Resolves when run() has ended. */
  readonly ended: Promise<void>;
  /** Its notes of a topic. */
  noted<T extends NoteTopic>(topic: T): Extract<Note, { topic: T }>[];
  /** Of the file that it has. */
  hash(): string;
}

/** Short times, as in class. */
export const QUICK = { port: 6881, chokeInterval: 200, snubTime: 2000, seed: 7 } as const;

export function startPeer(id: string, options: Partial<PeerOptions> & Pick<PeerOptions, 'torrent' | 'file'>, recorder: Recorder | null = null): TestPeer {
  const made = testRole(id, recorder);
  const peer = new BitTorrentPeer(made.role, { ...QUICK, ...options });
  const ended = peer.run();
  runs(ended);
  return {
    ...made, peer, ended,
    noted: <T extends NoteTopic>(topic: T) => made.notes.filter((note): note is Extract<Note, { topic: T }> => note.topic === topic),
    hash: () => toHex(sha1(peer.store.bytes)),
  };
}

export async function startTracker(options: Partial<TrackerOptions> = {}): Promise<TestRole & { readonly http: string; readonly udp: string }> {
  const made = testRole('tracker');
  runs(tracker(made.role, { httpPort: 6969, udpPort: 6969, interval: 1, seed: 1, ...options }));
  await made.listening;
  return { ...made, http: `http://${made.address}:6969/announce`, udp: `udp://${made.address}:6969` };
}

/** A file of so many pieces of 16 KiB (or as said), and a little more. */
export function testFile(pieces: number, { announce = '', pieceLength = 16_384, seed = 1 } = {}): { readonly file: Uint8Array; readonly torrent: Torrent; readonly hash: string } {
  const file = generateFile(pieces * pieceLength - 100, seed);
  return { file, torrent: makeTorrent(file, { name: 'file.bin', announce, pieceLength }), hash: toHex(sha1(file)) };
}

/** Waits until it holds; looks often. */
export async function until(holds: () => boolean, ms = 60_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not so within ${ms} ms: ${String(holds)}`);
    await sleepFor(5);
  }
}
