// HTTP/1 on a stream: which response answers which request, where the capture has not all of them.

import { expect, it } from 'vitest';
import { Line, openFrames } from '../captured.fixture';
import { createDissector } from '../dissector';
import { PacketFields } from '../packetFields';

const NAMES = ['request_number', 'response_number', 'request_in', 'response_in'];
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n';
const ask = (method: string): string => `${method} / HTTP/1.1\r\nHost: a.test\r\n\r\n`;

/** Of each packet with a message what it has from others. */
function told({ frames }: Line): string[] {
  const dissector = createDissector({ ...openFrames(frames), lookAhead: true });
  return frames.flatMap((_, number) => {
    const fields = new PacketFields(dissector.dissect(number));
    const found = NAMES.flatMap((name) => fields.texts(`http.${name}`).map((text) => `${name} ${text}`));
    return fields.texts('http.chat').length === 0 ? [] : [`${number + 1}: ${found.join(', ')}`];
  });
}

it('a capture that begins behind a request still knows who answers the next ones', () => {
  const line = new Line(80).say('down', `${OK}last`).say('up', ask('HEAD')).say('down', OK).say('up', ask('GET')).say('down', `${OK}kept`);
  expect(told(line)).toEqual(['3: response_number 1', '4: request_number 2, response_in 5', '5: response_number 2, request_in 4', '6: request_number 3, response_in 7', '7: response_number 3, request_in 6']);
});

it('a request that was answered before it was whole keeps its answer from the next', () => {
  const upload = 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\n';
  const line = new Line(80).say('up', upload).say('down', 'HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n').say('up', 'too large').say('up', ask('GET')).say('down', `${OK}kept`);
  expect(told(line)).toEqual(['4: response_number 1', '5: request_number 1', '6: request_number 2, response_in 7', '7: response_number 2, request_in 6']);
});

it('what is answered is named by its target where no host is', () => {
  const { frames } = new Line(80).say('up', 'GET /a HTTP/1.0\r\n\r\n').say('down', OK.replace('4', '0'));
  const dissector = createDissector({ ...openFrames(frames), lookAhead: true });
  expect(new PacketFields(dissector.dissect(3)).texts('http.request.full_uri')).toEqual([]);
  expect(frames.flatMap((_, number) => new PacketFields(dissector.dissect(number)).texts('http.response_for.uri'))).toEqual(['/a']);
});

it('a head that no program should take is read on, and printed as tshark does', () => {
  const { frames } = new Line(80).say('up', ask('GET')).say('down', 'HTTP/2.0 200 OK\r\nServer : none\r\nServer: a\\b\xe9\x01\r\nContent-Length: 3\r\n\r\na\tb').say('up', ask('GET')).say('down', `${OK}z\0ab`);
  const dissector = createDissector({ ...openFrames(frames), lookAhead: true });
  const texts = (name: string): string[] => frames.flatMap((_, number) => new PacketFields(dissector.dissect(number)).texts(`http.${name}`));
  expect([texts('server'), texts('bad_header_name'), texts('file_data'), texts('response_number')]).toEqual([['a\\b\ufffd\x01'], ['1'], ['a\\tb', 'z'], ['1', '2']]);
  expect(texts('response.line')).toEqual(['Server : none\\r\\n', 'Server: a\\b\ufffd\x01\\r\\n', 'Content-Length: 3\\r\\n', 'Content-Length: 4\\r\\n']);
});
