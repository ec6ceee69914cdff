// Frames of HTTP/2 both ways, as golden bytes and as values; a direction of a connection read frame by frame; and every error that the
// bytes of one direction can be.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { findField, walkFields } from '../field';
import { codec } from './codec';
import { fieldsOfFrame, frameTitle } from './fields';
import { encodeFrame, PREFACE, type FramePayload, type Http2Frame } from './frame';
import { HpackDecoder } from './hpack/decoder';
import { HpackEncoder } from './hpack/encoder';
import { HTTP2_LIMITS } from './limits';
import { Http2StreamReader, type ReadFrame } from './stream';

const frame = (payload: FramePayload, flags = 0, streamId = 1): Http2Frame => ({ ...payload, flags, reserved: false, streamId });
const bytesOf = (payload: FramePayload, flags = 0, streamId = 1): Uint8Array => encodeFrame(frame(payload, flags, streamId));
const SETTINGS = bytesOf({ type: 'SETTINGS', settings: [] }, 0, 0);
const text = (value: string): Uint8Array => Uint8Array.from(value, (sign) => sign.charCodeAt(0));

/** Frames as other implementations write them. */
const GOLDEN: readonly { readonly name: string; readonly bytes: string; readonly value: Http2Frame; readonly fields: Readonly<Record<string, unknown>> }[] = [
  {
    name: 'SETTINGS as curl sends them', bytes: '000012 04 00 00000000 0003 00000064 0004 02000000 0002 00000000',
    value: frame({ type: 'SETTINGS', settings: [{ id: 3, value: 100 }, { id: 4, value: 0x0200_0000 }, { id: 2, value: 0 }] }, 0, 0),
    fields: { 'http2.length': 18, 'http2.type': 4, 'http2.settings.max_concurrent_streams': 100, 'http2.settings.initial_window_size': 33_554_432, 'http2.settings.enable_push': 0, 'http2.flags.ack.settings': false },
  },
  { name: 'their acknowledgement', bytes: '000000 04 01 00000000', value: frame({ type: 'SETTINGS', settings: [] }, 1, 0), fields: { 'http2.flags.ack.settings': true } },
  { name: 'WINDOW_UPDATE of the connection', bytes: '000004 08 00 00000000 01ff0001', value: frame({ type: 'WINDOW_UPDATE', increment: 0x01ff_0001, incrementReserved: false }, 0, 0), fields: { 'http2.window_update.window_size_increment': 33_488_897 } },
  {
    name: 'HEADERS with a priority', bytes: '000009 01 25 00000001 8000000b ff 82868441',
    value: frame({ type: 'HEADERS', padding: null, priority: { exclusive: true, dependsOn: 11, weight: 256 }, fragment: fromHex('82868441') }, 0x25),
    fields: { 'http2.flags.end_stream': true, 'http2.flags.eh': true, 'http2.flags.priority': true, 'http2.exclusive': true, 'http2.stream_dependency': 11, 'http2.headers.weight': 255, 'http2.headers.weight_real': 256, 'http2.pad_length': 0, 'http2.flags.unused_headers': 0 },
  },
  {
    name: 'DATA with padding', bytes: '000009 00 09 00000003 03 68656c6c6f 000000',
    value: frame({ type: 'DATA', padding: new Uint8Array(3), data: text('hello') }, 9, 3),
    fields: { 'http2.flags.padded': true, 'http2.padding': 3, 'http2.pad_length': 3, 'http2.flags.unused_data': 0, 'http2.data.data': text('hello'), 'http2.data.padding': new Uint8Array(3), 'http2.streamid': 3 },
  },
  { name: 'PRIORITY', bytes: '000005 02 00 00000003 00000001 0f', value: frame({ type: 'PRIORITY', priority: { exclusive: false, dependsOn: 1, weight: 16 } }, 0, 3), fields: { 'http2.headers.weight': 15 } },
  { name: 'RST_STREAM', bytes: '000004 03 00 00000005 00000008', value: frame({ type: 'RST_STREAM', error: 8 }, 0, 5), fields: { 'http2.rst_stream.error': 8 } },
  {
    name: 'PUSH_PROMISE', bytes: '000006 05 04 00000001 00000002 8286', value: frame({ type: 'PUSH_PROMISE', padding: null, promised: 2, promisedReserved: false, fragment: fromHex('8286') }, 4),
    fields: { 'http2.push_promise.promised_stream_id': 2, 'http2.push_promise.header': fromHex('8286') },
  },
  { name: 'PING', bytes: '000008 06 00 00000000 0102030405060708', value: frame({ type: 'PING', data: fromHex('0102030405060708') }, 0, 0), fields: { 'http2.ping': fromHex('0102030405060708') } },
  {
    name: 'GOAWAY with a reason', bytes: '00000a 07 00 00000000 00000007 00000001 6f6b', value: frame({ type: 'GOAWAY', lastStream: 7, lastReserved: false, error: 1, debug: text('ok') }, 0, 0),
    fields: { 'http2.goaway.last_stream_id': 7, 'http2.goaway.error': 1, 'http2.goaway.addata': text('ok') },
  },
  { name: 'CONTINUATION', bytes: '000001 09 04 00000001 82', value: frame({ type: 'CONTINUATION', fragment: fromHex('82') }, 4), fields: { 'http2.continuation.header': fromHex('82'), 'http2.flags.eh': true } },
  { name: 'an unknown frame', bytes: '000002 0a ff 80000009 0102', value: { ...frame({ type: 'OTHER', number: 10, bytes: fromHex('0102') }, 0xff, 9), reserved: true }, fields: { 'http2.type': 10, 'http2.r': 1, 'http2.unknown': fromHex('0102') } },
];

