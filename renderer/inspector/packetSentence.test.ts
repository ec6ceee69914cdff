// The sentence above a packet's layers: what the packets of a conversation do, one after the other, with words in every language.

import { expect, it } from 'vitest';
import { latin1Bytes } from '../../shared/codec/http/chars';
import { TCP_FLAGS } from '../../shared/codec/tcp/codec';
import { Line, openFrames } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { catalog as en } from '../i18n/first.en';
import { packetSentence } from './packetSentence';

const talk = new Line(80).say('up', 'GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n').say('down', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n').say('up', latin1Bytes(''), TCP_FLAGS.ACK).say('up', '', TCP_FLAGS.FIN | TCP_FLAGS.ACK).say('down', '', TCP_FLAGS.RST | TCP_FLAGS.ACK);
const dissector = createDissector({ ...openFrames(talk.frames), lookAhead: true });
const said = talk.frames.map((_frame, number) => packetSentence(dissector.dissect(number)));

it('says what each packet of a conversation does', () => {
  expect(said.map((one) => one?.key)).toEqual(['connect', 'agree', 'httpAsk', 'httpAnswer', 'arrived', 'end', 'reset']);
  expect(said[0]?.values).toMatchObject({ port: '80' });
  expect(said[2]?.values).toMatchObject({ method: 'GET', uri: '/a' });
  expect(said[3]?.values).toMatchObject({ code: '404', phrase: 'Not Found' });
});

it('speaks of bytes where nobody knows more, and says nothing of what it does not know', () => {
  const plain = new Line(7007).say('up', 'hello');
  const reader = createDissector(openFrames(plain.frames));
  expect(packetSentence(reader.dissect(2))).toMatchObject({ key: 'bytes', bytes: 5 });
  const strange = openFrames([new Uint8Array(20)]);
  expect(packetSentence(createDissector(strange).dissect(0))).toBeNull();
});

it('has words for each', () => {
  const { sentence } = en['capture'] as unknown as { readonly sentence: Readonly<Record<string, string>> };
  for (const one of said) expect(sentence[one?.key ?? ''], one?.key).toBeDefined();
});
