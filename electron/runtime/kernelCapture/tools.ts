// The kernel's own view of the loopback interface, where this user may have it: by tcpdump, whose packets come at once, else by Wireshark's dumpcap,
// which collects them for a quarter of a second. Found and asked when they are needed; options that only some versions know are not used.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EngineError } from '../engineError';
import { SNAP_LENGTH, runTool, type CaptureTool, type ToolSpec } from './captureTool';
import type { PcapPacket } from './pcapReader';

const run = promisify(execFile);

/** The loopback interface by system. Windows names it in dumpcap's list, when Npcap is there. */
const LOOPBACK: Partial<Record<NodeJS.Platform, string>> = { linux: 'lo', darwin: 'lo0' };
const NPCAP = /\\Device\\NPF_Loopback/;
/** dumpcap looks into its buffer four times a second. */
const COLLECTS = 250_000;
/** ms for a list of interfaces. */
const LISTS = 5000;

const tcpdump = (device: string, filter: string): ToolSpec => ({
  name: 'tcpdump', args: ['-i', device, '-n', '-p', '--immediate-mode', '-U', '-s', String(SNAP_LENGTH), '-B', '16384', '-w', '-', filter],
  begun: /listening on/, dropped: /(\d+) packets? dropped by kernel/g, asked: device === LOOPBACK.darwin ? 'SIGINFO' : 'SIGUSR1', delay: 0,
});

const dumpcap = (device: string, filter: string): ToolSpec => ({
  name: 'dumpcap', args: ['-i', device, '-p', '-q', '-P', '-s', String(SNAP_LENGTH), '-B', '16', '-w', '-', '-f', filter],
  // It says what it captures before it does.
  begun: /File: /, dropped: /dropped on interface '[^']*': \d+\/(\d+)/g, delay: COLLECTS,
});

/** Resolves when one of them records. Rejects with ENOTSUP, ENOENT (there is none), EPERM (none may), or EINVAL with what one said. */
export async function startTool(filter: string, onPackets: (packets: readonly PcapPacket[]) => void, platform: NodeJS.Platform = process.platform): Promise<CaptureTool> {
  const device = LOOPBACK[platform];
  if (device === undefined) return runTool(dumpcap(await npcapLoopback(platform), filter), onPackets);
  try {
    return await runTool(tcpdump(device, filter), onPackets);
  } catch (thrown) {
    // It may be missing, or lack the right that Wireshark's installer gave to the other.
    try {
      return await runTool(dumpcap(device, filter), onPackets);
    } catch (second) {
      throw second instanceof EngineError && thrown instanceof EngineError && second.code !== 'ENOENT' && thrown.code === 'ENOENT' ? second : thrown;
    }
  }
}

async function npcapLoopback(platform: NodeJS.Platform): Promise<string> {
  if (platform !== 'win32') throw new EngineError('ENOTSUP', 'no capture of the loopback interface on this system', 'tcpdump');
  try {
    const { stdout } = await run('dumpcap', ['-D'], { timeout: LISTS });
    const found = NPCAP.exec(stdout)?.[0];
    if (found !== undefined) return found;
  } catch (thrown) {
    throw new EngineError('ENOENT', `dumpcap: ${thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)}`, 'dumpcap');
  }
  throw new EngineError('ENOTSUP', 'dumpcap lists no NPF_Loopback: Npcap is not installed', 'dumpcap');
}
