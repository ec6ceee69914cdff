// Nodes of the data of DNS records that few zones have: DNSSEC (RFC 4034, RFC 5155), NAPTR (RFC 3403), TLSA (RFC 6698), SSHFP (RFC 4255),
// LOC (RFC 1876), and older ones; what SVCB parameters and EDNS options hold. Their values stay bytes (rdata.ts, RFC 3597).

import { readUint, toHex } from '../../base/bytes';
import { dateText } from '../dates';
import { generated, type FieldNode } from '../field';
import { bytesNode, hex, labelled, unit } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader } from '../nodeReader';
import { nameNode, numberNode } from './nameNode';
import { DNS_TYPE, typeText } from './types';
import { wireFault, type WireReader } from './wireReader';

export type Part = (reader: WireReader, base: number) => FieldNode[];

const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [5, 'RSA/SHA-1'], [7, 'RSA/SHA-1 for NSEC3'], [8, 'RSA/SHA-256'], [10, 'RSA/SHA-512'], [13, 'ECDSA P-256/SHA-256'], [14, 'ECDSA P-384/SHA-384'], [15, 'Ed25519'], [16, 'Ed448'],
]);
const DIGESTS: ReadonlyMap<number, string> = new Map([[1, 'SHA-1'], [2, 'SHA-256'], [4, 'SHA-384']]);
/** RFC 8914 5.2. */
const ERRORS: ReadonlyMap<number, string> = new Map([[0, 'Other'], [3, 'Stale answer'], [6, 'DNSSEC bogus'], [7, 'Signature expired'], [15, 'Blocked'], [16, 'Censored'], [17, 'Filtered'], [18, 'Prohibited'], [22, 'No reachable authority'], [23, 'Network error']]);

/** Reads with a NodeReader what is left of the data. */
const fixed = (read: (inner: NodeReader) => void): Part => (reader, base) => {
  const inner = new NodeReader(reader.bytes, reader.at, reader.end, base);
  read(inner);
  if (inner.stopped) throw wireFault(reader.at, 'goes past the end of the record\'s data');
  reader.at = inner.at;
  return inner.nodes;
};
const name = (field: string): Part => (reader, base) => [nameNode(reader, field, base).node];

/** Text behind a byte with its length (RFC 1035 3.3). */
function string(inner: NodeReader, length: string, text: string): void {
  const size = inner.number(length, 1);
  if (size !== null && size > 0) inner.text(text, size);
}

/** Types that exist for a name, as bits (RFC 4034 4.1.2). */
const bitmap: Part = (reader, base) => {
  const nodes: FieldNode[] = [];
  while (reader.at + 2 <= reader.end && nodes.length < CODEC_LIMITS.options) {
    const start = reader.at;
    const window = reader.uint8();
    const bits = reader.take(reader.uint8());
    const types: FieldNode[] = [];
    bits.forEach((byte, i) => {
      for (let bit = 0; bit < 8; bit++) {
        const type = window * 256 + i * 8 + bit;
        if ((byte & (0x80 >> bit)) !== 0 && types.length < 64) types.push(generated('dns.resp.type', type, `${typeText(type)} (${type})`, base + start + 2 + i, 1));
      }
    });
    const node = bytesNode('dns.data', reader.bytes, start, reader.at, base);
    nodes.push({ ...node, display: types.map(({ value }) => typeText(Number(value))).join(' '), children: types });
  }
  return nodes;
};

const salt = (inner: NodeReader): void => {
  inner.number('dns.nsec3.algo', 1, labelled(DIGESTS));
  inner.bits('dns.nsec3.flags', 1, hex(2), [['dns.nsec3.flags.opt_out', 0x01]]);
  inner.number('dns.nsec3.iterations', 2);
  const size = inner.number('dns.nsec3.salt_length', 1);
  if (size !== null && size > 0) inner.bytesOf('dns.nsec3.salt_value', size);
};

/** Base 32 with the extended hex alphabet (RFC 4648 7), as hashed names are written. */
function base32(bytes: Uint8Array): string {
  const signs = '0123456789abcdefghijklmnopqrstuv';
  let text = '';
  for (let bit = 0; bit + 5 <= bytes.length * 8 + 4; bit += 5) {
    const word = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += signs[(word >> (11 - (bit & 7))) & 31] ?? '';
  }
  return text;
}

const hash = (inner: NodeReader): void => {
  const size = inner.number('dns.nsec3.hash_length', 1);
  const start = inner.at;
  const bytes = size === null ? null : inner.bytesOf('dns.nsec3.hash_value', size);
  if (bytes === null || bytes.length === 0) return;
  const text = base32(bytes);
  inner.nodes.splice(-1, 1, { name: 'dns.nsec3.hash_value', value: text, display: text, start: inner.base + start, length: bytes.length, children: [] });
};

/** RFC 4034 appendix B: sums the data of a key. */
function keyTag(data: Uint8Array): number {
  let sum = 0;
  data.forEach((byte, at) => (sum += (at & 1) === 1 ? byte : byte << 8));
  return (sum + (sum >>> 16)) & 0xffff;
}

