// A batch of facts as the body of a block: the columns of columns.ts one after the other, new texts of the dictionary, payload bytes. Written as the
// recorder hands batches on; read with every value checked, so that nothing behind it meets what the recorder could not have written.
//
//   0 first fact, u32    8 first text, u32   16 bytes of texts, u32     24 1 when payloads are thinned, u32
//   4 facts, u32        12 texts, u32        20 bytes of payload, u32   28 0, u32
//  32 t, offset (f64 each), a, b (i32), sock, size, kept, local, remote, text, err (u32), role (u16), kind, evidence (u8): `facts` values each
//     lengths of the texts (u32 each), the texts (UTF-8), the payloads of the facts that have one, in their order
// `pay` of columns.ts is left out: it is the sum of `kept` so far. Little-endian, as every machine is that this runs on.

import { utf8Bytes, utf8Text } from '../../base/bytesText';
import { batchColumns, columnsOn, roundUp4, type Batch, type Columns } from '../columns';
import { EVIDENCE_CODE, KIND_CODE } from '../event';
import type { TraceStore } from '../store';
import { runBlock } from './block';
import { RUN_LIMITS } from './format';
import { saysKey } from './keys';

const HEADER = 32;
/** Bytes of a fact in the columns. */
const ROW = 2 * 8 + 9 * 4 + 2 + 1 + 1;
const WIDE = 2 ** 53;

type Column = Exclude<keyof Columns, 'capacity' | 'pay'>;
const COLUMNS: readonly Column[] = ['t', 'offset', 'a', 'b', 'sock', 'size', 'kept', 'local', 'remote', 'text', 'err', 'role', 'kind', 'evidence'];

const KINDS = new Set<number>(Object.values(KIND_CODE));
/** Kinds whose `a` names a socket or a host. */
const NAMING = new Set<number>([KIND_CODE['connection.accepted'], KIND_CODE['host.added'], KIND_CODE['role.started']]);

/** Texts that a file without keys leaves out: those that are named here, and every one that is shaped like a line of a key log. */
export interface Blanked {
  has(index: number): boolean;
}

/**
 * The whole block of a batch. `blank`: without keys; null: with everything. `from`: has the payloads of the batch, which needs none of its own then, and
 * puts them one after the other.
 */
export function factsBlock(batch: Batch, blank: Blanked | null, from: PayloadSource | null = null): Uint8Array<ArrayBuffer> {
  const { count } = batch;
  const columns = batchColumns(batch);
  const texts = batch.dict.map((text, index) => utf8Bytes(blank !== null && (blank.has(batch.dictFirst + index) || saysKey(text)) ? '' : text));
  const textBytes = texts.reduce((sum, text) => sum + text.length, 0);
  let payload = 0;
  for (let row = 0; row < count; row++) payload += columns.kept[row] as number;
  return runBlock('facts', HEADER + ROW * count + 4 * texts.length + textBytes + payload, (body) => {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    [batch.first, count, batch.dictFirst, texts.length, textBytes, payload, batch.thinned ? 1 : 0, 0].forEach((value, index) => view.setUint32(4 * index, value, true));
    let at = HEADER;
    for (const name of COLUMNS) {
      const column = columns[name];
      const bytes = new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT);
      body.set(bytes, at);
      at += bytes.length;
    }
    for (const text of texts) {
      view.setUint32(at, text.length, true);
      at += 4;
    }
    for (const text of texts) {
      body.set(text, at);
      at += text.length;
    }
    if (from === null) copyPayloads(batch, columns, body, at, payload);
    else from.copyPayloads(batch.first, batch.first + count, body.subarray(at));
  });
}

/** A trace that has the facts of a batch. */
type PayloadSource = Pick<TraceStore, 'copyPayloads'>;

/** The payloads that facts name, one after the other: a batch may hold some that none names. */
function copyPayloads(batch: Batch, columns: Columns, body: Uint8Array, start: number, payload: number): void {
  if (payload === batch.payload.length && inOrder(columns, batch.count)) return body.set(batch.payload, start);
  let at = start;
  for (let row = 0; row < batch.count; row++) {
    const kept = columns.kept[row] as number;
    const pay = columns.pay[row] as number;
    body.set(batch.payload.subarray(pay, pay + kept), at);
    at += kept;
  }
}

function inOrder(columns: Columns, count: number): boolean {
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const kept = columns.kept[row] as number;
    if (kept > 0 && columns.pay[row] !== sum) return false;
    sum += kept;
  }
  return true;
}

