// For tests: an HTTP/2 connection with two interleaved streams, its frames made by the codec, its story told by the fold from the bytes.

import { AppBuilder } from '../../../shared/trace/app/appBuilder';
import { concatBytes } from '../../../shared/base/bytes';
import { utf8Bytes } from '../../../shared/base/bytesText';
import { encodeFrame, PREFACE, type FramePayload } from '../../../shared/codec/http2/frame';
import { HpackEncoder } from '../../../shared/codec/http2/hpack/encoder';
import { scenario } from '../../../shared/trace/fixture';
import { PacedAxis } from '../../timeline/pacing';
import { labels } from '../exchange/webScene.fixture';

const frame = (payload: FramePayload, streamId: number, flags = 0): Uint8Array => encodeFrame({ ...payload, streamId, flags, reserved: false });
const get = (path: string) => [[':method', 'GET'], [':scheme', 'http'], [':authority', 'web.test'], [':path', path]].map(([name = '', value = '']) => ({ name, value }));

/** SETTINGS both ways, GET /a and GET /b at once, answered in alternating pieces. */
export function twoStreams() {
  const s = scenario('http');
  const listener = s.role('server', '127.0.30.1', 'server').listen(8080);
  const client = s.role('client', '127.0.30.2', 'client').connect(listener.endpoint);
  const server = listener.accept();
  if (client === null) throw new Error('refused');
  const [up, down] = [new HpackEncoder(), new HpackEncoder('never')];
  const headers = (block: Uint8Array) => ({ type: 'HEADERS' as const, padding: null, priority: null, fragment: block }) as unknown as FramePayload;
  const data = (text: string) => ({ type: 'DATA' as const, padding: null, data: utf8Bytes(text) }) as unknown as FramePayload;
  client.send(concatBytes(PREFACE, frame({ type: 'SETTINGS', settings: [{ id: 4, value: 1_000_000 }] } as FramePayload, 0)));
  server.recv(4096);
  server.send(concatBytes(frame({ type: 'SETTINGS', settings: [] } as FramePayload, 0), frame({ type: 'SETTINGS', settings: [] } as FramePayload, 0, 1)));
  client.recv(4096);
  client.send(frame(headers(up.encode(get('/a'))), 1, 5));
  client.send(frame(headers(up.encode(get('/b'))), 3, 5));
  server.recv(4096);
  for (const stream of [1, 3]) server.send(frame(headers(down.encode([{ name: ':status', value: '200' }, { name: 'x-lab', value: `${stream}` }])), stream, 4));
  server.send(frame(data('one '), 1));
  server.send(frame(data('two '), 3));
  client.recv(4096);
  server.send(concatBytes(frame(data('end'), 1, 1), frame(data('end'), 3, 1)));
  s.wait(2000);
  client.recv(4096);
  const { story, trace } = s.told();
  const builder = new AppBuilder(trace, story);
  builder.advance();
  return { story, trace, app: builder.app, version: story.version, position: story.moments.count, selection: { type: 'none' } as const, axis: new PacedAxis('each', story), reducedMotion: false, labels };
}
