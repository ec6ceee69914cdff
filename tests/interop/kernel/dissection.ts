// What tshark reads in the kernel's own capture above TCP and UDP: all values of the fields asked for, by who sent them to whom. Nothing
// of ours has touched these bytes, but for the keys of TLS.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Dissected {
  /** 'address:port' of both ends. */
  readonly from: string;
  readonly to: string;
  readonly transport: 'tcp' | 'udp';
  /** Of TCP: the number of the connection, for a pair of ends may have several, one after the other. */
  readonly stream: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const SEPARATOR = '\u001f';
const BETWEEN = '\u001e';
const ENDS = ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'udp.srcport', 'udp.dstport', 'tcp.stream'];

/**
 * Every packet with what it has of the fields, in order. `rules`: which protocol is spoken at which port, as of tshark's -d; `options`: as of its -o.
 * `keys`: lines of an NSS key log.
 */
export async function dissect(file: string, fields: readonly string[], { rules, options = [], keys = [] }: { rules: readonly string[]; options?: readonly string[]; keys?: readonly string[] }): Promise<readonly Dissected[]> {
  await writeFile(`${file}.keys`, keys.map((line) => `${line}\n`).join(''));
  const args = [
    '-n', '-r', file, '-o', `tls.keylog_file:${file}.keys`, ...options.flatMap((option) => ['-o', option]), ...rules.flatMap((rule) => ['-d', rule]), '-Y', 'not icmp',
    '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', 'occurrence=a', '-E', `aggregator=${BETWEEN}`, ...[...ENDS, ...fields].flatMap((field) => ['-e', field]),
  ];
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
  return stdout.split('\n').slice(0, -1).map((line) => {
    const [source = '', destination = '', tcpFrom = '', tcpTo = '', udpFrom = '', udpTo = '', stream = '', ...columns] = line.split(SEPARATOR);
    const values = new Map(fields.flatMap((field, i) => ((columns[i] ?? '') === '' ? [] : [[field, (columns[i] ?? '').split(BETWEEN)] as const])));
    const transport = tcpFrom === '' ? 'udp' : 'tcp';
    return { from: `${source}:${tcpFrom}${udpFrom}`, to: `${destination}:${tcpTo}${udpTo}`, transport, stream, values } as const;
  });
}

/** All values of a field that one end sent to the other, in order. */
export const sentValues = (packets: readonly Dissected[], from: string, to: string, field: string): readonly string[] =>
  packets.flatMap((packet) => (packet.from === from && packet.to === to ? (packet.values.get(field) ?? []) : []));

/** The packets of each connection by its ends in both orders: those of the first, of the second that had the same. */
export function livesOf(packets: readonly Dissected[]): ReadonlyMap<string, Dissected[][]> {
  const found = new Map<string, Map<string, Dissected[]>>();
  for (const packet of packets) {
    if (packet.transport !== 'tcp') continue;
    for (const key of [`${packet.from} ${packet.to}`, `${packet.to} ${packet.from}`]) {
      const lives = found.get(key) ?? new Map<string, Dissected[]>();
      found.set(key, lives);
      lives.set(packet.stream, [...(lives.get(packet.stream) ?? []), packet]);
    }
  }
  return new Map([...found].map(([key, lives]) => [key, [...lives.values()]]));
}