/** What was read before a batch. */
export interface ReadSoFar {
  facts: number;
  /** Entries of the dictionary, the empty one counted. */
  texts: number;
  textBytes: number;
  payloads: number;
}

/** The batch that the body of a facts block holds, or why it is none; `before` then goes on by it. */
export function readFacts(body: Uint8Array, before: ReadSoFar): Batch | string {
  if (body.length < HEADER) return 'a batch of facts has no header';
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const number = (at: number): number => view.getUint32(at, true);
  const [first, count, dictFirst, texts, textBytes, payload, thinned] = [number(0), number(4), number(8), number(12), number(16), number(20), number(24)];
  if (count > RUN_LIMITS.rows || thinned > 1 || number(28) !== 0 || (count === 0 && texts === 0)) return 'the header of a batch of facts is wrong';
  if (body.length !== HEADER + ROW * count + 4 * texts + textBytes + payload) return 'a batch of facts has not the length that it says';
  if (first !== before.facts || dictFirst !== before.texts) return `a batch begins with fact ${first} and text ${dictFirst}, and ${before.facts} and ${before.texts} come next`;
  if (before.facts + count > RUN_LIMITS.facts || before.textBytes + textBytes > RUN_LIMITS.texts || before.payloads + payload > RUN_LIMITS.payloads) return 'there are more facts, texts or payloads than a run may have';
  const columns = readColumns(body, count);
  const wrong = wrongColumns(columns, count, before.texts + texts, payload);
  if (wrong !== null) return wrong;
  const dict = readTexts(body, HEADER + ROW * count, texts, textBytes);
  if (dict === null) return 'texts of a batch have not the length that they say';
  before.facts += count;
  before.texts += texts;
  before.textBytes += textBytes;
  before.payloads += payload;
  return { first, count, columns: new Uint8Array(columns.t.buffer as ArrayBuffer), payload: body.slice(body.length - payload) as Uint8Array<ArrayBuffer>, dict, dictFirst, thinned: thinned === 1 };
}

function readColumns(body: Uint8Array, count: number): Columns {
  const columns = columnsOn(roundUp4(count));
  let at = HEADER;
  for (const name of COLUMNS) {
    const column = columns[name];
    const length = count * column.BYTES_PER_ELEMENT;
    new Uint8Array(column.buffer, column.byteOffset, length).set(body.subarray(at, at + length));
    at += length;
  }
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const kept = columns.kept[row] as number;
    columns.pay[row] = kept === 0 ? 0 : sum;
    sum += kept;
  }
  return columns;
}

function wrongColumns(columns: Columns, count: number, texts: number, payload: number): string | null {
  const { t, offset, a, sock, kept, local, remote, text, err, kind, evidence } = columns;
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const time = t[row] as number;
    const place = offset[row] as number;
    // Written so that NaN is wrong too.
    if (!(time >= -WIDE && time <= WIDE && place >= -WIDE && place <= WIDE)) return `fact ${row} of a batch has a time or an offset that is no number`;
    if (!KINDS.has(kind[row] as number)) return `fact ${row} of a batch is of kind ${kind[row]}, which is not known here`;
    if (evidence[row] !== EVIDENCE_CODE.observed && evidence[row] !== EVIDENCE_CODE.captured) return `fact ${row} of a batch is neither observed nor captured`;
    const named = NAMING.has(kind[row] as number) ? (a[row] as number) : 0;
    if ((sock[row] as number) > RUN_LIMITS.ids || named < 0 || named > RUN_LIMITS.ids) return `fact ${row} of a batch names a socket or host that cannot be`;
    if (Math.max(local[row] as number, remote[row] as number, text[row] as number, err[row] as number) >= texts) return `fact ${row} of a batch names a text that is not there`;
    sum += kept[row] as number;
  }
  return sum === payload ? null : 'the payloads of a batch have not the length that its facts say';
}

function readTexts(body: Uint8Array, start: number, texts: number, textBytes: number): string[] | null {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const dict: string[] = [];
  let at = start + 4 * texts;
  const end = at + textBytes;
  for (let index = 0; index < texts; index++) {
    const length = view.getUint32(start + 4 * index, true);
    if (length > end - at) return null;
    dict.push(utf8Text(body.subarray(at, at + length)));
    at += length;
  }
  return at === end ? dict : null;
}
