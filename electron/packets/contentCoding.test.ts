import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { fromHex } from '../../shared/base/bytes';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { Line, openFrames } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { PacketFields } from '../../shared/packets/dissection/packetFields';
import { CODINGS } from './contentCoding';

/** 'Hello Hello Hello'. */
const HELLO = fromHex('0b088048656c6c6f2048656c6c6f2048656c6c6f03');
const undo = must(CODINGS.get('br'), 'Brotli');

it('undoes Brotli as far as a bound, and says what is damaged', () => {
  expect(undo(HELLO, 100)).toEqual({ bytes: Buffer.from('Hello Hello Hello'), outcome: 'decoded' });
  expect(undo(HELLO, 5)).toEqual({ bytes: Buffer.from('Hello'), outcome: 'large' });
  expect(undo(fromHex('ffffffff'), 100)).toMatchObject({ bytes: { length: 0 }, outcome: 'damaged' });
  expect(undo(brotliCompressSync(new Uint8Array(17 * 1024 * 1024)), 100)).toMatchObject({ bytes: { length: 0 }, outcome: 'large' });
});

it('is brought to the dissection of bodies', () => {
  const body = String.fromCharCode(...HELLO);
  const { frames } = new Line(80).say('up', 'GET / HTTP/1.1\r\n\r\n').say('down', latin1Bytes(`HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
  const told = (more: Partial<Parameters<typeof createDissector>[0]>): string[][] => {
    const fields = new PacketFields(createDissector({ ...openFrames(frames), ...more }).dissect(3));
    return [fields.texts('http.file_data'), fields.texts('http.decompression_failed')];
  };
  expect([told({ codings: CODINGS }), told({})]).toEqual([[['Hello Hello Hello'], []], [[], ['1']]]);
});
