// What somebody said that a port speaks, whatever it stands for elsewhere: a choice for a whole file, spelt as tshark's -d. Where a codec has
// nothing to say to the bytes they are data, as everywhere.

import { codecs, type AnyCodec } from '../codec/dissect';

/** 'tcp.port:8888' to the name of a protocol. */
export type DecodeAs = ReadonlyMap<string, string>;

export interface DecodeChoice {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly protocol: string;
}

/** Choices of one file, and ports of one of them, at most. */
export const DECODE_AS_LIMITS = { choices: 64, ports: 1024 } as const;

/** What names of old stand for. */
const FORMER: ReadonlyMap<string, string> = new Map([['ssl', 'tls'], ['bootp', 'dhcp'], ['pop3', 'pop']]);

/** Where a protocol goes follows from the ports that its codec claims: without any it goes in streams. */
function goesIn(transport: DecodeChoice['transport'], { protocol, claims }: AnyCodec): boolean {
  if (protocol === 'data') return true;
  const datagrams = claims.some((claim) => claim.startsWith('udp.port:'));
  return transport === 'udp' ? datagrams : !datagrams || claims.some((claim) => claim.startsWith('tcp.port:'));
}

/** Protocols that a port can be said to speak, in the order of the alphabet; 'data': none that is known. */
export const decodable = (transport: DecodeChoice['transport']): readonly string[] =>
  [...codecs.values()].filter((codec) => codec.layer === 'application' && goesIn(transport, codec)).map(({ protocol }) => protocol).sort();

export function decodeAsOf(choices: readonly DecodeChoice[]): DecodeAs {
  return new Map(choices.slice(0, DECODE_AS_LIMITS.choices * DECODE_AS_LIMITS.ports).map(({ transport, port, protocol }) => [`${transport}.port:${port}`, protocol]));
}

/** 'tcp.port==8888,http', 'udp.port==5000-5010,dns', 'tcp.port==8888:3,http' (three ports from 8888 on). A text: what is wrong with it, in English. */
export function parseDecodeAs(text: string): readonly DecodeChoice[] | string {
  const [, transport, from, kind, to, name] = /^(tcp|udp)\.port==(\d{1,5})(?:([-:])(\d{1,5}))?,([A-Za-z0-9_.-]{1,32})$/.exec(text.replaceAll(' ', '')) ?? [];
  if ((transport !== 'tcp' && transport !== 'udp') || from === undefined || name === undefined) return `${JSON.stringify(text)} is not as 'tcp.port==8888,http'`;
  const lower = name.toLowerCase();
  const protocol = FORMER.get(lower) ?? lower;
  if (!decodable(transport).includes(protocol)) return `no ${transport} port speaks ${JSON.stringify(name)}: ${decodable(transport).join(', ')}`;
  const first = Number(from);
  const last = to === undefined ? first : kind === ':' ? first + Number(to) - 1 : Number(to);
  if (last < first || last > 0xffff) return `${JSON.stringify(text)} has no ports: they go from 0 to 65535`;
  if (last - first >= DECODE_AS_LIMITS.ports) return `${JSON.stringify(text)} has more than ${DECODE_AS_LIMITS.ports} ports`;
  return Array.from({ length: last - first + 1 }, (_, at) => ({ transport, port: first + at, protocol }));
}