describe.each(GOLDEN)('$name', ({ bytes, value, fields }) => {
  const golden = fromHex(bytes);
  it('is decoded, encoded and shown', () => {
    expect(codec.decode(golden, {})).toMatchObject({ status: 'complete', value, length: golden.length, next: ['app:http2'] });
    expect(toHex(codec.encode(value, new Uint8Array(0), {}))).toBe(toHex(golden));
    const tree = codec.fields(golden, {}, 40);
    for (const [name, expected] of Object.entries(fields)) expect(findField(tree, name)?.value, name).toEqual(expected);
    expect(tree).toMatchObject({ start: 40, length: golden.length });
  });

  it('answers every prefix with how much it needs', () => {
    for (let length = 0; length < golden.length; length++) {
      expect(codec.decode(golden.subarray(0, length), {})).toEqual({ status: 'incomplete', need: length < 9 ? 9 : golden.length });
      for (const { node } of walkFields(codec.fields(golden.subarray(0, length), {}, 0))) expect(node.start + node.length).toBeLessThanOrEqual(length);
    }
  });
});

it('the preface is a message of its own', () => {
  expect(codec.decode(concatBytes(PREFACE, SETTINGS), {})).toMatchObject({ status: 'complete', value: { type: 'PREFACE' }, length: 24, payload: { start: 24, end: 33 } });
  expect(findField(codec.fields(PREFACE, {}, 0), 'http2.magic')?.value).toBe('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  for (let length = 0; length < PREFACE.length; length++) expect(codec.decode(PREFACE.subarray(0, length), {})).toEqual({ status: 'incomplete', need: length > 3 ? 24 : 9 });
});

describe('a direction of a connection', () => {
  const encoder = new HpackEncoder('shorter');
  const request = encoder.encode([{ name: ':method', value: 'GET' }, { name: ':path', value: '/api/user' }, { name: ':scheme', value: 'http' }, { name: ':authority', value: 'www.example.test' }, { name: 'accept', value: '*/*' }]);
  const again = encoder.encode([{ name: ':method', value: 'GET' }, { name: ':path', value: '/api/user' }, { name: 'authorization', value: 'secret', sensitive: true }]);
  const stream = concatBytes(
    PREFACE, SETTINGS,
    bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: request }, 0x05, 1),
    bytesOf({ type: 'HEADERS', padding: new Uint8Array(2), priority: null, fragment: again.subarray(0, 3) }, 0x01, 3),
    bytesOf({ type: 'CONTINUATION', fragment: again.subarray(3, 5) }, 0, 3),
    bytesOf({ type: 'CONTINUATION', fragment: again.subarray(5) }, 0x04, 3),
    bytesOf({ type: 'DATA', padding: null, data: text('x') }, 0, 1),
  );
  const titles = (frames: readonly ReadFrame[]): string[] => frames.map((it) => `${it.start}-${it.end} ${it.frame === null ? it.kind : frameTitle(it.frame)}`);

  it('is read as frames with their places, header blocks decoded where they are whole', () => {
    const reader = new Http2StreamReader('client');
    const frames = reader.push(stream);
    expect(titles(frames)).toMatchInlineSnapshot(`
      [
        "0-24 preface",
        "24-33 SETTINGS[0]",
        "33-72 HEADERS[1]",
        "72-87 HEADERS[3]",
        "87-98 CONTINUATION[3]",
        "98-111 CONTINUATION[3]",
        "111-121 DATA[1]",
      ]
    `);
    expect(frames.map(({ headers }) => headers?.fields.map(({ name, value }) => `${name}: ${value}`) ?? null)).toEqual([
      null, null, [':method: GET', ':path: /api/user', ':scheme: http', ':authority: www.example.test', 'accept: */*'], null, null, [':method: GET', ':path: /api/user', 'authorization: secret'], null,
    ]);
    expect(frames.map(({ fragmentAt }) => fragmentAt)).toEqual([0, 0, 0, 0, 3, 5, 0]);
    expect(reader.failure).toBeNull();
    expect(reader.partial).toBeNull();
  });

  it('is the same however its bytes are cut', () => {
    const whole = new Http2StreamReader('client').push(stream);
    for (const size of [1, 2, 7, 40]) {
      const reader = new Http2StreamReader('client');
      const frames: ReadFrame[] = [];
      for (let at = 0; at < stream.length; at += size) frames.push(...reader.push(stream.slice(at, at + size)));
      expect(frames).toEqual(whole);
    }
  });

  it('says what has begun and is not whole', () => {
    const reader = new Http2StreamReader('client', 1000);
    expect(reader.push(stream.subarray(0, 40))).toHaveLength(2);
    expect(reader.partial).toEqual({ start: 1033, have: 7, need: 9 });
    reader.push(stream.subarray(40, 50));
    reader.push(stream.subarray(50, 55));
    expect(reader.partial).toEqual({ start: 1033, have: 22, need: 39 });
    expect(titles(reader.push(stream.subarray(55, 72)))).toEqual(['1033-1072 HEADERS[1]']);
  });

  it('shows each field of a block over its bytes, also in the frames that continue it', () => {
    const frames = new Http2StreamReader('client').push(stream);
    const [first, last] = [frames[2], frames[5]];
    if (first === undefined || last === undefined || first.headers === null || last.headers === null) throw new Error('no headers');
    const tree = fieldsOfFrame(first.bytes, { block: first.headers, fragmentAt: 0 }, 33);
    const path = findField(tree, 'http2.headers.path');
    expect(path).toMatchObject({ value: '/api/user' });
    // One byte that says which name and how, then the value with its length.
    expect([...walkFields(tree)].filter(({ node }) => node.name === 'http2.header').map(({ node }) => [node.display, node.start, node.length])).toEqual([
      [':method: GET', 42, 1], [':path: /api/user', 43, 9], [':scheme: http', 52, 1], [':authority: www.example.test', 53, 14], ['accept: */*', 67, 5],
    ]);
    expect(findField(tree, 'http2.header.repr')?.display).toBe('Indexed Header Field');
    const continued = fieldsOfFrame(last.bytes, { block: last.headers, fragmentAt: last.fragmentAt }, 98);
    expect([...walkFields(continued)].filter(({ node }) => node.name === 'http2.header').map(({ node }) => [node.display, node.start, node.length, node.generated ?? false])).toEqual([
      [':method: GET', 107, 0, true], [':path: /api/user', 107, 0, true], ['authorization: secret', 107, 4, false],
    ]);
  });

  it('of the server begins without a preface', () => {
    expect(titles(new Http2StreamReader('server').push(SETTINGS))).toEqual(['0-9 SETTINGS[0]']);
  });
});

