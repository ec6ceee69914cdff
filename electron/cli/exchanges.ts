// looplab exchanges: the HTTP exchanges of a capture file, in clear and under TLS with keys, with their packets and where their time went; as a table
// or as JSON.

import { formatDuration } from '../../shared/base/time';
import { visibleText } from '../../shared/codec/text';
import type { DecodeAs } from '../../shared/packets/decodeAs';
import { CaptureExchanges } from '../../shared/packets/exchanges/captureExchanges';
import { EXCHANGE_PHASES, type Exchange, type ExchangeList } from '../../shared/packets/exchanges/exchange';
import { readDecodeAs, readOptions, theFile } from './arguments';
import { inBlocks } from './eventLines';
import { EXCHANGES_HELP } from './helpFiles';
import { withCapture, type IndexedCapture } from './indexedCapture';
import { EXIT, type Io } from './io';
import { textTable } from './textTable';

const OPTIONS = { json: { type: 'boolean' }, keys: { type: 'string' }, 'decode-as': { type: 'string', short: 'd', multiple: true }, help: { type: 'boolean', short: 'h' } } as const;
/** Packets that are read between two looks at the signal. */
const READ = 4_096;

export async function exchanges(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(EXCHANGES_HELP);
    return EXIT.reached;
  }
  const path = theFile(positionals);
  const decodeAs = readDecodeAs(values['decode-as'] ?? []);
  return withCapture(path, values.keys, io, async (capture) => {
    const list = await listOf(capture, decodeAs, io);
    const lines = values.json === true ? list.exchanges.map((one) => JSON.stringify(jsonOf(one))) : tableOf(list.exchanges);
    for (const block of inBlocks(lines)) await io.out(block);
    if (list.exchanges.length === 0) io.err('looplab: there is no HTTP exchange in it that could be read\n');
    if (list.left > 0) io.err(`looplab: ${list.left} exchanges more are left out\n`);
    if (list.unread > 0) io.err(`looplab: ${list.unread === 1 ? '1 connection was' : `${list.unread} connections were`} not read to the end\n`);
  });
}

async function listOf({ index, keys, bytes }: IndexedCapture, decodeAs: DecodeAs, io: Io): Promise<ExchangeList> {
  const reader = new CaptureExchanges({ table: index.table, flows: index.flows, packets: { bytes }, keys, decodeAs });
  while (!reader.advance(READ)) {
    await new Promise((resolve) => setImmediate(resolve));
    if (io.signal.aborted) throw new Error('interrupted');
  }
  return reader.list();
}

/** Packets from 1, times in µs; null: not in the capture, or no such step. */
function jsonOf({ stream, substream, version, tls, method, host, url, status, contentType, requestSize, size, request, response, start, phases, outcome }: Exchange): object {
  const packets = (of: Exchange['request']): object | null => (of === null ? null : { first: of.first + 1, last: of.last + 1 });
  return {
    start_us: start / 1000, method, host, url, version, tls, stream, http2_stream: substream, status, outcome, content_type: contentType, request_bytes: requestSize, response_bytes: size,
    request_packets: packets(request), response_packets: packets(response), timing_us: Object.fromEntries(EXCHANGE_PHASES.map((phase) => [phase, phases[phase] === null ? null : phases[phase] / 1000])),
  };
}

function tableOf(exchanges: readonly Exchange[]): string[] {
  if (exchanges.length === 0) return [];
  const head = ['start', 'method', 'status', 'bytes', 'request', 'response', ...EXCHANGE_PHASES, 'type', 'URL'];
  const rows = exchanges.map(({ start, method, status, outcome, size, request, response, phases, contentType, url }) => [
    formatDuration(start / 1000), visibleText(method) || '?', `${status ?? ''}${outcome === 'complete' ? '' : `${status === null ? '' : ' '}${outcome}`}`, size === null ? '' : String(size), packetsText(request), packetsText(response),
    ...EXCHANGE_PHASES.map((phase) => (phases[phase] === null ? '·' : formatDuration(phases[phase] / 1000))), visibleText(contentType.split(';', 1)[0] ?? ''), visibleText(url) || '?',
  ]);
  return textTable(head, ['method', 'status', 'type', 'URL'], rows);
}

/** '4-9', from 1. */
const packetsText = (of: Exchange['request']): string => (of === null ? '' : of.first === of.last ? String(of.first + 1) : `${of.first + 1}-${of.last + 1}`);
