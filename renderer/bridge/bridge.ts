// The only place that touches the preload object. Requests go to main and come back as values or as BridgeError; pushes come
// from main. Facts in bulk do not pass here (tracePort.ts).

import { ref } from 'vue';
import type { Bridge, PushName, PushPayload, ReportedError, RequestInput, RequestName, RequestOutput } from '../../shared/ipc/contract';

/** A request that main refused or could not do: its code (errno name or ours), and where it happened. */
export class BridgeError extends Error {
  readonly code: string;
  readonly where: string;

  constructor(error: ReportedError) {
    super(error.message);
    this.name = 'BridgeError';
    this.code = error.code;
    this.where = error.where;
  }
}

const pending = ref(0);

/** Requests that have no answer yet: part of the page's idle signal. */
export const pendingRequests = (): number => pending.value;

/** False in a plain browser: the preload script did not run. */
export const hasBridge = (): boolean => window.looplab !== undefined;

function bridge(): Bridge {
  if (window.looplab === undefined) throw new BridgeError({ code: 'NO_BRIDGE', message: 'the page runs outside the app', where: '' });
  return window.looplab;
}

/** Asks main. Rejects with BridgeError. */
export async function request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
  pending.value++;
  try {
    const answer = await bridge().request(name, input);
    if (!answer.ok) throw new BridgeError(answer.error);
    return answer.value;
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    throw new BridgeError({ code: 'IPC_FAILED', message: error instanceof Error ? error.message : String(error), where: name });
  } finally {
    pending.value--;
  }
}

/** Hears what main pushes; call the result to stop. */
export const onPush = <N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): (() => void) => bridge().onPush(name, listener);

/** Any thrown thing as data for the screen. */
export function reported(error: unknown): ReportedError {
  if (error instanceof BridgeError) return { code: error.code, message: error.message, where: error.where };
  return { code: 'PAGE_FAILED', message: error instanceof Error ? error.message : String(error), where: '' };
}
