// Logical link control (IEEE 802.2) and SNAP (RFC 1042): what 802.3 frames with a length carry, as 802.11 and many switches do. Names
// what follows; link protocols that no student meets stay bytes with their name.

import { concatBytes, readUint, writeUint } from '../../base/bytes';
import { incomplete, type Claim, type Codec } from '../codec';
import { group, type FieldNode } from '../field';
import { bit, hex, labelled, layoutNodes, specNode, uint, type Layout } from '../layout';

const SAPS: ReadonlyMap<number, string> = new Map([
  [0x00, 'Null'], [0x02, 'LLC management'], [0x06, 'IPv4'], [0x42, 'Spanning tree'], [0x98, 'ARP'], [0xaa, 'SNAP'], [0xe0, 'IPX'], [0xf0, 'NetBIOS'], [0xfe, 'OSI'], [0xff, 'Global'],
]);
const SNAP = 0xaa;
const OUIS: ReadonlyMap<number, string> = new Map([[0, 'Ethernet type'], [0x00000c, 'Cisco'], [0x0000f8, 'Cisco, Ethernet type'], [0x0080c2, 'IEEE 802.1']]);
/** RFC 1042; IEEE 802.1H: the number behind these is an Ethernet type. */
const TYPED = [0, 0x0000f8];
const CISCO = 0x00000c;
const PIDS: ReadonlyMap<number, string> = new Map([[0x0104, 'PortFast'], [0x010b, 'PVST+'], [0x0111, 'UDLD'], [0x2000, 'CDP'], [0x2003, 'VTP'], [0x2004, 'DTP']]);
const FUNCTIONS: ReadonlyMap<number, string> = new Map([[0x00, 'UI'], [0x03, 'DM'], [0x10, 'DISC'], [0x18, 'UA'], [0x1b, 'SABME'], [0x21, 'FRMR'], [0x2b, 'XID'], [0x38, 'TEST']]);
/** The control field is one byte for unnumbered frames, else two (IEEE 802.2 5.4). */
const UNNUMBERED = 3;
const SNAP_BYTES = 5;

const addresses = {
  dsap: uint('llc.dsap', 0, 1, { format: labelled(SAPS, hex(2)) }),
  dsapNumber: uint('llc.dsap.sap', 0, 1, { mask: 0xfe, under: 'dsap' }),
  group: bit('llc.dsap.ig', 0, 1, 0x01, 'dsap'),
  ssap: uint('llc.ssap', 1, 1, { format: labelled(SAPS, hex(2)) }),
  ssapNumber: uint('llc.ssap.sap', 1, 1, { mask: 0xfe, under: 'ssap' }),
  response: bit('llc.ssap.cr', 1, 1, 0x01, 'ssap'),
};
/** Numbers are written least significant bit first: as a word, low byte first, they are in place. */
const word = (bytes: Uint8Array): number => (bytes[2] ?? 0) | ((bytes[3] ?? 0) << 8);

export interface LlcHeader {
  readonly dsap: number;
  readonly ssap: number;
  /** One byte for unnumbered frames, else two, the first one low. */
  readonly control: number;
  /** RFC 1042: whose numbers, and the number. */
  readonly snap: { readonly oui: number; readonly pid: number } | null;
}

const controlLength = (first: number): 1 | 2 => ((first & UNNUMBERED) === UNNUMBERED ? 1 : 2);
const isSnap = (dsap: number, ssap: number, control: number): boolean => dsap === SNAP && ssap === SNAP && control === UNNUMBERED;

/** Where the header ends; more than there is while it is not whole. */
function endOf(bytes: Uint8Array): number {
  if (bytes.length < 3) return 3;
  const end = 2 + controlLength(bytes[2] ?? 0);
  return isSnap(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0) ? end + SNAP_BYTES : end;
}

