// Whether the kernel would take bytes of a socket now, without giving it any. libuv watches for room only while it has bytes to write, and
// Node has no poll(2) but one: WASI's poll_oneoff, which asks the kernel about any descriptor that stands for a standard stream of a WebAssembly
// program. So a program of one import runs here, with the socket as its stdout. Where a socket is no descriptor (Windows), the caller asks libuv.

import type * as wasi from 'node:wasi';

/** One answer of the kernel: poll(2)'s POLLOUT, room for a third of the send buffer on Linux; an error counts, for send() then tells it. */
export type Prober = () => boolean;

/** The program: imports poll_oneoff, exports it as `poll`, with 64 KiB of memory (WebAssembly 1.0, 5.5). */
const PROGRAM = program();
/** Where its memory holds what: two subscriptions of 48 bytes, two events of 32, a count (WASI preview 1, poll_oneoff). */
const EVENTS = 256;
const COUNT = 512;
const SUBSCRIPTION = 48;
const EVENT = 32;
const FD_WRITE = 2;
const STDOUT = 1;
/** The shortest time that poll_oneoff waits for: with 0 it does not look at all. It passes only when there is no room. */
const NANOSECONDS = 1_000_000n;
const MINE = 1n;
/** A question that really waited takes so many ms; so many of them must say no, of so many questions at most. */
const SHORTEST = 0.5;
const LONGEST = 3;
const NOES = 2;
const MOST_TRIES = 6;

/** What is used of JavaScript's WebAssembly, which Node has and the types of Node name only in part. */
interface Runner {
  readonly Module: new (program: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  poll(subscriptions: number, events: number, count: number, found: number): number;
}

let loading: Promise<typeof wasi> | null = null;

/** A prober of the descriptor, good as long as it is open. Rejects where Node was built without WASI. */
export async function createProber(fd: number): Promise<Prober> {
  loading ??= loadQuietly();
  const { WASI } = await loading;
  const system = new WASI({ version: 'preview1', stdout: fd });
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Runner }).WebAssembly;
  const instance = new Instance(new Module(PROGRAM), system.getImportObject());
  system.initialize(instance);
  const { memory, poll } = instance.exports as Exports;
  const view = new DataView(memory.buffer);
  const ask = (): boolean => {
    new Uint8Array(memory.buffer, 0, COUNT + 4).fill(0);
    view.setBigUint64(0, MINE, true);
    view.setUint8(8, FD_WRITE);
    view.setUint32(16, STDOUT, true);
    view.setUint32(SUBSCRIPTION + 16, 1, true); // CLOCK_MONOTONIC
    view.setBigUint64(SUBSCRIPTION + 24, NANOSECONDS, true);
    if (poll(0, EVENTS, 2, COUNT) !== 0) return true; // A bad descriptor: send() says why.
    const found = view.getUint32(COUNT, true);
    return Array.from({ length: found }, (_, index) => view.getBigUint64(EVENTS + index * EVENT, true)).includes(MINE);
  };
  // libuv counts whole milliseconds: when one ends between the setting of the time and the look at the socket (one time in a hundred), or the
  // thread loses its processor there, the time is over before anybody looked, and the answer is no. Only a no that took its time counts.
  return () => {
    let noes = 0;
    for (let tries = 0; tries < MOST_TRIES && noes < NOES; tries++) {
      const before = performance.now();
      if (ask()) return true;
      const took = performance.now() - before;
      if (took > SHORTEST && took < LONGEST) noes++;
    }
    return false;
  };
}

/** Node warns that WASI is an experiment: true of what it promises programs that must not escape; this one calls one function. */
async function loadQuietly(): Promise<typeof wasi> {
  const warn = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = ((...args: unknown[]) => {
    if (!String(args[0]).includes('WASI')) warn(...args);
  }) as typeof process.emitWarning;
  try {
    return await import('node:wasi');
  } finally {
    process.emitWarning = warn as typeof process.emitWarning;
  }
}

function program(): Uint8Array<ArrayBuffer> {
  const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
  const section = (id: number, bytes: readonly number[]): number[] => [id, bytes.length, ...bytes];
  const [I32, FUNCTION] = [0x7f, 0x60];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [2, FUNCTION, 4, I32, I32, I32, I32, 1, I32, FUNCTION, 0, 0]), // types
    ...section(2, [1, ...name('wasi_snapshot_preview1'), ...name('poll_oneoff'), 0, 0]), // imports
    ...section(3, [1, 1]), // one function, of no arguments
    ...section(5, [1, 0, 1]), // one page of memory
    ...section(7, [3, ...name('memory'), 2, 0, ...name('poll'), 0, 0, ...name('_initialize'), 0, 1]), // exports
    ...section(10, [1, 2, 0, 0x0b]), // its body: nothing
  ]);
}
