// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): the format in which browsers and tools save HTTP exchanges, as far as we
// write and read it. The schema checks what comes from outside; fields that we do not know are let pass.

import * as v from 'valibot';

const count = v.number();
const pair = v.object({ name: v.string(), value: v.string() });
const pairs = v.fallback(v.array(pair), []);
/** ms; -1: there was no such step. */
const span = v.optional(v.nullable(v.number()));

const request = v.object({
  method: v.string(), url: v.string(), httpVersion: v.fallback(v.string(), ''), headers: pairs, queryString: pairs, cookies: v.fallback(v.array(v.unknown()), []),
  headersSize: v.fallback(count, -1), bodySize: v.fallback(count, -1),
  postData: v.optional(v.object({ mimeType: v.fallback(v.string(), ''), text: v.fallback(v.string(), ''), encoding: v.optional(v.string()) })),
});

const response = v.object({
  status: v.number(), statusText: v.fallback(v.string(), ''), httpVersion: v.fallback(v.string(), ''), headers: pairs, cookies: v.fallback(v.array(v.unknown()), []),
  content: v.object({ size: v.fallback(count, 0), mimeType: v.fallback(v.string(), ''), text: v.optional(v.string()), encoding: v.optional(v.string()), comment: v.optional(v.string()) }),
  redirectURL: v.fallback(v.string(), ''), headersSize: v.fallback(count, -1), bodySize: v.fallback(count, -1),
});

const entry = v.object({
  startedDateTime: v.string(), time: v.fallback(v.number(), 0), request, response,
  timings: v.fallback(v.object({ blocked: span, dns: span, connect: span, ssl: span, send: span, wait: span, receive: span }), {}),
  serverIPAddress: v.optional(v.string()), connection: v.optional(v.string()), comment: v.optional(v.string()),
});
export type HarEntry = v.InferOutput<typeof entry>;

const schema = v.object({
  log: v.object({ version: v.fallback(v.string(), '1.2'), creator: v.fallback(v.object({ name: v.string(), version: v.fallback(v.string(), '') }), { name: '', version: '' }), entries: v.pipe(v.array(v.unknown()), v.maxLength(100_000)) }),
});

export interface Har {
  readonly creator: string;
  readonly entries: readonly HarEntry[];
  /** Entries that are none: their places and what is wrong, at most 20. */
  readonly refused: readonly string[];
}

/** Throws Error that says where the text stops to be a HAR. An entry that is broken is left out and named. */
export function parseHar(text: string): Har {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const checked = v.safeParse(schema, given);
  if (!checked.success) throw new Error(`not a HAR: ${describe(checked.issues)}`);
  const { creator, entries } = checked.output.log;
  const good: HarEntry[] = [];
  const refused: string[] = [];
  entries.forEach((one, index) => {
    const read = v.safeParse(entry, one);
    if (read.success && !Number.isNaN(Date.parse(read.output.startedDateTime))) good.push(read.output);
    else if (refused.length < 20) refused.push(`entries[${index}]: ${read.success ? 'startedDateTime is no time' : describe(read.issues)}`);
  });
  return { creator: [creator.name, creator.version].filter((part) => part !== '').join(' '), entries: good, refused };
}

const describe = (issues: readonly v.BaseIssue<unknown>[]): string => issues.slice(0, 3).map((issue) => `${v.getDotPath(issue) ?? 'the text'}: ${issue.message}`).join('; ').slice(0, 300);