describe('what breaks a connection', () => {
  const head = (hex: string): Uint8Array => fromHex(hex);
  const padTooLong = fromHex('000002 00 08 00000001 02 00');
  it.each([
    ['another preface', 'client', [text('GET / HTTP/1.1\r\n\r\n')], 'PROTOCOL_ERROR', 0],
    ['a first frame that is not SETTINGS', 'server', [bytesOf({ type: 'PING', data: new Uint8Array(8) }, 0, 0)], 'PROTOCOL_ERROR', 3],
    ['a frame larger than allowed', 'server', [SETTINGS, head('004001 00 00 00000001')], 'FRAME_SIZE_ERROR', 9],
    ['SETTINGS of a stream', 'server', [bytesOf({ type: 'SETTINGS', settings: [] }, 0, 1)], 'PROTOCOL_ERROR', 5],
    ['SETTINGS of five bytes', 'server', [head('000005 04 00 00000000 0003000000')], 'FRAME_SIZE_ERROR', 0],
    ['an acknowledgement that sets', 'server', [SETTINGS, bytesOf({ type: 'SETTINGS', settings: [{ id: 1, value: 1 }] }, 1, 0)], 'FRAME_SIZE_ERROR', 9],
    ['ENABLE_PUSH 2', 'server', [bytesOf({ type: 'SETTINGS', settings: [{ id: 2, value: 2 }] }, 0, 0)], 'PROTOCOL_ERROR', 9],
    ['a window of 2^31', 'server', [bytesOf({ type: 'SETTINGS', settings: [{ id: 4, value: 0x8000_0000 }] }, 0, 0)], 'FLOW_CONTROL_ERROR', 9],
    ['MAX_FRAME_SIZE 1', 'server', [bytesOf({ type: 'SETTINGS', settings: [{ id: 5, value: 1 }] }, 0, 0)], 'PROTOCOL_ERROR', 9],
    ['DATA of the connection', 'server', [SETTINGS, bytesOf({ type: 'DATA', padding: null, data: text('x') }, 0, 0)], 'PROTOCOL_ERROR', 14],
    ['PING of a stream', 'server', [SETTINGS, bytesOf({ type: 'PING', data: new Uint8Array(8) })], 'PROTOCOL_ERROR', 14],
    ['PING of seven bytes', 'server', [SETTINGS, head('000007 06 00 00000000 00000000000000')], 'FRAME_SIZE_ERROR', 9],
    ['more padding than payload', 'server', [SETTINGS, padTooLong], 'PROTOCOL_ERROR', 18],
    ['a window increased by 0', 'server', [SETTINGS, bytesOf({ type: 'WINDOW_UPDATE', increment: 0, incrementReserved: false }, 0, 0)], 'PROTOCOL_ERROR', 18],
    ['a push of a client', 'client', [PREFACE, SETTINGS, bytesOf({ type: 'PUSH_PROMISE', padding: null, promised: 2, promisedReserved: false, fragment: fromHex('82') }, 4)], 'PROTOCOL_ERROR', 38],
    ['CONTINUATION of nothing', 'server', [SETTINGS, bytesOf({ type: 'CONTINUATION', fragment: fromHex('82') }, 4)], 'PROTOCOL_ERROR', 12],
    ['another frame within a header block', 'server', [SETTINGS, bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: fromHex('82') }), bytesOf({ type: 'DATA', padding: null, data: text('x') })], 'PROTOCOL_ERROR', 22],
    ['a header block of another stream', 'server', [SETTINGS, bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: fromHex('82') }), bytesOf({ type: 'CONTINUATION', fragment: fromHex('82') }, 4, 3)], 'PROTOCOL_ERROR', 22],
    ['a field of no table', 'server', [SETTINGS, bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: fromHex('8280') }, 4)], 'COMPRESSION_ERROR', 19],
  ] as const)('%s', (_name, side, pieces, error, at) => {
    const reader = new Http2StreamReader(side);
    reader.push(concatBytes(...pieces));
    expect(reader.failure).toMatchObject({ error, at });
    expect(reader.push(SETTINGS)).toEqual([]);
    expect(reader.partial).toBeNull();
  });

  it('is not what breaks a stream only', () => {
    const reader = new Http2StreamReader('server');
    const frames = reader.push(concatBytes(SETTINGS, fromHex('000004 02 00 00000003 00000001'), bytesOf({ type: 'WINDOW_UPDATE', increment: 0, incrementReserved: false }), SETTINGS));
    expect(frames.map(({ fault }) => fault?.error ?? null)).toEqual([null, 'FRAME_SIZE_ERROR', 'PROTOCOL_ERROR', null]);
    expect(reader.failure).toBeNull();
  });

  it('is a header block without end', () => {
    const reader = new Http2StreamReader('server');
    reader.push(concatBytes(SETTINGS, bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: fromHex('82') })));
    const empty = bytesOf({ type: 'CONTINUATION', fragment: new Uint8Array(0) });
    for (let i = 0; i < HTTP2_LIMITS.blockFrames && reader.failure === null; i++) reader.push(empty);
    expect(reader.failure).toMatchObject({ error: 'ENHANCE_YOUR_CALM' });
  });

  it('is not a larger frame or table that the other end allowed', () => {
    const reader = new Http2StreamReader('server');
    reader.allow([{ id: 5, value: 20_000 }, { id: 1, value: 8192 }]);
    const frames = reader.push(concatBytes(SETTINGS, bytesOf({ type: 'DATA', padding: null, data: new Uint8Array(20_000) }), bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment: fromHex('3fe13f82') }, 4)));
    expect(frames[1]?.bytes).toHaveLength(20_009);
    expect(frames[2]?.headers).toMatchObject({ tableMaximum: 8192, fault: null });
  });
});

