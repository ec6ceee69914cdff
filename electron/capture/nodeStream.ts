// A stream handle whose two ends are JavaScript (Node's JSStream), typed, and reached with care as nodeHandle.ts reaches sockets. Where
// node:tls and node:http2 take a socket's bytes beneath JavaScript, one of these stands between, so that the bytes can be seen.

import type { Request } from './nodeHandle';

/** What native code above calls, and what is called to hand it things. Statuses are 0 or a negative errno of libuv. */
export interface StreamHandle {
  /** Where bytes go that nobody native has asked for. */
  onread: (this: StreamHandle, buffer?: ArrayBuffer) => Uint8Array | undefined | void;
  onreadstart: () => number;
  onreadstop: () => number;
  onwrite: (request: Request, buffers: Uint8Array[]) => number;
  onshutdown: (request: Request) => number;
  isClosing: () => boolean;
  close: (done?: () => void) => void;
  readonly isStreamBase: boolean;
  /** Bytes that came in; copied before it returns. */
  readBuffer(bytes: Uint8Array): void;
  emitEOF(): void;
  /** Never within onwrite: the request is still being made there. */
  finishWrite(request: Request, status: number): void;
  finishShutdown(request: Request, status: number): void;
  reading?: boolean | undefined;
}

export interface Bindings {
  readonly JSStream: new () => StreamHandle;
  readonly WriteWrap: new () => Request;
  readonly ShutdownWrap: new () => Request;
  /** Results of the last call of a handle, shared with native code. */
  readonly state: Int32Array;
  readonly readResult: number;
  readonly wasAsync: number;
}

type Binding = (name: string) => Record<string, unknown>;

/** Null on a Node that lacks any of it. */
function load(): Bindings | null {
  const binding = (process as unknown as { binding?: Binding }).binding;
  if (typeof binding !== 'function') return null;
  try {
    const { JSStream } = binding('js_stream');
    const { WriteWrap, ShutdownWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } = binding('stream_wrap');
    if (typeof JSStream !== 'function' || typeof WriteWrap !== 'function' || typeof ShutdownWrap !== 'function' || typeof kReadBytesOrError !== 'number' || typeof kLastWriteWasAsync !== 'number') return null;
    if (!ArrayBuffer.isView(streamBaseState)) return null;
    const probe = new (JSStream as Bindings['JSStream'])();
    const complete = (['readBuffer', 'emitEOF', 'finishWrite', 'finishShutdown'] as const).every((name) => typeof probe[name] === 'function');
    if (!complete || !probe.isStreamBase) return null;
    return {
      JSStream: JSStream as Bindings['JSStream'], WriteWrap: WriteWrap as Bindings['WriteWrap'], ShutdownWrap: ShutdownWrap as Bindings['ShutdownWrap'],
      state: streamBaseState as Int32Array, readResult: kReadBytesOrError, wasAsync: kLastWriteWasAsync,
    };
  } catch {
    return null;
  }
}

let known: Bindings | null | undefined;

/** Asked once, when the first TLS or HTTP/2 socket is made. */
export const streamBindings = (): Bindings | null => (known === undefined ? (known = load()) : known);

/** What the read that an `onread` is being told of returned: bytes, or a negative errno. */
export const readResult = (bindings: Bindings): number => bindings.state[bindings.readResult] ?? 0;
