import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../tests/interop/captureFile.fixture';
import { concatBytes, readUint } from '../../base/bytes';
import { dissect } from '../../codec/dissect';
import { scenario } from '../fixture';
import { echoClosesEarly } from '../fixtureScenes';
import { hasKeys, packetsOf, pcapngBlocks } from './pcapng';

const SERVER = { address: '127.0.20.1', port: 7007 };
const OPTIONS = { application: 'test', keys: false };

describe('a run as a pcapng', () => {
  it('has one frame for each segment, in the order of the picture', () => {
    const { story, trace } = echoClosesEarly().told();
    const frames = readFrames(concatBytes(...pcapngBlocks(story, trace, OPTIONS)));
    expect(frames).toHaveLength(story.segments.count);
    expect(packetsOf(story, trace).packets).toBe(frames.length);
    const layers = frames.map(({ bytes }) => dissect(bytes).map(({ protocol }) => protocol).join());
    expect(new Set(layers)).toEqual(new Set(['eth,ip,tcp', 'eth,ip,tcp,data']));
  });

  it('cuts what one send() carried into as many packets as it takes', () => {
    const scene = scenario();
    const listener = scene.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = scene.role('client', '127.0.20.2', 'client').connect(SERVER);
    listener.accept();
    const sent = new Uint8Array(65_536).map((_, index) => index % 251);
    client?.send(sent);
    const { story, trace } = scene.end().told();
    const data = readFrames(concatBytes(...pcapngBlocks(story, trace, OPTIONS))).map(({ bytes }) => bytes).filter((bytes) => bytes.length > 54);
    expect(data.map(({ length }) => length - 54)).toEqual([65_495, 41]);
    expect(packetsOf(story, trace)).toEqual({ packets: readFrames(concatBytes(...pcapngBlocks(story, trace, OPTIONS))).length, bytes: 65_536 });
    expect(data.map((bytes) => readUint(bytes, 38, 4))).toEqual([1, 1 + 65_495]);
    expect(concatBytes(...data.map((bytes) => bytes.subarray(54)))).toEqual(sent);
  });

  it('has the keys of TLS only when they are asked for', () => {
    const scene = scenario();
    const listener = scene.role('server', SERVER.address, 'server').listen(SERVER.port);
    const client = scene.role('client', '127.0.20.2', 'client').connect(SERVER);
    listener.accept();
    client?.keyLogged('CLIENT_TRAFFIC_SECRET_0 00ff 11ee');
    const { story, trace } = scene.end().told();
    const text = (keys: boolean): string => new TextDecoder('latin1').decode(concatBytes(...pcapngBlocks(story, trace, { ...OPTIONS, keys })));
    expect(hasKeys(trace)).toBe(true);
    expect(text(true)).toContain('CLIENT_TRAFFIC_SECRET_0 00ff 11ee\n');
    expect(text(false)).not.toContain('TRAFFIC_SECRET');
  });
});