const key: Part = (reader, base) => {
  const data = reader.bytes.subarray(reader.at, reader.end);
  const at = base + reader.at;
  const nodes = fixed((inner) => {
    inner.bits('dns.dnskey.flags', 2, hex(4), [['dns.dnskey.flags.zone_key', 0x0100], ['dns.dnskey.flags.key_revoked', 0x0080], ['dns.dnskey.flags.secure_entry_point', 0x0001], ['dns.dnskey.flags.reserved', 0xfe7e, hex(4)]]);
    inner.number('dns.dnskey.protocol', 1);
    inner.number('dns.dnskey.algorithm', 1, labelled(ALGORITHMS));
    inner.bytesOf('dns.dnskey.public_key', inner.left);
  })(reader, base);
  return [...nodes, generated('dns.dnskey.key_id', keyTag(data), String(keyTag(data)), at, data.length)];
};

const digest = fixed((inner) => {
  inner.number('dns.ds.key_id', 2, hex(4));
  inner.number('dns.ds.algorithm', 1, labelled(ALGORITHMS));
  inner.number('dns.ds.digest_type', 1, labelled(DIGESTS));
  inner.bytesOf('dns.ds.digest', inner.left);
});

/** What lies in the data, in order, by type. */
export const MORE_PARTS: readonly (readonly [number, readonly Part[]])[] = [
  [DNS_TYPE.DS, [digest]],
  [DNS_TYPE.CDS, [digest]],
  [DNS_TYPE.DNSKEY, [key]],
  [DNS_TYPE.CDNSKEY, [key]],
  [DNS_TYPE.RRSIG, [
    (reader, base) => [
      numberNode(reader, 'dns.rrsig.type_covered', 2, base, (type) => `${typeText(type)} (${type})`), numberNode(reader, 'dns.rrsig.algorithm', 1, base, labelled(ALGORITHMS)),
      numberNode(reader, 'dns.rrsig.labels', 1, base), numberNode(reader, 'dns.rrsig.original_ttl', 4, base, unit('s')), numberNode(reader, 'dns.rrsig.signature_expiration', 4, base, (seconds) => dateText(seconds)),
      numberNode(reader, 'dns.rrsig.signature_inception', 4, base, (seconds) => dateText(seconds)), numberNode(reader, 'dns.rrsig.key_tag', 2, base),
    ],
    name('dns.rrsig.signers_name'), fixed((inner) => void inner.bytesOf('dns.rrsig.signature', inner.left)),
  ]],
  [DNS_TYPE.NSEC, [name('dns.nsec.next_domain_name'), bitmap]],
  [DNS_TYPE.NSEC3PARAM, [fixed(salt)]],
  [DNS_TYPE.NSEC3, [(reader, base) => {
    const inner = new NodeReader(reader.bytes, reader.at, reader.end, base);
    salt(inner);
    hash(inner);
    if (inner.stopped) throw wireFault(reader.at, 'goes past the end of the record\'s data');
    reader.at = inner.at;
    return inner.nodes;
  }, bitmap]],
  [DNS_TYPE.NAPTR, [
    fixed((inner) => {
      inner.number('dns.naptr.order', 2);
      inner.number('dns.naptr.preference', 2);
      string(inner, 'dns.naptr.flags_length', 'dns.naptr.flags');
      string(inner, 'dns.naptr.service_length', 'dns.naptr.service');
      string(inner, 'dns.naptr.regex_length', 'dns.naptr.regex');
    }), name('dns.naptr.replacement'),
  ]],
  [DNS_TYPE.TLSA, [fixed((inner) => {
    inner.number('dns.tlsa.certificate_usage', 1, labelled(new Map([[0, 'CA constraint'], [1, 'Service certificate'], [2, 'Trust anchor'], [3, 'Domain-issued certificate']])));
    inner.number('dns.tlsa.selector', 1, labelled(new Map([[0, 'Full certificate'], [1, 'Public key']])));
    inner.number('dns.tlsa.matching_type', 1, labelled(new Map([[0, 'Exact'], [1, 'SHA-256'], [2, 'SHA-512']])));
    inner.bytesOf('dns.tlsa.certificate_association_data', inner.left);
  })]],
  [DNS_TYPE.SSHFP, [fixed((inner) => {
    inner.number('dns.sshfp.algorithm', 1, labelled(new Map([[1, 'RSA'], [2, 'DSA'], [3, 'ECDSA'], [4, 'Ed25519'], [6, 'Ed448']])));
    inner.number('dns.sshfp.fingerprint.type', 1, labelled(new Map([[1, 'SHA-1'], [2, 'SHA-256']])));
    inner.bytesOf('dns.sshfp.fingerprint', inner.left);
  })]],
  [DNS_TYPE.LOC, [fixed((inner) => {
    for (const field of ['dns.loc.version', 'dns.loc.size', 'dns.loc.horizontal_precision', 'dns.loc.vertical_precision']) inner.number(field, 1);
    inner.number('dns.loc.latitude', 4, degrees('N', 'S'));
    inner.number('dns.loc.longitude', 4, degrees('E', 'W'));
    inner.number('dns.loc.altitude', 4, (value) => `${(value / 100 - 100_000).toFixed(2)} m`);
  })]],
  [DNS_TYPE.HINFO, [fixed((inner) => {
    string(inner, 'dns.hinfo.cpu_length', 'dns.hinfo.cpu');
    string(inner, 'dns.hinfo.os_length', 'dns.hinfo.os');
  })]],
  [DNS_TYPE.RP, [name('dns.rp.mailbox'), name('dns.rp.txt_rr')]],
];

