// Wireshark's columns of one packet: the innermost protocol that says something, a line of English about it, and what is wrong. Each protocol's
// own words come from its folder (codec/column.ts).

import { columns } from '../../codec/column';
import { someField } from '../../codec/field';
import { ANALYSIS_WARNINGS, analysisFields, type TcpAnalysisField } from '../analysis/tcpAnalysis';
import type { DissectedPacket, PacketLayer } from '../dissector';
import type { PacketStreams } from './flowStreams';

/** Characters of a line, and messages that it names. */
const LINE = 400;
const MESSAGES = 8;

/** As Wireshark's Info column says it. */
const SAID: ReadonlyMap<TcpAnalysisField, string> = new Map([
  ['tcp.analysis.fast_retransmission', 'TCP Fast Retransmission'], ['tcp.analysis.spurious_retransmission', 'TCP Spurious Retransmission'], ['tcp.analysis.retransmission', 'TCP Retransmission'],
  ['tcp.analysis.out_of_order', 'TCP Out-Of-Order'], ['tcp.analysis.duplicate_ack', 'TCP Dup ACK'], ['tcp.analysis.lost_segment', 'TCP Previous segment not captured'],
  ['tcp.analysis.ack_lost_segment', 'TCP ACKed unseen segment'], ['tcp.analysis.keep_alive', 'TCP Keep-Alive'], ['tcp.analysis.keep_alive_ack', 'TCP Keep-Alive ACK'], ['tcp.analysis.zero_window', 'TCP ZeroWindow'],
  ['tcp.analysis.zero_window_probe', 'TCP ZeroWindowProbe'], ['tcp.analysis.zero_window_probe_ack', 'TCP ZeroWindowProbeAck'], ['tcp.analysis.window_update', 'TCP Window Update'],
  ['tcp.analysis.window_full', 'TCP Window Full'], ['tcp.analysis.reused_ports', 'TCP Port numbers reused'],
]);
const WARNINGS: ReadonlySet<TcpAnalysisField> = new Set(ANALYSIS_WARNINGS);

export type Columns = Pick<DissectedPacket, 'protocol' | 'info' | 'trouble'>;

interface Told {
  readonly protocol: string;
  readonly name: string;
  readonly info: string;
}

export function columnsOf(layers: readonly PacketLayer[], streams: PacketStreams | null, analysis: number): Columns {
  const own = layers.filter(({ quoted }) => !quoted);
  const trouble = troubleOf(own, streams, analysis);
  let at = own.length - 1;
  let last: Told | null = null;
  for (; at >= 0 && last === null; at--) last = tell(own[at]);
  if (last === null) return { protocol: 'Unknown', info: '', trouble };
  const same = [...own.slice(0, at + 1).filter(({ protocol }) => protocol === last.protocol).map(tell).filter((one) => one !== null), last];
  const lines = same.slice(0, MESSAGES).map(({ info }) => info).filter((info) => info !== '');
  const more = same.length > MESSAGES ? `, ${same.length - MESSAGES} more` : '';
  const info = `${prefix(own, streams, analysis)}${lines.join(', ')}${more}`;
  return { protocol: last.name, info: info.length > LINE ? `${info.slice(0, LINE)}…` : info, trouble };
}

function tell(layer: PacketLayer | undefined): Told | null {
  if (layer === undefined) return null;
  const column = columns.get(layer.protocol);
  if (column === undefined) return { protocol: layer.protocol, name: layer.title, info: layer.tree.display === layer.title ? '' : layer.tree.display };
  const info = column.info(layer.tree);
  return info === '' && layer.protocol === 'data' ? null : { protocol: layer.protocol, name: column.name(layer.tree), info };
}

/** What a segment is besides its protocol's own line, as Wireshark says it. */
function prefix(layers: readonly PacketLayer[], streams: PacketStreams | null, analysis: number): string {
  const parts = layers[layers.length - 1]?.protocol === 'tcp' ? analysisFields(analysis).map((name) => SAID.get(name) ?? '').filter((text) => text !== '').map((text) => `[${text}] `) : [];
  if (streams !== null && streams.outcome.open && layers[layers.length - 1]?.protocol === 'tcp') parts.push('[TCP segment of a reassembled PDU] ');
  if (streams !== null && streams.outcome.gaps.length > 0) parts.push('[bytes before it were not captured] ');
  return [...new Set(parts)].join('');
}

function troubleOf(layers: readonly PacketLayer[], streams: PacketStreams | null, analysis: number): Columns['trouble'] {
  if (layers.some(({ status }) => status.status === 'malformed')) return 'error';
  let chat = false;
  for (const { tree, protocol } of layers) {
    if (someField(tree, ({ problem }) => problem !== undefined)) return 'error';
    chat ||= protocol === 'http';
  }
  if (streams !== null && (streams.placed.conflicts.length > 0 || streams.outcome.gaps.length > 0)) return 'warn';
  const found = analysisFields(analysis);
  if (found.some((name) => WARNINGS.has(name))) return 'warn';
  if (found.length > 0) return 'note';
  if (streams?.placed.repeated === true || streams?.placed.keepAlive === true) return 'note';
  return chat ? 'chat' : 'none';
}
