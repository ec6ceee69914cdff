// The data of records, from the wire and to it, type by type (RFC 1035 3.3 and those named below). A type that is not known, or a
// known one of another class, keeps its bytes (RFC 3597). Which bytes lie where is shown by rdataFields.ts; a test holds both together.

import { never } from '../../base/assert';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text } from '../address';
import { CODEC_LIMITS } from '../limits';
import type { EdnsData, EdnsOption, RecordData, SvcParam } from './records';
import { DNS_CLASS, DNS_TYPE } from './types';
import { wireFault, type WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

/** Class IN; the top bit is the cache flush of mDNS (RFC 6762 10.2). */
const isInternet = (class_: number): boolean => (class_ & 0x7fff) === DNS_CLASS.IN;

/** True when the data is read by its type: these types say the same in each class, the others only in IN; without data there is nothing to read. */
export function isTyped(type: number, class_: number, length: number): boolean {
  if (type === DNS_TYPE.OPT) return true;
  // RFC 2136 2.4, 2.5: records without data say that something shall exist or go.
  if (length === 0 && (class_ === DNS_CLASS.ANY || class_ === DNS_CLASS.NONE)) return false;
  return isInternet(class_) || (type !== DNS_TYPE.A && type !== DNS_TYPE.AAAA && type !== DNS_TYPE.SRV && type !== DNS_TYPE.SVCB && type !== DNS_TYPE.HTTPS);
}

/** The data of a record whose bytes are `reader.at` to `reader.end`. Throws WireFault. */
export function readData(reader: WireReader, type: number, class_: number, ttl: number): RecordData {
  if (!isTyped(type, class_, reader.end - reader.at)) return { type: 'other', code: type, data: reader.rest() };
  const data = typedData(reader, type, class_, ttl);
  if (reader.at !== reader.end) throw wireFault(reader.at, `${reader.end - reader.at} bytes of data too many`);
  return data;
}

function typedData(reader: WireReader, type: number, class_: number, ttl: number): RecordData {
  switch (type) {
    case DNS_TYPE.A: return { type: 'A', address: ipv4Text(reader.take(4)) };
    case DNS_TYPE.AAAA: return { type: 'AAAA', address: ipv6Text(reader.take(16)) };
    case DNS_TYPE.NS: return { type: 'NS', target: reader.name() };
    case DNS_TYPE.CNAME: return { type: 'CNAME', target: reader.name() };
    case DNS_TYPE.PTR: return { type: 'PTR', target: reader.name() };
    case DNS_TYPE.DNAME: return { type: 'DNAME', target: reader.name() };
    case DNS_TYPE.MX: return { type: 'MX', preference: reader.uint16(), exchange: reader.name() };
    case DNS_TYPE.SOA: return {
      type: 'SOA', mname: reader.name(), rname: reader.name(), serial: reader.uint32(), refresh: reader.uint32(), retry: reader.uint32(), expire: reader.uint32(),
      minimum: reader.uint32(),
    };
    case DNS_TYPE.TXT: return { type: 'TXT', strings: strings(reader) };
    case DNS_TYPE.SRV: return { type: 'SRV', priority: reader.uint16(), weight: reader.uint16(), port: reader.uint16(), target: reader.name() };
    case DNS_TYPE.CAA: return { type: 'CAA', flags: reader.uint8(), tag: tag(reader), value: reader.rest() };
    case DNS_TYPE.SVCB: return { type: 'SVCB', priority: reader.uint16(), target: reader.name(), params: svcParams(reader) };
    case DNS_TYPE.HTTPS: return { type: 'HTTPS', priority: reader.uint16(), target: reader.name(), params: svcParams(reader) };
    case DNS_TYPE.OPT: return edns(reader, class_, ttl);
    default: return { type: 'other', code: type, data: reader.rest() };
  }
}

/** RFC 1035 3.3.14: one or more. */
function strings(reader: WireReader): Uint8Array[] {
  const list = [reader.string()];
  while (reader.at < reader.end) list.push(reader.string());
  return list;
}

/** RFC 8659 4.1: ASCII letters and digits, at least one. */
function tag(reader: WireReader): string {
  const at = reader.at;
  const text = String.fromCharCode(...reader.string());
  if (!/^[0-9A-Za-z]+$/.test(text)) throw wireFault(at, 'a tag has letters and digits only');
  return text;
}

/** RFC 9460 2.2: keys ascend. */
function svcParams(reader: WireReader): SvcParam[] {
  const params: SvcParam[] = [];
  let last = -1;
  while (reader.at < reader.end) {
    const at = reader.at;
    const key = reader.uint16();
    if (key <= last) throw wireFault(at, `key ${key} after ${last}`);
    last = key;
    params.push({ key, value: reader.take(reader.uint16()).slice() });
  }
  return params;
}

function edns(reader: WireReader, class_: number, ttl: number): EdnsData {
  const options: EdnsOption[] = [];
  while (reader.at < reader.end) {
    if (options.length === CODEC_LIMITS.options) throw wireFault(reader.at, `more than ${CODEC_LIMITS.options} options`);
    const code = reader.uint16();
    options.push({ code, data: reader.take(reader.uint16()).slice() });
  }
  return {
    type: 'OPT', udpSize: class_, extendedRcode: ttl >>> 24, version: (ttl >>> 16) & 0xff, dnssecOk: (ttl & 0x8000) !== 0, z: ttl & 0x7fff, options,
  };
}

/** Writes the data with its length before it (RFC 1035 3.2.1). Throws RangeError or TypeError for what has no bytes. */
export function writeData(writer: WireWriter, data: RecordData): void {
  const head = writer.at;
  writer.uint16(0);
  writeTyped(writer, data);
  writer.patch16(head, writer.at - head - 2);
}

function writeTyped(writer: WireWriter, data: RecordData): void {
  switch (data.type) {
    case 'A': return writer.bytes(ipv4Bytes(data.address));
    case 'AAAA': return writer.bytes(ipv6Bytes(data.address));
    case 'NS':
    case 'CNAME':
    case 'PTR': return writer.name(data.target);
    case 'DNAME': return writer.name(data.target, false);
    case 'MX':
      writer.uint16(data.preference);
      return writer.name(data.exchange);
    case 'SOA':
      writer.name(data.mname);
      writer.name(data.rname);
      for (const number of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) writer.uint32(number);
      return;
    case 'TXT':
      if (data.strings.length === 0) throw new RangeError('a TXT record has at least one string');
      return data.strings.forEach((string) => writer.string(string));
    case 'SRV':
      for (const number of [data.priority, data.weight, data.port]) writer.uint16(number);
      return writer.name(data.target, false);
    case 'CAA':
      writer.uint8(data.flags);
      writer.string(Uint8Array.from(data.tag, (sign) => sign.charCodeAt(0)));
      return writer.bytes(data.value);
    case 'SVCB':
    case 'HTTPS':
      writer.uint16(data.priority);
      writer.name(data.target, false);
      return data.params.forEach(({ key, value }) => numbered(writer, key, value));
    case 'OPT': return data.options.forEach(({ code, data: bytes }) => numbered(writer, code, bytes));
    case 'other': return writer.bytes(data.data);
    default: return never(data);
  }
}

function numbered(writer: WireWriter, number: number, bytes: Uint8Array): void {
  writer.uint16(number);
  writer.uint16(bytes.length);
  writer.bytes(bytes);
}
