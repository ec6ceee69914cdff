// looplab har: the exchanges of a HAR that any program wrote, as a table or as JSON. Entries that are none are named on standard error.

import type { Micros } from '../../shared/base/brand';
import { formatDuration } from '../../shared/base/time';
import { visibleText } from '../../shared/codec/text';
import type { ExchangeTiming, HttpExchange } from '../../shared/trace/app/appStory';
import { HAR_LIMITS, parseHar, type Har } from '../../shared/trace/har/har';
import { harStory } from '../../shared/trace/har/harStory';
import { readText } from '../readText';
import { EngineError } from '../runtime/engineError';
import { readOptions, theFile } from './arguments';
import { inBlocks } from './eventLines';
import { HAR_HELP } from './help';
import { EXIT, type Io } from './io';
import { textTable } from './textTable';

const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
const PHASES = ['blocked', 'lookup', 'connect', 'tls', 'send', 'wait', 'receive'] as const satisfies readonly (keyof ExchangeTiming)[];
/** Characters of a URL that a table shows. */
const URL = 2000;

export async function har(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(HAR_HELP);
    return EXIT.reached;
  }
  const file = theFile(positionals);
  const read = await readHar(file);
  const { exchanges } = harStory(read).app;
  const lines = values.json === true ? exchanges.map((exchange) => JSON.stringify(jsonOf(exchange))) : tableOf(exchanges);
  for (const block of inBlocks(lines)) await io.out(block);
  if (read.broken === 0) return EXIT.reached;
  io.err(`looplab: ${file}: ${read.broken === 1 ? '1 entry is none and was left out' : `${read.broken} entries are none and were left out`}:\n${read.refused.map((one) => `  ${visibleText(one)}\n`).join('')}`);
  if (read.broken > read.refused.length) io.err(`  and ${read.broken - read.refused.length} more\n`);
  return EXIT.failed;
}

/** Throws EngineError that names the file. */
async function readHar(file: string): Promise<Har> {
  const text = await readText(file, HAR_LIMITS.bytes);
  try {
    return parseHar(text);
  } catch (thrown) {
    throw new EngineError('HAR_BROKEN', `${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, file);
  }
}

const endOf = ({ response, timing, request }: HttpExchange): Micros => response?.arrive ?? PHASES.reduce((end, phase) => timing[phase]?.end ?? end, request.depart);
const startOf = ({ timing, request }: HttpExchange): Micros => PHASES.map((phase) => timing[phase]?.start).find((start) => start !== undefined) ?? request.depart;

/** Times in µs; null: no such step, not known, or no response. */
function jsonOf(exchange: HttpExchange): object {
  const { request, response, timing, version, conn, outcome } = exchange;
  const start = startOf(exchange);
  return {
    start_us: start, method: request.head.method, url: request.head.url || request.head.target, version, conn: conn === 0 ? null : conn, status: response?.head.status ?? null, outcome,
    request_bytes: request.bodySize, response_bytes: response?.bodySize ?? null, time_us: endOf(exchange) - start,
    timing_us: Object.fromEntries(PHASES.map((phase) => [phase, timing[phase] === null ? null : timing[phase].end - timing[phase].start])),
  };
}

function tableOf(exchanges: readonly HttpExchange[]): string[] {
  const head = ['start', 'method', 'status', 'bytes', 'time', ...PHASES, 'URL'];
  const rows = exchanges.map((exchange) => {
    const { request, response, timing, outcome } = exchange;
    const start = startOf(exchange);
    return [
      formatDuration(start), visibleText(request.head.method).slice(0, 20), response === null ? outcome : String(response.head.status), response === null ? '' : String(response.bodySize), formatDuration(endOf(exchange) - start),
      ...PHASES.map((phase) => (timing[phase] === null ? '·' : formatDuration(timing[phase].end - timing[phase].start))), visibleText(request.head.url || request.head.target).slice(0, URL),
    ];
  });
  return textTable(head, ['method', 'URL'], rows);
}
