// Records what the kernel carries between the hosts of a run as `packet.captured`, beside the calls of its programs and on the same clock.
// Only the run's own addresses; where several hosts share 127.0.0.1 (or use ::1), only its ports.

import { KIND_CODE, type Endpoint } from '../../../shared/trace/event';
import type { Recorder } from '../../capture/recorder';
import type { EngineError } from '../engineError';
import type { HostPlan } from '../hosts';
import { meetEnds } from './meetEnds';
import { startTool } from './tools';
import { wallOffset } from './wallClock';

/** Packets of one run at most: what comes then is not recorded, and that is told. */
export const MOST_PACKETS = 200_000;
const SHARED = '127.0.0.1';
const SIX = '::1';
/** Beyond so many hosts their network stands for them: tcpdump tries every address for every packet. */
const MANY = 24;

export interface KernelCapture {
  /** The program that does it. */
  readonly tool: string;
  /** Resolves when everything that was captured is in the trace. */
  stop(): Promise<{ readonly packets: number; readonly missed: number }>;
  /** Resolves when it ends by itself, with why: the run goes on without. */
  readonly failed: Promise<EngineError>;
}

/** A filter of tcpdump for the hosts of a run. */
export function filterOf({ hosts, endpoints }: HostPlan): string {
  const own = [...new Set(hosts.map(({ address }) => address))].filter((address) => address !== SHARED && address !== SIX);
  const places = own.length > MANY ? [...new Set(own.map((address) => `net ${address.split('.').slice(0, 3).join('.')}.0/24`))] : own.map((address) => `host ${address}`);
  const ports = [...new Set([...endpoints.values()].map(({ port }) => port))].map((port) => `port ${port}`);
  if (ports.length > 0) for (const address of [SHARED, SIX]) if (address === SIX || hosts.some((host) => host.address === address)) places.push(`(host ${address} and (${ports.join(' or ')}))`);
  return places.length === 0 ? 'less 1' : places.join(' or ');
}

/** One of tcpdump for ports of this machine, whosever they are. */
export const filterOfPorts = (ports: readonly number[]): string => (ports.length === 0 ? 'less 1' : `(tcp or udp or icmp or icmp6) and (${ports.map((port) => `port ${port}`).join(' or ')})`);

export interface CaptureOptions {
  /** Of tcpdump. */
  readonly filter: string;
  /** Told of ends that packets go to or come from, soon after their first. */
  readonly meet?: (protocol: 'tcp' | 'udp', end: Endpoint) => void;
  /** Told how many packets are missing so far, when that has changed. */
  readonly onMissed?: (missed: number) => void;
}

/** ms between two questions how many packets were thrown away. */
const ASKS = 1000;

/** How far the clock of day may go its own way before it is compared again (µs): somebody has set it. */
const STEP = 5000;

/** Resolves when it records. Rejects as startTool does. */
export async function captureRun(recorder: Recorder, { filter, meet, onMissed }: CaptureOptions): Promise<KernelCapture> {
  const source = recorder.join(true);
  try {
    let offset = wallOffset(recorder.clock);
    let packets = 0;
    let missed = 0;
    const met = meet === undefined ? null : meetEnds(meet);
    const tool = await startTool(filter, (found) => {
      if (Math.abs(Date.now() * 1000 - recorder.now() - offset) > STEP) offset = wallOffset(recorder.clock);
      for (const { time, linkType, bytes, size } of found) {
        if (packets >= MOST_PACKETS) {
          missed++;
          continue;
        }
        packets++;
        recorder.foreign(source, { t: time - offset, kind: KIND_CODE['packet.captured'], role: 0, sock: 0, a: linkType, b: 0, err: '', local: 0, remote: 0, offset: 0, size, bytes, text: '' });
        met?.(bytes, linkType);
      }
    });
    let failure = '';
    let stopped: Promise<{ readonly packets: number; readonly missed: number }> | null = null;
    let told = 0;
    const asking = setInterval(() => {
      const now = missed + tool.dropped;
      if (now !== told) onMissed?.((told = now));
      tool.ask();
    }, ASKS).unref();
    const end = async (): Promise<{ readonly packets: number; readonly missed: number }> => {
      clearInterval(asking);
      const { dropped } = await tool.stop();
      recorder.captureChanged(false, tool.name, missed + dropped, failure);
      recorder.leave(source);
      return { packets, missed: missed + dropped };
    };
    source.wait(tool.delay);
    recorder.captureChanged(true, tool.name);
    const failed = tool.failed.then((error) => {
      failure = error.code;
      return error;
    });
    return { tool: tool.name, failed, stop: () => (stopped ??= end()) };
  } catch (thrown) {
    recorder.leave(source);
    throw thrown;
  }
}
