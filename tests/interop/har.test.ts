// Runs of real labs as HARs and back: what the views of exchanges show of the file is what they show of the run.
import { beforeAll, describe, expect, it } from 'vitest';
import { decodedBody } from '../../electron/cli/decoded';
import httpApi from '../../electron/labs/http-api/lab';
import httpMessages from '../../electron/labs/http-messages/lab';
import https from '../../electron/labs/https/lab';
import { LabTest } from '../../electron/labs/run.fixture';
import type { AppStory, ExchangeTiming, HttpExchange } from '../../shared/trace/app/appStory';
import { parseHar } from '../../shared/trace/har/har';
import { harStory } from '../../shared/trace/har/harStory';
import { harExchanges, harParts } from '../../shared/trace/har/writeHar';
import { startedAt } from '../../shared/trace/startedAt';

const back = (run: LabTest): { readonly app: AppStory; readonly text: string } => {
  const text = [...harParts(run.app, run.story, { creator: { name: 'Looplab', version: '1' }, origin: startedAt(run.store), decoded: (_id, _side, bytes, coding) => decodedBody(bytes, coding) })].join('');
  return { app: harStory(parseHar(text)).app, text };
};

const took = (timing: ExchangeTiming): (number | null)[] => [timing.blocked, timing.lookup, timing.connect, timing.tls, timing.send, timing.wait, timing.receive].map((span) => (span === null ? null : Math.round(span.end - span.start)));
/** HAR has no missing send, wait or receive. */
const told = ({ request, response, timing, secure, version }: HttpExchange): object => ({
  asked: [request.head.method, request.head.url || request.head.target, version, secure, request.headSize, request.bodySize, request.headers],
  answered: [response?.head.status, response?.head.reason, response?.headSize, response?.bodySize, response?.headers], took: took(timing).map((one, at) => (at > 3 ? (one ?? 0) : one)),
});

describe.each([
  ['http-api, every method', () => LabTest.play(httpApi, { requests: 'methods' }), 6],
  ['http-messages, chunked, HTTP/2', () => LabTest.play(httpMessages, { shows: 'chunked', version: 'http2' }), 1],
  ['http-messages, compressed', () => LabTest.play(httpMessages, { shows: 'compression' }), 3],
  ['https', () => LabTest.play(https), 2],
] as const)('%s as a HAR and back', (_name, play, least) => {
  let run: LabTest;
  beforeAll(async () => {
    run = await play();
  });

  it('is the same', () => {
    const exchanges = harExchanges(run.app);
    const { app, text } = back(run);
    expect(exchanges.length).toBeGreaterThanOrEqual(least);
    expect(app.exchanges.map(told)).toEqual(exchanges.map(told));
    for (const [id, exchange] of exchanges.entries()) {
      const sent = run.app.body(exchange.id, 'response');
      const body = app.body(id, 'response');
      // Without its content coding where that could be undone.
      expect(Buffer.from(body.bytes)).toEqual(Buffer.from((sent.coding ?? '') === '' || body.coding !== '' ? sent.bytes : (decodedBody(sent.bytes, sent.coding ?? '') ?? sent.bytes)));
    }
    expect(text).toContain('"name":"Looplab"');
  });
});
