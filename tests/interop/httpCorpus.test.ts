// The inputs of llhttp's own tests (Node's HTTP/1 parser) in our reader: we refuse what it refuses in its strict mode and tell the same
// messages, or there is a cause in the list. The corpus lies beside the repository where there is one; it is read, never copied.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latin1, latin1Bytes } from '../../shared/codec/http/chars';
import { HttpStreamReader, type HttpEvent } from '../../shared/codec/http/reader';

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/llhttp/test');
const why = existsSync(corpus) ? '' : ' (skipped: the corpus is not here)';

interface Case {
  readonly name: string;
  readonly kind: 'request' | 'response';
  readonly input: Uint8Array;
  /** llhttp's events. */
  readonly log: string;
}

/** The cases of one file whose mode is strict and that neither pause nor leave the body out. */
function casesOf(file: string): Case[] {
  const text = readFileSync(join(corpus, file), 'utf8');
  const cases: Case[] = [];
  for (const block of text.split(/^(?=#+ )/m)) {
    const [, title = '', meta = '{}', input = ''] = /^#+ (.*)\n[^]*?<!-- meta=(\{.*\}) -->\n```http\n((?:(?!^```)[^])*)\n```/m.exec(block) ?? [];
    const log = /^```log\n((?:(?!^```)[^])*)```/m.exec(block)?.[1];
    if (log === undefined || title === '') continue;
    const { type, pause, skipBody } = JSON.parse(meta) as { readonly type: string; readonly pause?: string; readonly skipBody?: boolean };
    if ((type !== 'request' && type !== 'response') || pause !== undefined || skipBody === true || /pause|skip body/.test(log)) continue;
    cases.push({ name: `${file}: ${title}`, kind: type, input: latin1Bytes(bytesOf(input)), log });
  }
  return cases;
}

/** As llhttp's runner reads them: line ends become CRLF, escapes their bytes. */
const bytesOf = (text: string): string => Buffer.from(text.replace(/\\\n/g, '').replace(/\n/g, '\r\n').replace(/\\r/g, '\r').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\f/g, '\f')
  .replace(/\\x([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))).toString('latin1');

/** Where we differ on purpose. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/: (No restart when keep-alive is off|HTTP\/1.1 with keep-alive disabled and 204|CRLF between requests, explicit `close`)/, 'whether a connection goes on after a message is said by its end, not by the reader of its bytes'],
  [/: (Error on `Content-Length` overflow|Error on duplicate `Content-Length`|Missing CRLF-CRLF before body|Headers separated by dummy characters|Invalid HTTP version$|Invalid space after start line)/, 'a head is judged when it is whole'],
  [/: (HTTP protocol and ANNOUNCE method|Invalid method)/, 'any token may be a method (RFC 9110 9.1)'],
  [/: (PRI request HTTP2)/, 'PRI is HTTP/2 with its own version only'],
  [/: (SOURCE request with ICE|OPTIONS request with RTSP|ANNOUNCE request with RTSP|RTSP response|ICE response)/, 'RTSP and ICE are other protocols'],
  [/: (No HTTP version|HTTP version 0.9)/, 'HTTP/0.9 is not HTTP/1'],
  [/: (CONNECT with body)/, 'whether CONNECT begins a tunnel is said by its answer'],
  [/: (Ignoring `pigeons`|POST with `chunkedchunked`)/, 'a request whose end cannot be told is refused before its head is given out'],
];

/** What is told, in the same words for both: messages with their methods or statuses and bodies, then the end. */
function theirs({ log, input }: Case): string[] {
  const told: string[] = [];
  let body = '';
  for (const line of log.split('\n')) {
    const span = /off=(\d+) len=(\d+) span\[body\]/.exec(line);
    if (span !== null) body += latin1(input, Number(span[1]), Number(span[1]) + Number(span[2]));
    if (/headers complete/.test(line)) told.push('head');
    if (/message complete/.test(line)) {
      told.push(`body ${JSON.stringify(body)}`);
      body = '';
    }
    // 22: it waits at an upgrade for its caller to say what comes.
    if (/error code=(?!22 )/.test(line)) told.push('error');
  }
  return told;
}

function ours({ kind, input }: Case): string[] {
  const reader = new HttpStreamReader({ kind });
  const events: HttpEvent[] = reader.push(input);
  const told: string[] = [];
  let body = '';
  for (const event of events) {
    if (event.type === 'head') {
      // What is forgiven here and not there: told, so that a server may refuse.
      if (event.head.problems.some(({ why: problem }) => /LF alone|ASCII|Content-Length/.test(problem))) return [...told, 'error'];
      told.push('head');
    }
    if (event.type === 'body') body += latin1(input, event.start, event.end);
    if (event.type === 'end') {
      told.push(`body ${JSON.stringify(body)}`);
      body = '';
    }
    if (event.type === 'malformed') told.push('error');
  }
  return told;
}

describe(`llhttp's tests${why}`, () => {
  it.skipIf(why !== '')('end for us as they do for it', () => {
    const cases = ['request', 'response'].flatMap((folder) => readdirSync(join(corpus, folder)).filter((name) => name.endsWith('.md')).sort().flatMap((name) => casesOf(`${folder}/${name}`)));
    const differing = cases.filter((one) => ours(one).join('\n') !== theirs(one).join('\n'));
    console.info(`${cases.length} cases, ${differing.length} differ, each with its cause`);
    for (const [pattern, cause] of CAUSES) console.info(`  ${differing.filter(({ name }) => pattern.test(name)).length}: ${cause}`);
    expect(differing.filter(({ name }) => !CAUSES.some(([pattern]) => pattern.test(name))).map((one) => `${one.name}: ours ${ours(one).join(', ')}; llhttp ${theirs(one).join(', ')}`)).toEqual([]);
    expect(CAUSES.filter(([pattern]) => !differing.some(({ name }) => pattern.test(name))).map(([, cause]) => cause)).toEqual([]);
    expect(cases.length).toBeGreaterThan(150);
  });
});
