// What no header says but other packets do (frames, relative numbers, analysis of TCP, messages put together, who answers whom) has a name and a
// sentence in every language: all nodes of a conversation that was dissected, and every word of the analysis.

import { expect, it } from 'vitest';
import { walkFields } from '../../shared/codec/field';
import { TCP_ANALYSIS } from '../../shared/packets/analysis/tcpAnalysis';
import { Line, openFrames } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { catalog as en } from './catalog.en';
import { catalog as ko } from './catalog.ko';
import { catalog as ru } from './catalog.ru';

const talk = new Line(80).say('up', 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').pieces('down', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 30);

it.each([['en', en], ['ko', ko], ['ru', ru]] as const)('%s', (_locale, { fields }) => {
  const capture = openFrames(talk.frames);
  const dissector = createDissector({ ...capture, lookAhead: true });
  const names = new Set(Object.keys(TCP_ANALYSIS));
  for (let number = 0; number < capture.table.count; number++) {
    for (const { tree, protocol } of dissector.dissect(number).layers) for (const { node } of walkFields(tree)) if (node.name !== protocol) names.add(node.name);
  }
  expect([...names]).toEqual(expect.arrayContaining(['frame.number', 'tcp.stream', 'tcp.reassembled_in', 'http.response_in', 'tcp.analysis.ack_rtt']));
  const said = fields as unknown as Readonly<Record<string, unknown>> & { readonly name: Readonly<Record<string, string>> };
  const keys = [...names].map((name) => name.replaceAll('.', '_'));
  expect(keys.filter((key) => said.name[key] === undefined)).toEqual([]);
  expect(keys.filter((key) => said[key] === undefined)).toEqual([]);
});
