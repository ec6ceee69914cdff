// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): the format in which browsers and tools save HTTP exchanges, as far as we
// write and read it. The schema checks what comes from outside; fields that we do not know are let pass. What it means is harStory.ts's.

import * as v from 'valibot';

/** Bounds of what is read of a HAR. */
export const HAR_LIMITS = {
  /** Bytes of the file. */
  bytes: 64 * 1024 * 1024,
  entries: 100_000,
  pages: 100,
  /** Headers of one message, and characters of a URL, a method or a name. */
  headers: 1000,
  text: 65_536,
  /** Entries that are named when they are none. */
  refused: 20,
} as const;

/** JSON may say 1e999, which is read as Infinity. */
const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.transform((given) => given.slice(0, HAR_LIMITS.text)));
const optionalText = v.fallback(text, '');
/** Bytes; -1: not known. */
const size = v.fallback(v.pipe(finite, v.transform((given) => (given < 0 ? -1 : Math.min(Math.floor(given), Number.MAX_SAFE_INTEGER)))), -1);
/** ms; null: there was no such step. */
const span = v.optional(v.fallback(v.nullable(v.pipe(finite, v.transform((given) => (given < 0 ? null : given)))), null), null);
const pair = v.object({ name: text, value: optionalText });
const pairs = v.fallback(v.pipe(v.array(v.unknown()), v.transform((given) => given.slice(0, HAR_LIMITS.headers).flatMap((one) => {
  const read = v.safeParse(pair, one);
  return read.success ? [read.output] : [];
}))), []);
const unread = v.fallback(v.array(v.unknown()), []);

/** Ours (`_coding`): the content coding that is still on the text, which by the specification has none. */
const coding = v.fallback(v.optional(text), undefined);

const request = v.object({
  method: v.pipe(text, v.minLength(1)), url: text, httpVersion: optionalText, headers: pairs, queryString: pairs, cookies: unread, headersSize: size, bodySize: size,
  postData: v.fallback(v.optional(v.object({ mimeType: optionalText, text: v.fallback(v.string(), ''), encoding: v.fallback(v.optional(v.string()), undefined), _coding: coding })), undefined),
});

const response = v.object({
  /** 0: there was none. */
  status: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999)), statusText: optionalText, httpVersion: optionalText, headers: pairs, cookies: unread,
  content: v.fallback(v.object({
    size, mimeType: optionalText, compression: v.fallback(v.optional(finite), undefined), text: v.fallback(v.optional(v.string()), undefined), encoding: v.fallback(v.optional(v.string()), undefined), comment: v.fallback(v.optional(v.string()), undefined),
    _coding: coding,
  }), { size: -1, mimeType: '' }),
  redirectURL: optionalText, headersSize: size, bodySize: size,
});

const NO_TIMINGS = { blocked: null, dns: null, connect: null, ssl: null, send: null, wait: null, receive: null };
const entry = v.object({
  pageref: v.fallback(v.optional(text), undefined), startedDateTime: v.pipe(v.string(), v.maxLength(64)), time: v.fallback(finite, 0), request, response,
  timings: v.fallback(v.object({ blocked: span, dns: span, connect: span, ssl: span, send: span, wait: span, receive: span }), NO_TIMINGS),
  serverIPAddress: v.fallback(v.optional(text), undefined), connection: v.fallback(v.optional(text), undefined), comment: v.fallback(v.optional(text), undefined),
});
export type HarEntry = v.InferOutput<typeof entry>;

const page = v.object({ startedDateTime: v.pipe(v.string(), v.maxLength(64)), id: optionalText, title: optionalText, pageTimings: v.fallback(v.object({ onLoad: span }), { onLoad: null }) });
export type HarPage = v.InferOutput<typeof page>;

const program = v.fallback(v.object({ name: optionalText, version: optionalText }), { name: '', version: '' });
const schema = v.object({
  log: v.object({ version: v.fallback(v.string(), '1.2'), creator: program, browser: program, pages: unread, entries: v.pipe(v.array(v.unknown()), v.maxLength(HAR_LIMITS.entries)) }),
});

export interface Har {
  /** The program that wrote it, with its version. */
  readonly creator: string;
  /** The browser that it tells of; '' when it names none. */
  readonly browser: string;
  readonly entries: readonly HarEntry[];
  readonly pages: readonly HarPage[];
  /** Entries that are none: how many, and of the first of them the place and what is wrong. */
  readonly broken: number;
  readonly refused: readonly string[];
}

/** Throws Error that says where the text stops to be a HAR. An entry that is broken is left out and named. */
export function parseHar(given: string): Har {
  const reading = readHar(given);
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value;
  }
}

/** Entries that are read between two breaths. */
const BREATH = 500;

/** parseHar in pieces, for who has other things to do meanwhile: yields how far it is, from 0 to 1. */
export function* readHar(given: string): Generator<number, Har, undefined> {
  const checked = v.safeParse(schema, jsonOf(given));
  if (!checked.success) throw new Error(`not a HAR: ${describe(checked.issues)}`);
  const { creator, browser, entries, pages } = checked.output.log;
  const good: HarEntry[] = [];
  const refused: string[] = [];
  let broken = 0;
  for (const [index, one] of entries.entries()) {
    if (index % BREATH === 0) yield index / entries.length;
    const read = v.safeParse(entry, one, { abortPipeEarly: true });
    if (read.success && timeOf(read.output.startedDateTime) !== null) {
      good.push(read.output);
      continue;
    }
    broken++;
    if (refused.length < HAR_LIMITS.refused) refused.push(`entries[${index}]: ${read.success ? 'startedDateTime: not a time' : describe(read.issues)}`);
  }
  return {
    creator: named(creator), browser: named(browser), entries: good, broken, refused,
    pages: pages.slice(0, HAR_LIMITS.pages).flatMap((one) => {
      const read = v.safeParse(page, one);
      return read.success && timeOf(read.output.startedDateTime) !== null ? [read.output] : [];
    }),
  };
}

function jsonOf(given: string): unknown {
  try {
    return JSON.parse(given.startsWith('\ufeff') ? given.slice(1) : given);
  } catch (error) {
    throw new Error(`not JSON: ${(error instanceof Error ? error.message : String(error)).slice(0, 200)}`, { cause: error });
  }
}

const named = ({ name, version }: { readonly name: string; readonly version: string }): string => [name, version].filter((part) => part !== '').join(' ').slice(0, 200);

/** Microseconds since 1970 of an ISO 8601 time, whose fraction may be finer than JavaScript reads; null when it is no time. */
export function timeOf(given: string): number | null {
  const ms = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/u.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(ms)) return null;
  const finer = /:\d\d\.\d{3}(\d{1,3})/u.exec(given)?.[1] ?? '';
  return ms * 1000 + Number(finer.padEnd(3, '0'));
}

const describe = (issues: readonly v.BaseIssue<unknown>[]): string => issues.slice(0, 3).map((issue) => `${v.getDotPath(issue) ?? 'the text'}: ${issue.message}`).join('; ').slice(0, 300);
