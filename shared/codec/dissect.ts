// Walks a frame from its link layer up, header by header. Bytes in, layers with trees out: what the inspector, the stack view and
// the text log show. Finds the codecs by their folders; knows no protocol by name.

import type { Claim, Codec, Context, Decoded, Layer } from './codec';
import { codec as data } from './data/codec';
import { generated, group, withChildren, type FieldNode } from './field';
import { bytesNode, hex, specNode, uint } from './layout';
import { CODEC_LIMITS } from './limits';

/** Link types of libpcap (https://www.tcpdump.org/linktypes.html) that a frame may begin with. */
export const LINK_TYPE = { null: 0, ethernet: 1, raw: 101, loop: 108, linuxCooked: 113, ipv4: 228, ipv6: 229 } as const;

export interface DissectedLayer {
  /** Wireshark's name: 'eth', 'ip', 'tcp', 'data'. */
  readonly protocol: string;
  readonly title: string;
  readonly layer: Layer;
  /** First byte of the header in the frame, and its length; for data, of all of it. */
  readonly start: number;
  readonly length: number;
  /** The bytes that this header carries. */
  readonly payload: { readonly start: number; readonly end: number };
  readonly tree: FieldNode;
  readonly status: Decoded<unknown>;
  /** Part of a packet that an ICMP error quotes, not of this one. */
  readonly quoted: boolean;
}

export type AnyCodec = Codec<unknown>;

const modules = import.meta.glob<{ readonly codec: AnyCodec }>('./*/codec.ts', { eager: true });
const byClaim = new Map<string, AnyCodec>();
for (const { codec } of Object.values(modules)) for (const claim of [...codec.claims, `app:${codec.protocol}`]) byClaim.set(claim, codec);

/** The codecs that exist, by Wireshark's names. */
export const codecs: ReadonlyMap<string, AnyCodec> = new Map(Object.values(modules).map(({ codec }) => [codec.protocol, codec]));

const recognizers = Object.values(modules).flatMap(({ codec }) => (codec.recognizes === undefined ? [] : [codec]));

/** Who decodes what is claimed so; null: nobody. */
export function claimed(claims: readonly Claim[]): AnyCodec | null {
  for (const claim of claims) {
    const codec = byClaim.get(claim);
    if (codec !== undefined) return codec;
  }
  return null;
}

/** Who knows a datagram by its bytes, where its ports stand for nothing; else it is data. */
const byItsBytes = (bytes: Uint8Array, { transport, quoted }: Context): AnyCodec => (transport === 'udp' && quoted !== true ? recognizers.find((codec) => codec.recognizes?.(bytes)) : undefined) ?? data;

/** A port is a hint, not a promise: what an application's codec refuses from the first byte on is data (the middle of a body). */
const orData = (codec: AnyCodec, status: Decoded<unknown>): AnyCodec => (codec.layer === 'application' && status.status === 'malformed' && status.at === 0 ? data : codec);

/** The port's well-known meaning where a lab uses another one: 8007 stands for 80. Ports that stand for themselves need no entry. */
export type KnownPorts = ReadonlyMap<`${'tcp' | 'udp'}.port:${number}`, number>;

/** Claims for which a lab's port stands for a well-known one come first. */
export function standingFor(claims: readonly Claim[], ports: KnownPorts): readonly Claim[] {
  if (ports.size === 0) return claims;
  const meant: Claim[] = [];
  for (const claim of claims) {
    const port = ports.get(claim as `tcp.port:${number}`);
    if (port !== undefined) meant.push(`${claim.startsWith('udp') ? 'udp' : 'tcp'}.port:${port}`);
  }
  return meant.length === 0 ? claims : [...meant, ...claims];
}

/** What somebody said that one of these claims' ports speaks; null: nobody said anything. */
function saidToBe(claims: readonly Claim[], decodeAs: ReadonlyMap<string, string>): AnyCodec | null {
  for (const claim of claims) {
    const codec = codecs.get(decodeAs.get(claim) ?? '');
    if (codec !== undefined) return codec;
  }
  return null;
}

const NO_PORTS: KnownPorts = new Map();

/**
 * The layers of a frame, outermost first. Never throws. `missing`: bytes of the frame that were on the wire and are not in `bytes`.
 * The last layer may be incomplete or malformed; its tree then shows what could be read.
 */
export function dissect(bytes: Uint8Array, linkType: number = LINK_TYPE.ethernet, missing = 0, ports: KnownPorts = NO_PORTS): DissectedLayer[] {
  return dissectFrame(bytes, linkType, { missing, ports });
}

export interface WalkOptions {
  /** Bytes that were on the wire and are not here. */
  readonly missing?: number;
  readonly ports?: KnownPorts;
  /** Ports that somebody said to speak a protocol ('udp.port:5300' to 'dns'): before all that they stand for. */
  readonly decodeAs?: ReadonlyMap<string, string>;
  /** True: what TCP carries is left alone, because its stream is put together elsewhere. */
  readonly stopAtStreams?: boolean;
  /** Whether anybody asks for fields of a protocol's header; of one that nobody asks for the tree is empty, where it is whole and no fragment. Left out: of all. */
  readonly asks?: (protocol: string) => boolean;
  /** False: layers are told without their fields. */
  readonly trees?: boolean;
  /** Where in the bytes the walk begins and ends; left out: all of them. */
  readonly within?: { readonly start: number; readonly end: number };
}

