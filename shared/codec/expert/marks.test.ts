// What packets are marked with: by their layers, and by what their connection tells of them.
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { openBytes, openFrames, Line } from '../../packets/dissection/captured.fixture';
import { frame } from '../../packets/index/frames.fixture';
import { codec as icmp } from '../icmp/codec';
import { codec as ipv4 } from '../ipv4/codec';
import { interfaceBlock, packetBlock, sectionBlock } from '../pcapng/write';
import { createDissector } from '../../packets/dissection/dissector';
import { PacketFields } from '../../packets/dissection/packetFields';
import { parseFilter } from '../../filter/parse';
import { matches } from '../../filter/evaluate';
import { fieldSourceOf } from '../../filter/fieldSource';

/** Severities and messages of each packet. */
function told(capture: ReturnType<typeof openFrames>): string[] {
  const dissector = createDissector(capture);
  return Array.from({ length: capture.table.count }, (_, number) => {
    const fields = new PacketFields(dissector.dissect(number));
    return ['_ws.malformed', '_ws.short', '_ws.expert.severity', '_ws.expert.group', '_ws.expert.message'].flatMap((name) => fields.texts(name)).join('|');
  });
}

/** Packets, from 0, that fit. */
function finds(text: string, capture: ReturnType<typeof openFrames>): number[] {
  const filter = parseFilter(text);
  if ('error' in filter) throw new Error(`${text}: ${filter.error.message}`);
  const dissector = createDissector(capture);
  return Array.from({ length: capture.table.count }, (_, number) => number).filter((number) => {
    const { layers, sources } = dissector.layers(number, true);
    return matches(filter.ok, fieldSourceOf(layers, sources.map(({ bytes }) => bytes)));
  });
}

/** Ten bytes of the answer are not there. */
const talk = (): ReturnType<typeof openFrames> => openFrames(new Line(80).say('up', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').lose('down', 10).say('down', 'x').frames);

describe('marks', () => {
  it('tell how a connection goes', () => {
    const lines = told(talk());
    expect(lines[0]).toBe('2097152|33554432|Connection establish request (SYN): server port 80');
    expect(lines[1]).toBe('2097152|33554432|Connection establish acknowledge (SYN+ACK): server port 80');
    expect(lines.find((line) => line.includes('GET'))).toContain('2097152|33554432|GET / HTTP/1.1');
    expect(lines.find((line) => line.includes('Previous'))).toBe('6291456|33554432|Previous segment(s) not captured (common at capture start)');
    expect(told(openFrames(new Line(80).close('up').frames)).at(-1)).toBe('2097152|4194304|33554432|33554432|Connection finish (FIN)|This frame initiates the connection closing');
  });

  it('are asked for by number and by name', () => {
    const capture = talk();
    const warned = finds('_ws.expert.severity == Warning', capture);
    expect(warned).toHaveLength(1);
    expect(finds('_ws.expert.severity == 0x600000', capture)).toEqual(warned);
    expect(finds('_ws.expert.severity >= Warning && _ws.expert.group == Sequence', capture)).toEqual(warned);
    expect(finds('_ws.expert.message contains "not captured"', capture)).toEqual(warned);
    expect(finds('_ws.expert', capture)).toContain(0);
    expect(finds('_ws.malformed || _ws.short', capture)).toEqual([]);
  });

  it('say that a header ends early, and whether the capture cut it', () => {
    const [whole = new Uint8Array(0)] = new Line(80).frames;
    // The file says that it is whole, and its IP that there is more.
    const ended = openFrames([whole.slice(0, 40)]);
    expect(told(ended)[0]).toMatch(/^\[Malformed Packet: .*\]\|8388608\|117440512\|Malformed Packet/);
    expect(finds('_ws.malformed', ended)).toEqual([0]);
    expect(finds('_ws.short', ended)).toEqual([]);
    const cut = openBytes(concatBytes(sectionBlock('test'), interfaceBlock(1, 'lo', ''), packetBlock(0, 1n, whole.slice(0, 40), whole.length)));
    expect(finds('_ws.short', cut)).toEqual([0]);
    expect(finds('_ws.malformed', cut)).toEqual([]);
    expect(told(cut)[0]).toMatch(/^\[Packet size limited during capture: .* truncated\]$/);
  });

  it('tell what is odd about a header by itself', () => {
    const [syn = new Uint8Array(0)] = new Line(80).frames;
    // Ethernet's source, time to live, destination address, acknowledgment number, urgent pointer.
    const odd = (...bytes: readonly (readonly [at: number, value: number])[]): string => {
      const frame = syn.slice();
      for (const [at, value] of bytes) frame[at] = value;
      return told(openFrames([frame]))[0] ?? '';
    };
    expect(told(openFrames([syn]))[0]).not.toMatch(/4194304|6291456/);
    expect(odd([6, 1])).toContain('Source MAC must not be a group address');
    expect(odd([22, 4])).toContain('"Time To Live" only 4');
    expect(odd([22, 5])).not.toContain('Time To Live');
    expect(odd([22, 1], [30, 224], [31, 0], [32, 0], [33, 251])).toContain('"Time To Live" != 255');
    expect(odd([22, 2], [30, 224], [31, 0], [32, 0], [33, 5])).toContain('"Time To Live" != 1 ');
    expect(odd([22, 2], [30, 224], [31, 0], [32, 0], [33, 252])).not.toContain('Time To Live');
    expect(odd([22, 2], [30, 239])).not.toContain('Time To Live');
    expect(odd([45, 7])).toContain('The acknowledgment number field is nonzero');
    expect(odd([53, 7])).toContain('The urgent pointer field is nonzero');
  });

  it('tell what is odd about headers that an error quotes, but not that they end early', () => {
    const [syn = new Uint8Array(0)] = new Line(80).frames;
    const probe = syn.slice(14, 14 + 28);
    probe[8] = 1;
    const error = ipv4.encode({ source: '10.0.0.9', destination: '10.0.0.1', protocol: 1 }, icmp.encode({ type: 11, code: 0 }, probe, {}), {});
    expect(told(openFrames([frame(0x0800, error)]))).toEqual(['4194304|33554432|"Time To Live" only 1']);
  });

  it('name the checksum that would be right', () => {
    const [frame = new Uint8Array(0)] = new Line(80).frames;
    const spoilt = frame.slice();
    spoilt[50] = (spoilt[50] ?? 0) ^ 1;
    expect(told(openFrames([spoilt]))[0]).toMatch(/8388608.*16777216.*Bad checksum \[should be 0x[0-9a-f]{4}\]/);
  });
});
