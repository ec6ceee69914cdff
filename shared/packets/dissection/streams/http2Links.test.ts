// Requests and responses of HTTP/2 find each other across packets: streams side by side, interim responses, pushes, and what is not answered.

import { expect, it } from 'vitest';
import { must } from '../../../base/assert';
import { concatBytes } from '../../../base/bytes';
import { latin1Bytes } from '../../../codec/http/chars';
import { findField, walkFields } from '../../../codec/field';
import { encodeFrame, PREFACE, type FramePayload } from '../../../codec/http2/frame';
import { HpackEncoder } from '../../../codec/http2/hpack/encoder';
import { http2Line } from '../../follow/web.fixture';
import { Line, openFrames } from '../captured.fixture';
import { createDissector } from '../dissector';

/** 'packet: field value, ...' of the fields that link; `lookAhead`: later packets may tell. */
function links(line: Line, lookAhead = true): string[] {
  const dissector = createDissector({ ...openFrames(line.frames), lookAhead });
  return line.frames.flatMap((_, number) => {
    const nodes = dissector.dissect(number).layers.flatMap(({ tree }) => [...walkFields(tree)].map(({ node }) => node));
    const told = nodes.filter(({ name }) => /^http2\.(request|response)_in$|^http2\.time$|^http2\.request\./.test(name)).map(({ name, display }) => `${name.replace('http2.', '')} ${display}`);
    return told.length === 0 ? [] : [`${number + 1}: ${told.join(', ')}`];
  });
}

it('links the streams of a connection, each for itself', () => {
  expect(links(http2Line(latin1Bytes('once upon a time'), 'identity'))).toEqual([
    '5: request.full_uri http://example.org/story, response_in 7', '6: request.full_uri http://example.org/note, response_in 8', '7: time 0.002000000, request_in 5', '8: time 0.002000000, request_in 6',
  ]);
});

it('knows of later packets only where it may read ahead', () => {
  expect(links(http2Line(latin1Bytes('x'), 'identity'), false)[0]).toBe('5: request.full_uri http://example.org/story');
});

const whole = (payload: FramePayload, flags: number, streamId: number): Uint8Array => encodeFrame({ ...payload, flags, reserved: false, streamId });
const SETTINGS = whole({ type: 'SETTINGS', settings: [] }, 0, 0);
const block = (encoder: HpackEncoder, fields: readonly (readonly [string, string])[]): Uint8Array => encoder.encode(fields.map(([name, value]) => ({ name, value })));
const GET = [[':method', 'GET'], [':scheme', 'https'], [':authority', 'a.test'], [':path', '/']] as const;

it('takes 1xx for no response, and a promise for a request', () => {
  const [up, down] = [new HpackEncoder(), new HpackEncoder()];
  const headers = (encoder: HpackEncoder, streamId: number, fields: readonly (readonly [string, string])[]): Uint8Array => whole({ type: 'HEADERS', padding: null, priority: null, fragment: block(encoder, fields) }, 5, streamId);
  const promise = block(down, [...GET.slice(0, 3), [':path', '/style.css']]);
  const line = new Line(80).say('up', concatBytes(PREFACE, SETTINGS)).say('down', SETTINGS).say('up', headers(up, 1, GET))
    .say('down', concatBytes(whole({ type: 'PUSH_PROMISE', padding: null, promised: 2, promisedReserved: false, fragment: promise.subarray(0, 3) }, 0, 1), whole({ type: 'CONTINUATION', fragment: promise.subarray(3) }, 4, 1)))
    .say('down', headers(down, 1, [[':status', '103']])).say('down', headers(down, 1, [[':status', '200']])).say('down', headers(down, 2, [[':status', '200']])).say('up', headers(up, 3, GET));
  expect(links(line)).toEqual([
    '5: request.full_uri https://a.test/, response_in 8', '6: request.full_uri https://a.test/style.css, response_in 9', '7: time 0.002000000, request_in 5',
    '8: time 0.003000000, request_in 5', '9: time 0.003000000, request_in 6', '10: request.full_uri https://a.test/',
  ]);
});

it('says nothing of a response whose request was not captured', () => {
  const down = new HpackEncoder();
  const line = new Line(80).say('up', concatBytes(PREFACE, SETTINGS)).say('down', concatBytes(SETTINGS, whole({ type: 'HEADERS', padding: null, priority: null, fragment: block(down, [[':status', '200']]) }, 5, 7)));
  const dissector = createDissector({ ...openFrames(line.frames), lookAhead: true });
  const last = must(dissector.dissect(3).layers.at(-1), 'layer');
  expect([last.protocol, findField(last.tree, 'http2.headers.status')?.value, findField(last.tree, 'http2.request_in')]).toEqual(['http2', 200, null]);
});

it('puts a body of several frames together where its last frame ends', () => {
  const down = new HpackEncoder();
  const data = (text: string, flags = 0, streamId = 1): Uint8Array => whole({ type: 'DATA', padding: null, data: latin1Bytes(text) }, flags, streamId);
  const line = new Line(80).say('up', concatBytes(PREFACE, SETTINGS)).say('down', concatBytes(SETTINGS, whole({ type: 'HEADERS', padding: null, priority: null, fragment: block(down, [[':status', '200']]) }, 4, 1)))
    .say('down', concatBytes(data('on'), data('ce '), data('other', 1, 3))).say('down', data('upon')).say('down', data('', 1)).say('down', data('again', 0, 5)).say('down', data('lost', 0, 7))
    .say('down', whole({ type: 'RST_STREAM', error: 8 }, 0, 7)).say('down', concatBytes(data('!', 1, 5), data('new', 1, 7)));
  const dissector = createDissector(openFrames(line.frames));
  const bodies = line.frames.map((_, number) => dissector.dissect(number).layers.flatMap(({ tree }) => [...walkFields(tree)].flatMap(({ node: { name, display } }) => (/^http2\.(body\.(?!fragments$)|data\.data)/.test(name) ? [`${name.slice(6)} ${display}`] : []))));
  expect(bodies.slice(4)).toEqual([
    ['data.data 6f 6e', 'data.data 63 65 20', 'data.data 6f 74 68 65 72'], ['data.data 75 70 6f 6e'],
    ['data.data 6f 6e 63 65 20 75 70 6f 6e', 'body.fragment #5: 2 B', 'body.fragment #5: 3 B', 'body.fragment #6: 4 B', 'body.fragment.count 3', 'body.reassembled.length 9 B', 'body.reassembled.data 9 B'],
    ['data.data 61 67 61 69 6e'], ['data.data 6c 6f 73 74'], [],
    ['data.data 61 67 61 69 6e 21', 'body.fragment #8: 5 B', 'body.fragment #11: 1 B', 'body.fragment.count 2', 'body.reassembled.length 6 B', 'body.reassembled.data 6 B', 'data.data 6e 65 77'],
  ]);
});