/** As dissect(), with more to choose. */
export function dissectFrame(bytes: Uint8Array, linkType: number, options: WalkOptions = {}): DissectedLayer[] {
  const layers = walk(bytes, [`linktype:${linkType}`], { missing: options.missing ?? 0 }, options);
  return layers.some(({ quoted }) => quoted) ? layers : withTrailer(layers, bytes);
}

/** The layers of what a header carries (`claims`: its `next`, `context`: its `inside`), or of what was put together from several packets. Never throws. */
export function dissectPayload(bytes: Uint8Array, claims: readonly Claim[], context: Context, options: WalkOptions = {}): DissectedLayer[] {
  return walk(bytes, claims, context, options);
}

function walk(bytes: Uint8Array, claims: readonly Claim[], from: Context, { ports = NO_PORTS, stopAtStreams = false, decodeAs, asks, trees = true, within }: WalkOptions): DissectedLayer[] {
  const layers: DissectedLayer[] = [];
  const meant = (by: readonly Claim[]): AnyCodec | null => (decodeAs === undefined || decodeAs.size === 0 ? null : saidToBe(by, decodeAs)) ?? claimed(standingFor(by, ports));
  let context = from;
  let start = within?.start ?? 0;
  let end = within?.end ?? bytes.length;
  let codec = meant(claims) ?? byItsBytes(within === undefined ? bytes : bytes.subarray(start, end), context);
  let quoted = false;
  while (layers.length < CODEC_LIMITS.layers) {
    const slice = bytes.subarray(start, end);
    const asked = codec.decode(slice, context);
    const fits = orData(codec, asked);
    const status = fits === codec ? asked : fits.decode(slice, context);
    codec = fits;
    const done = status.status === 'complete';
    const length = done ? status.length : slice.length;
    const empty = !trees || (done && status.inside.fragment !== true && asks?.(codec.protocol) === false);
    const tree = empty ? group(codec.protocol, codec.title, start, length, []) : codec.fields(slice, context, start);
    const payload = done ? { start: start + status.payload.start, end: start + status.payload.end } : { start: end, end };
    layers.push({ protocol: codec.protocol, title: codec.title, layer: codec.layer, start, length, payload, tree, status, quoted });
    if (!done || payload.start >= payload.end || codec === data) break;
    quoted ||= status.quotes;
    if (stopAtStreams && !quoted && codec.layer === 'transport' && status.inside.transport === 'tcp') break;
    const next = meant(status.next);
    context = { ...status.inside, missing: status.payload.missing, quoted };
    start = payload.start;
    end = payload.end;
    codec = next ?? byItsBytes(bytes.subarray(start, end), context);
  }
  return layers;
}

/** Bytes of the shortest Ethernet frame without its check sequence (IEEE 802.3 4.2.3.3). */
const SHORTEST = 60;
const FCS = 4;

/** Tags of virtual LANs between Ethernet and the packet. */
const TAGS: ReadonlySet<string> = new Set(['vlan', 'ieee8021ad']);
/** Whose frames are filled up. */
const FILLED: ReadonlySet<string> = new Set(['eth', 'sll', ...TAGS]);

/** Bytes after the end of the packet belong to the link's frame, or to its innermost tag: padding up to Ethernet's 60 (IEEE 802.3 4.2.3.3) or a trailer. */
function withTrailer(layers: DissectedLayer[], bytes: Uint8Array): DissectedLayer[] {
  let at = 0;
  while (TAGS.has(layers[at + 1]?.protocol ?? '')) at++;
  const link = layers[at];
  const inner = layers[at + 1];
  if (link === undefined || inner === undefined || inner.status.status !== 'complete') return layers;
  // A length of its own ends the packet (IEEE 802.3), or the packet says itself where it ends.
  const end = Math.min(inner.payload.end, link.payload.end);
  const last = bytes.length;
  if (link.layer !== 'link' || end >= last) return layers;
  // What fills a short frame up is zeros; what comes behind it, is something else, or leaves the frame short, was added to it.
  const shortest = FILLED.has(link.protocol) && last >= SHORTEST ? SHORTEST : 0;
  const filled = Math.max(end, shortest);
  const padded = bytes.subarray(end, filled).every((byte) => byte === 0) ? filled : end;
  // As Wireshark takes it: what is left of a frame that is long enough for one ends with a check sequence; behind a tag it looks for none.
  const checked = link.protocol === 'eth' && last - padded >= FCS && last >= SHORTEST + FCS;
  const sequence = checked ? [specNode(uint('eth.fcs', last - FCS, FCS, { format: hex(8) }), bytes, 0), generated('eth.fcs.status', 2, 'unverified', last - FCS, FCS)] : [];
  const rest = checked ? last - FCS : last;
  const nodes = [...(padded > end ? [bytesNode('eth.padding', bytes, end, padded, 0)] : []), ...(rest > padded ? [bytesNode(`${link.protocol}.trailer`, bytes, padded, rest, 0)] : []), ...sequence];
  return layers.with(at, { ...link, tree: withChildren(link.tree, nodes) });
}
