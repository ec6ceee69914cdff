// The columns of the list as `looplab decode --fields` prints them, beside tshark's: all but Info, which is a line of our own.

import { expect, it } from 'vitest';
import { troubledTraffic } from '../../shared/packets/analysis/traffic.fixture';
import { openBytes, Line } from '../../shared/packets/dissection/captured.fixture';
import { createDissector } from '../../shared/packets/dissection/dissector';
import { columnNamed } from '../../electron/cli/columnFields';
import { writeFrames } from './captureFile.fixture';
import { hasTshark, tsharkFields } from './tshark.fixture';

const COLUMNS = ['_ws.col.No.', '_ws.col.Source', '_ws.col.Destination', '_ws.col.Protocol', '_ws.col.Length'];

it.runIf(hasTshark)('columns say what tshark says', { timeout: 240_000 }, async () => {
  const lines = [
    new Line(80, { up: 1, down: 2 }).say('up', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').say('down', 'HTTP/1.1 204 No Content\r\n\r\n').close('up'),
    new Line(25).say('down', '220 a.test ESMTP\r\n').say('up', 'EHLO b.test\r\n').say('down', '250 a.test\r\n'), new Line(110).say('down', '+OK\r\n').say('up', 'USER a\r\n'), new Line(143).say('down', '* OK ready\r\n'),
    new Line(21).say('down', '220 a\r\n').say('up', 'USER a\r\n'), new Line(4000).say('up', 'echo').say('down', 'echo'),
  ];
  const frames = [...lines.flatMap((line) => line.frames), ...troubledTraffic(9, 2).map(({ bytes }) => bytes)].map((bytes) => ({ bytes, linkType: 1, wire: bytes.length }));
  const theirs = await tsharkFields(frames, COLUMNS);
  const capture = openBytes(writeFrames(frames));
  const dissector = createDissector(capture);
  const ours = frames.map(({ wire }, number) => {
    const packet = dissector.dissect(number);
    return COLUMNS.map((name) => columnNamed(name)?.(packet, { time: '', length: wire, named: (address) => address }));
  });
  expect(ours).toEqual(theirs);
});