it('a frame full of settings makes a small tree, and so do all frames of a segment', () => {
  const settings = bytesOf({ type: 'SETTINGS', settings: Array.from({ length: 2700 }, (_, id) => ({ id, value: id })) }, 0, 0);
  expect([...walkFields(codec.fields(settings, {}, 0))].length).toBeLessThan(HTTP2_LIMITS.treeItems / 3);
  let context = {};
  let items = 0;
  for (let i = 0; i < 31; i++) {
    items += [...walkFields(codec.fields(settings, context, 0))].length;
    const decoded = codec.decode(settings, context);
    if (decoded.status === 'complete') context = decoded.inside;
  }
  expect(items).toBeLessThan(HTTP2_LIMITS.treeItems + 31 * 30);
});

describe('frames that other documents add', () => {
  const said = (hex: string): unknown[] => [...walkFields(fieldsOfFrame(fromHex(hex)))].filter(({ depth, node }) => depth > 0 && !/^http2\.(length|type|flags|r|streamid|stream)$/.test(node.name)).map(({ node: { name, value } }) => [name.slice(6), value]);

  it('are told with their parts', () => {
    expect(said('00000f 0a ff 00000000 0006 612e74657374 68323d223a3822')).toEqual([['flags.unused', 0xff], ['altsvc.origin.len', 6], ['altsvc.origin', 'a.test'], ['altsvc.field_value', 'h2=":8"']]);
    expect(said('00000a 0c 00 00000000 0003 622e74 0003 632e74')).toEqual([['flags.unused', 0], ['origin', null], ['origin.origin_len', 3], ['origin.origin', 'b.t'], ['origin', null], ['origin.origin_len', 3], ['origin.origin', 'c.t']]);
    expect(said('000007 10 00 00000000 80000005 753d31')).toEqual([['flags.unused', 0], ['priority_update_stream_id', 5], ['priority_update_field_value', 'u=1']]);
  });

  it('stay bytes where a part is longer than the frame', () => {
    for (const [type, payload] of [['0a', '0007 612e74'], ['0a', '00'], ['0c', '0001 61 0005 62'], ['10', '000000']] as const) {
      const bytes = fromHex(payload);
      expect(said(`0000${toHex(Uint8Array.of(bytes.length))} ${type} 00 00000000 ${payload}`).slice(1), payload).toEqual([['unknown', bytes]]);
    }
  });
});

