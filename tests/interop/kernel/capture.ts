// The kernel's own view of the loopback interface, by tcpdump, read back through tshark: the judge of what our trace says.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One packet that the kernel saw on lo. Sequence numbers are the raw ones. */
export interface KernelPacket {
  readonly frame: number;
  readonly from: string;
  readonly to: string;
  readonly transport: 'tcp' | 'udp' | 'icmp';
  readonly seq: number;
  readonly ack: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly payload: Uint8Array;
}

const FIELDS = ['frame.number', 'ip.src', 'ip.dst', 'ip.proto', 'tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.flags', 'tcp.payload', 'udp.srcport', 'udp.dstport', 'udp.payload'];

/** Where the datagram goes that ends a capture: a loopback address that no lab uses. */
const MARKER = { address: '127.0.250.250', port: 9 };
/** What comes behind it: more than two blocks, of 256 KiB each. */
const FILLER = Buffer.alloc(60_000);
const FILLERS = 10;

/**
 * How tcpdump reads, and how many bytes of a packet it keeps. In immediate mode the kernel reserves all those bytes for each packet, so there is
 * room for thousands of small ones only: 'usual' for packets up to 8 KiB. Otherwise it packs them into blocks, and hands on a block when it is
 * full or after a second: 'whole'.
 */
const READS = {
  usual: ['--immediate-mode', '-s', '8192'],
  whole: ['-s', '65600'],
} as const;
export type Reads = keyof typeof READS;

/** Null when this user may not capture or a tool is missing, with the reason. */
export async function captureProblem(): Promise<string | null> {
  try {
    await run('tshark', ['--version']);
  } catch {
    return 'tshark is not installed';
  }
  const probe = spawn('tcpdump', ['-i', 'lo', '-c', '1', '-w', '/dev/null'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    return await listening(probe);
  } finally {
    probe.kill('SIGINT');
  }
}

/** Records lo with `filter` while `work` runs. `keep` may read the file, which is gone afterwards. */
export async function withCapture<T>(filter: string, work: () => Promise<T>, reads: Reads = 'usual', keep: (file: string, result: T) => Promise<void> = () => Promise.resolve()): Promise<{ readonly result: T; readonly packets: readonly KernelPacket[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'looplab-kernel-'));
  const file = join(directory, 'lo.pcap');
  const tcpdump = spawn('tcpdump', ['-i', 'lo', '-n', '-U', '-B', '65536', ...READS[reads], '-w', file, `(${filter}) or (udp and dst host ${MARKER.address})`], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const problem = await listening(tcpdump);
    if (problem !== null) throw new Error(problem);
    const result = await work();
    await settle(tcpdump, file);
    await keep(file, result);
    return { result, packets: (await readPackets(file)).filter((packet) => packet.transport !== 'icmp' && !packet.to.startsWith(MARKER.address)) };
  } finally {
    tcpdump.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}

/** Resolves when tcpdump records (null), or with what it said when it cannot. */
function listening(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    child.once('error', (error) => resolve(`tcpdump: ${error.message}`));
    child.once('exit', () => resolve(`tcpdump: ${said.trim()}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening on')) resolve(null);
    });
  });
}

/** Ends tcpdump once it has written everything: it has when a datagram sent after all the rest is in its file. Rejects when it lost packets. */
async function settle(child: ChildProcess, file: string): Promise<void> {
  const marker = Buffer.from(`looplab capture ends ${randomUUID()}`);
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => socket.send(marker, MARKER.port, MARKER.address, (error) => (error === null ? resolve() : reject(error))));
  // Fills the block that the marker is in, and the next: nobody needs to wait for the second to be over.
  for (let n = 0; n < FILLERS; n++) await new Promise((resolve) => socket.send(FILLER, MARKER.port, MARKER.address, resolve));
  socket.close();
  for (let tries = 0; !(await readFile(file)).includes(marker); tries++) {
    if (tries > 1500) throw new Error('tcpdump did not write the last packet within 30 s');
    await pause(20);
  }
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
  const dropped = /(\d+) packets? dropped by kernel/.exec(said)?.[1];
  if (dropped !== '0') throw new Error(`tcpdump lost packets: ${said.trim()}`);
}

async function readPackets(file: string): Promise<KernelPacket[]> {
  const { stdout } = await run('tshark', ['-r', file, '-n', '-o', 'tcp.relative_sequence_numbers:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE', '-T', 'fields', '-E', 'occurrence=f', ...FIELDS.flatMap((field) => ['-e', field])], { maxBuffer: 512 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line !== '').map(packetOf);
}

function packetOf(line: string): KernelPacket {
  const [frame = '', source = '', destination = '', protocol = '', tcpFrom = '', tcpTo = '', seq = '', ack = '', flags = '0', tcpBytes = '', udpFrom = '', udpTo = '', udpBytes = ''] = line.split('\t');
  const transport = protocol === '6' ? 'tcp' : protocol === '17' ? 'udp' : 'icmp';
  const bits = Number(flags);
  return {
    frame: Number(frame),
    from: `${source}:${transport === 'tcp' ? tcpFrom : udpFrom}`,
    to: `${destination}:${transport === 'tcp' ? tcpTo : udpTo}`,
    transport,
    seq: Number(seq),
    ack: Number(ack),
    syn: (bits & 0x02) !== 0,
    fin: (bits & 0x01) !== 0,
    rst: (bits & 0x04) !== 0,
    payload: Buffer.from((transport === 'tcp' ? tcpBytes : udpBytes).replaceAll(':', ''), 'hex'),
  };
}