export const codec: Codec<LlcHeader> = {
  protocol: 'llc',
  title: 'LLC',
  layer: 'link',
  claims: [],
  decode(bytes, context) {
    const length = endOf(bytes);
    if (bytes.length < length) return incomplete(length);
    const [dsap = 0, ssap = 0, first = 0] = bytes;
    const control = controlLength(first) === 1 ? first : word(bytes);
    const snap = isSnap(dsap, ssap, control) ? { oui: readUint(bytes, 3, 3), pid: readUint(bytes, 6, 2) } : null;
    const next: Claim[] = snap === null ? (dsap === 0x06 ? ['ethertype:2048'] : []) : TYPED.includes(snap.oui) ? [`ethertype:${snap.pid}`] : [];
    return { status: 'complete', value: { dsap, ssap, control, snap }, length, payload: { start: length, end: bytes.length, missing: context.missing ?? 0 }, next, inside: {}, quotes: false };
  },
  encode({ dsap, ssap, control, snap }, payload) {
    const head = new Uint8Array(2 + controlLength(control));
    writeUint(head, 0, 1, dsap);
    writeUint(head, 1, 1, ssap);
    head[2] = control & 0xff;
    if (head.length === 4) head[3] = control >> 8;
    if (snap === null) return concatBytes(head, payload);
    const five = new Uint8Array(SNAP_BYTES);
    writeUint(five, 0, 3, snap.oui);
    writeUint(five, 3, 2, snap.pid);
    return concatBytes(head, five, payload);
  },
  fields(bytes, _context, base) {
    const nodes = layoutNodes(addresses, bytes, base);
    const end = Math.min(endOf(bytes), bytes.length);
    if (bytes.length > 2) nodes.push(controlNode(bytes, base));
    const named = endOf(bytes) === 3 + SNAP_BYTES;
    const oui = named && bytes.length >= 6 ? readUint(bytes, 3, 3) : null;
    const snap: Layout = {
      oui: uint('llc.oui', 3, 3, { format: labelled(OUIS, hex(6)) }),
      pid: uint(oui === null || TYPED.includes(oui) ? 'llc.type' : oui === CISCO ? 'llc.cisco_pid' : 'llc.pid', 6, 2, { format: oui === CISCO ? labelled(PIDS, hex(4)) : hex(4) }),
    };
    if (named) nodes.push(...layoutNodes(snap, bytes.subarray(0, end), base));
    return group('llc', 'LLC', base, end, nodes);
  },
};

/** The kind of frame is in the low bits: information (0), supervisory (1), unnumbered (3). */
function controlNode(bytes: Uint8Array, base: number): FieldNode {
  const first = bytes[2] ?? 0;
  const length = Math.min(controlLength(first), bytes.length - 2);
  const value = length === 1 ? first : word(bytes);
  const inner = (name: string, mask: number, unsigned: number): FieldNode => ({ name, value: unsigned, display: String(unsigned), start: base + 2, length, bits: { mask, shift: 31 - Math.clz32(mask & -mask) }, children: [] });
  const node = (display: string, children: readonly FieldNode[]): FieldNode => ({ name: 'llc.control', value, display, start: base + 2, length, children });
  if (controlLength(first) === 1) {
    const response = ((bytes[1] ?? 0) & 1) === 1;
    const modifier = uint(response ? 'llc.control.u_modifier_resp' : 'llc.control.u_modifier_cmd', 2, 1, { mask: 0xec, format: labelled(FUNCTIONS) });
    return node(FUNCTIONS.get(modifier.read(bytes)) ?? hex(2)(first), [specNode(modifier, bytes, base), inner('llc.control.ftype', 0x03, 3)]);
  }
  if (length === 1) return node(hex(2)(first), []);
  const information = (first & 1) === 0;
  const received = value >> 9;
  if (information) return node(`I ${(value >> 1) & 0x7f}, ${received}`, [inner('llc.control.n_r', 0xfe00, received), inner('llc.control.n_s', 0xfe, (value >> 1) & 0x7f), inner('llc.control.ftype', 0x01, 0)]);
  return node(`S ${received}`, [inner('llc.control.n_r', 0xfe00, received), inner('llc.control.s_ftype', 0x0c, (value >> 2) & 3), inner('llc.control.ftype', 0x03, 1)]);
}