/** RFC 1876 2: thousandths of a second of arc, 2^31 is the equator or Greenwich. */
const degrees = (positive: string, negative: string) => (value: number): string => `${Math.abs((value - 2 ** 31) / 3_600_000).toFixed(4)}° ${value >= 2 ** 31 ? positive : negative}`;

/** What the value of one SVCB parameter says (RFC 9460 7); its bytes, when it is another or not well made. */
export function svcValueNodes(key_: number, bytes: Uint8Array, start: number, end: number, base: number): FieldNode[] {
  const inner = new NodeReader(bytes, start, end, base);
  switch (key_) {
    case 0: while (inner.left >= 2) inner.number('dns.svcb.svcparam.mandatory.key', 2); break;
    case 1: while (inner.left > 0 && !inner.stopped) string(inner, 'dns.svcb.svcparam.alpn.length', 'dns.svcb.svcparam.alpn'); break;
    case 3: inner.number('dns.svcb.svcparam.port', 2); break;
    case 4: while (inner.left >= 4) inner.ipv4('dns.svcb.svcparam.ipv4hint.ip'); break;
    case 5: inner.bytesOf('dns.svcb.svcparam.echconfig', inner.left); break;
    case 6: while (inner.left >= 16) inner.ipv6('dns.svcb.svcparam.ipv6hint.ip'); break;
    default:
  }
  inner.rest('dns.svcb.svcparam.value', inner.stopped ? 'not well made' : undefined);
  return inner.nodes.length > CODEC_LIMITS.options ? [bytesNode('dns.svcb.svcparam.value', bytes, start, end, base)] : inner.nodes;
}

/** 'h2,h3', '443', '192.0.2.1': a parameter's value in a word. */
export const svcValueText = (nodes: readonly FieldNode[], bytes: Uint8Array): string =>
  (nodes.some(({ name: field }) => field === 'dns.svcb.svcparam.value') ? toHex(bytes.subarray(0, 16)) : nodes.filter(({ name: field }) => !field.endsWith('length')).map(({ display }) => display).join(','));

/** What an EDNS option says beside its bytes: subnets (RFC 7871), cookies (RFC 7873), keep-alive (RFC 7828), errors (RFC 8914). */
export function ednsValueNodes(code: number, bytes: Uint8Array, start: number, end: number, base: number): FieldNode[] {
  const inner = new NodeReader(bytes, start, end, base);
  switch (code) {
    case 8: {
      const family = inner.number('dns.opt.client.family', 2);
      inner.number('dns.opt.client.netmask', 1);
      inner.number('dns.opt.client.scope', 1);
      const address = new Uint8Array(16);
      address.set(bytes.subarray(inner.at, Math.min(end, inner.at + 16)));
      if (inner.left > 0 && inner.left <= (family === 1 ? 4 : 16)) {
        const shown = new NodeReader(address, 0, 16, 0);
        const text = family === 1 ? shown.ipv4('dns.opt.client.addr4') : shown.ipv6('dns.opt.client.addr6');
        inner.nodes.push(generated(family === 1 ? 'dns.opt.client.addr4' : 'dns.opt.client.addr6', text, text ?? '', base + inner.at, inner.left));
      }
      break;
    }
    case 10:
      inner.bytesOf('dns.opt.cookie.client', Math.min(8, inner.left));
      if (inner.left > 0) inner.bytesOf('dns.opt.cookie.server', inner.left);
      break;
    case 11: if (inner.left > 0) inner.number('dns.opt.edns_tcp_keepalive.timeout', 2, (value) => `${value / 10} s`); break;
    case 12: inner.bytesOf('dns.opt.padding', inner.left); break;
    case 15:
      inner.number('dns.opt.ext_error.info_code', 2, labelled(ERRORS));
      if (inner.left > 0) inner.text('dns.opt.ext_error.extra_text', inner.left);
      break;
    default:
  }
  return inner.stopped ? [] : inner.nodes.map((node) => ({ ...node, generated: true as const }));
}

/** Class IN of mDNS without its top bit (RFC 6762 5.4, 10.2), and the bit under its own name. */
export function multicastClass(reader: WireReader, field: string, bit: string, base: number, format: (value: number) => string): FieldNode[] {
  const start = base + reader.at;
  const word = readUint(reader.take(2), 0, 2);
  const set = (word & 0x8000) !== 0;
  return [
    { name: field, value: word & 0x7fff, display: format(word & 0x7fff), start, length: 2, bits: { mask: 0x7fff, shift: 0 }, children: [] },
    { name: bit, value: set, display: set ? 'Set' : 'Not set', start, length: 2, bits: { mask: 0x8000, shift: 15 }, children: [] },
  ];
}