it('flags that a type does not define are told', () => {
  const unused = (type: string, flags: string, size = 0): unknown => [...walkFields(fieldsOfFrame(fromHex(`0000${toHex(Uint8Array.of(size))} ${type} ${flags} 00000001 ${'00'.repeat(size)}`)))].filter(({ node }) => node.name.includes('unused')).map(({ node: { name, value } }) => [name.slice(12), value]);
  expect([unused('00', 'f9', 1), unused('01', 'd7'), unused('04', 'ff'), unused('05', 'f4', 4), unused('06', 'fe', 8), unused('09', 'f7'), unused('08', 'ff', 4)]).toEqual([
    [['unused_data', 0x78]], [['unused_headers', 0x69]], [['unused_settings', 0x7f]], [['unused_push_promise', 0xf0]], [['unused_ping', 0x7f]], [['unused_continuation', 0xf3]], [['unused', 0xff]],
  ]);
});

it('headers are told without percent signs too, and are as long as Wireshark counts them', () => {
  const fragment = new HpackEncoder().encode([[':path', '/a%20%C3%A9'], ['x', '50%'], ['y', '%00'], ['z', 'plain']].map(([name = '', value = '']) => ({ name, value })));
  const block = new HpackDecoder().decode(fragment);
  const tree = fieldsOfFrame(bytesOf({ type: 'HEADERS', padding: null, priority: null, fragment }, 4), { block, fragmentAt: 0 });
  expect([...walkFields(tree)].filter(({ node }) => node.name === 'http2.header.unescaped').map(({ node }) => node.value)).toEqual(['/a é', 'plain']);
  expect(findField(tree, 'http2.header.length')?.value).toBe(5 + 11 + 1 + 3 + 1 + 3 + 1 + 5 + 4 * 8);
});
