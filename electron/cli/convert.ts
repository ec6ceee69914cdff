// looplab convert: a capture file in another format. The format follows the new file's name; what it cannot hold is named on standard error.

import { convertCapture } from '../packets/convert';
import { readOptions } from './arguments';
import { CONVERT_HELP } from './helpFiles';
import { EXIT, UsageError, type Io } from './io';

const OPTIONS = { format: { type: 'string' }, 'link-type': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
const FORMATS: ReadonlyMap<string, 'pcap' | 'pcapng'> = new Map([['pcap', 'pcap'], ['cap', 'pcap'], ['dmp', 'pcap'], ['pcapng', 'pcapng'], ['ntar', 'pcapng']]);

export async function convert(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  if (values.help === true) {
    await io.out(CONVERT_HELP);
    return EXIT.reached;
  }
  const [from, to, extra] = positionals;
  if (from === undefined || to === undefined) throw new UsageError(from === undefined ? 'which file?' : 'into which file?');
  if (extra !== undefined) throw new UsageError(`one file into another: ${JSON.stringify(extra)} is one too many`);
  const gzip = /\.gz$/i.test(to);
  const format = theFormat(to.replace(/\.gz$/i, ''), values.format);
  const linkType = theLinkType(values['link-type']);
  try {
    const { facts, packets, dropped } = await convertCapture(from, to, { format, gzip, linkType, application: `Looplab ${await io.version()}`.trim(), signal: io.signal });
    if (dropped.length > 0) io.err(`looplab: not in ${to}: ${dropped.join('; ')}\n`);
    if (facts.damage === null) return EXIT.reached;
    io.err(`looplab: ${from} is damaged at byte ${facts.damage.offset}: ${facts.damage.why}. ${to} has the ${packets} ${packets === 1 ? 'packet' : 'packets'} before it\n`);
    return EXIT.failed;
  } catch (thrown) {
    if (io.signal.aborted) return EXIT.interrupted;
    throw thrown;
  }
}

function theFormat(path: string, given: string | undefined): 'pcap' | 'pcapng' {
  const format = FORMATS.get(given ?? (/\.([^./\\]+)$/.exec(path)?.[1] ?? '').toLowerCase());
  if (format !== undefined) return format;
  throw new UsageError(given === undefined ? `the name ${JSON.stringify(path)} does not say which format: end it in .pcap or .pcapng, or give --format` : `--format must be pcap or pcapng, not ${JSON.stringify(given)}`);
}

function theLinkType(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^\d{1,5}$/.test(given) || Number(given) > 0xffff) throw new UsageError(`--link-type must be a number from 0 to 65535, not ${JSON.stringify(given)}`);
  return Number(given);
}
