// A zone from the text of its file. What is wrong with it is told with the line: by reading (RFC 1035 5), or by what zones are (zone.ts).

import type { DnsRecord } from '../../../shared/codec/dns/records';
import { parseZone, type ZoneError as Fault } from '../../../shared/codec/dns/zoneText';
import { createZone, ZoneError, type Zone } from './zone';

/** The reasons that are not plain by their names. In English, as programs speak. */
const REASONS: Partial<Record<Fault['reason'], string>> = {
  'no-name': 'no name, and none on the line before',
  'no-ttl': 'no TTL: give one, or $TTL above',
  'no-type': 'no type of record',
  'unwritable-type': 'this type does not stand in zone files',
  'too-few-words': 'something is missing at its end',
  'too-many-words': 'there is too much at its end',
  parenthesis: 'a parenthesis is not closed, or not opened',
  'quotation-mark': 'a quotation mark is not closed',
};

export interface ZoneFileOptions {
  /** What is done to each record once the text is found good: other addresses, other TTLs. */
  readonly change?: (record: DnsRecord) => DnsRecord;
}

/** Throws ZoneError, whose message begins with the line. */
export function readRecords(text: string): { readonly records: readonly DnsRecord[]; readonly lines: readonly number[] } {
  const { records, lines, errors } = parseZone(text);
  const [error] = errors;
  if (error !== undefined) throw new ZoneError(`line ${error.line}: ${REASONS[error.reason] ?? error.reason.replaceAll('-', ' ')}${error.detail === '' ? '' : `: ${error.detail.slice(0, 60)}`}`);
  return { records, lines };
}

/** The zone of a zone file with an SOA record. Throws ZoneError, with the line where there is one. */
export function readZone(text: string, options: ZoneFileOptions = {}): Zone {
  const { records, lines } = readRecords(text);
  const { change } = options;
  try {
    const zone = createZone(records);
    return change === undefined ? zone : createZone(records.map(change));
  } catch (error) {
    if (!(error instanceof ZoneError) || error.record === null) throw error;
    throw new ZoneError(`line ${lines[records.indexOf(error.record)] ?? '?'}: ${error.message}`);
  }
}
