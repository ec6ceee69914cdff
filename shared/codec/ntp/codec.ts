// NTP (RFC 5905 7.3; SNTP RFC 4330): one datagram asks for the time, one answers; four clocks in it tell the delay and the difference.
// Control messages (modes 6 and 7) are shown as bytes.

import { concatBytes, readUint } from '../../base/bytes';
import { incomplete, malformed, type Codec } from '../codec';
import { dateText } from '../dates';
import { group } from '../field';
import { hex, labelled, readLayout, uint, writeLayout, type ValuesOf } from '../layout';
import { NodeReader } from '../nodeReader';

const LENGTH = 48;
const MODES: ReadonlyMap<number, string> = new Map([[1, 'symmetric active'], [2, 'symmetric passive'], [3, 'client'], [4, 'server'], [5, 'broadcast'], [6, 'control'], [7, 'private']]);
const LEAPS: ReadonlyMap<number, string> = new Map([[0, 'no leap second'], [1, 'a second more today'], [2, 'a second less today'], [3, 'clock not set']]);
const CONTROL = 6;
/** Seconds from 1900, where NTP begins, to 1970; and an era of 2^32 (RFC 5905 6). */
const EPOCH = 2_208_988_800;
const ERA = 2 ** 32;
const TIMES = ['ntp.reftime', 'ntp.org', 'ntp.rec', 'ntp.xmt'] as const;

const layout = { flags: uint('ntp.flags', 0, 1), stratum: uint('ntp.stratum', 1, 1), poll: uint('ntp.ppoll', 2, 1), precision: uint('ntp.precision', 3, 1), rootDelay: uint('ntp.rootdelay', 4, 4), rootDispersion: uint('ntp.rootdispersion', 8, 4) };

export type NtpMessage = ValuesOf<typeof layout> & {
  /** Reference id, then four times of eight bytes: of the last setting, of the question's leaving, of its coming, of the answer's leaving. */
  readonly reference: Uint8Array;
  readonly times: Uint8Array;
  /** Extensions and a signature (RFC 5905 7.5, 7.3). */
  readonly rest: Uint8Array;
};

export const codec: Codec<NtpMessage> = {
  protocol: 'ntp',
  title: 'NTP',
  layer: 'application',
  claims: ['udp.port:123'],
  decode(bytes, context) {
    if (bytes.length > 0 && ((bytes[0] ?? 0) & 7) >= CONTROL) return malformed(0, 'a control message');
    if (bytes.length < LENGTH) return context.missing === 0 ? malformed(0, `${bytes.length} bytes are too few`) : incomplete(LENGTH);
    const end = bytes.length;
    return {
      status: 'complete', value: { ...readLayout(layout, bytes), reference: bytes.slice(12, 16), times: bytes.slice(16, LENGTH), rest: bytes.slice(LENGTH) }, length: end,
      payload: { start: end, end, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false,
    };
  },
  encode(value, payload) {
    if (value.reference.length !== 4 || value.times.length !== 32) throw new RangeError('a reference has 4 bytes, the times have 32');
    const head = new Uint8Array(12);
    writeLayout(layout, head, value);
    return concatBytes(head, value.reference, value.times, value.rest, payload);
  },
  fields(bytes, _context, base) {
    const reader = new NodeReader(bytes, 0, bytes.length, base);
    const flags = reader.bits('ntp.flags', 1, hex(2), [['ntp.flags.li', 0xc0, labelled(LEAPS)], ['ntp.flags.vn', 0x38], ['ntp.flags.mode', 0x07, labelled(MODES)]]);
    if (flags !== null && (flags & 7) < CONTROL) {
      reader.number('ntp.stratum', 1);
      reader.number('ntp.ppoll', 1, (value) => `${2 ** signed(value)} s`);
      reader.number('ntp.precision', 1, (value) => `${(2 ** signed(value)).toPrecision(2)} s`);
      for (const name of ['ntp.rootdelay', 'ntp.rootdispersion']) reader.number(name, 4, (value) => `${(value / 65_536).toFixed(6)} s`);
      reader.bytesOf('ntp.refid', 4);
      for (const name of TIMES) time(reader, name);
      if (!reader.stopped && [4, 20, 24].includes(reader.left)) {
        reader.bytesOf('ntp.keyid', 4);
        reader.bytesOf('ntp.mac', reader.left);
      }
    }
    reader.rest('ntp.data');
    return group('ntp', 'NTP', base, bytes.length, reader.nodes);
  },
};

const signed = (value: number): number => (value << 24) >> 24;

/** Seconds and their fraction; all zero: not known. Times before 1968 are of the next era, which begins in 2036 (RFC 4330 3). */
function time(reader: NodeReader, name: (typeof TIMES)[number]): void {
  if (reader.stopped || reader.left < 8) return void reader.bytesOf(name, 8);
  const seconds = readUint(reader.bytes, reader.at, 4);
  const fraction = readUint(reader.bytes, reader.at + 4, 4);
  const since = seconds - EPOCH + (seconds >= ERA / 2 ? 0 : ERA);
  const nanoseconds = Math.floor((fraction / ERA) * 1e9);
  const unknown = seconds === 0 && fraction === 0;
  const display = unknown ? 'NULL' : dateText(since, nanoseconds);
  reader.nodes.push({ name, value: unknown ? 'NULL' : since + nanoseconds / 1e9, display, start: reader.base + reader.at, length: 8, children: [] });
  reader.at += 8;
}
