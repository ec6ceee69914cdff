// The encapsulation lab on real sockets: one message and its answer over each of the three, a message that is too long for a datagram, and
// programs from outside.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import { dissect } from '../../../shared/codec/dissect';
import { reconstruct } from '../../../shared/trace/headers';
import { LabTest, local } from '../run.fixture';
import lab from './lab';

const run = promisify(execFile);
const SENDERS = ['sender-tcp', 'sender-udp', 'sender-unix'] as const;
const SAID = 'the receiver says: got 5 B';

/** The layers of the first segment that carries what this role sent, outermost first, each with its bytes. */
function layers(test: LabTest, role: string): string[] {
  const sent = must(test.facts('bytes.sent', role)[0] ?? test.facts('datagram.sent', role)[0], role);
  const { story } = test;
  const segment = must(test.segments().find((one) => one.sentSeq === sent.seq), 'segment');
  const frame = reconstruct(story, test.store, segment.id);
  return frame === null ? [] : dissect(frame.bytes).map((layer) => `${layer.protocol} ${layer.length}`);
}

describe('one message', () => {
  it('goes by all three and is answered', async () => {
    const test = await LabTest.play(lab);
    expect(SENDERS.map((role) => test.prints(role))).toEqual([[SAID], [SAID], [SAID]]);
    expect(test.stepsDone()).toEqual(['open', 'down-tcp', 'up-tcp', 'answer', 'down-udp', 'up-udp', 'unix']);
    expect(['headers', 'datagram', 'local'].map((id) => test.verdict(id))).toEqual(['all-three', 'whole', 'nothing']);
    expect(layers(test, 'sender-tcp')).toEqual(['eth 14', 'ip 20', 'tcp 20', 'data 5']);
    expect(layers(test, 'sender-udp')).toEqual(['eth 14', 'ip 20', 'udp 8', 'data 5']);
    expect(layers(test, 'sender-unix')).toEqual([]);
  });

  it.each([['tcp', ['open', 'down-tcp', 'up-tcp', 'answer']], ['udp', ['down-udp', 'up-udp']], ['unix', ['unix']]] as const)('goes by %s alone when asked', async (transport, steps) => {
    const test = await LabTest.play(lab, { transport });
    expect(test.stepsDone()).toEqual(steps);
    expect(test.prints(`sender-${transport}`)).toEqual([SAID]);
  });

  it('is two datagrams on the wire of UDP', async () => {
    const test = await LabTest.play(lab, { transport: 'udp' });
    // Where AF_UNIX has its path, and what MTU lo has, differs from machine to machine.
    const lines = test.ladder().split('\n').filter((line) => !/-unix|MTU|-tcp/.test(line));
    expect(lines.join('\n')).toMatchSnapshot();
  });

  it('tells the MTU of lo where the system does', async () => {
    const test = await LabTest.play(lab, { transport: 'udp' });
    const notes = test.facts('role.noted', 'sender-udp').map((fact) => fact.text);
    expect(notes).toEqual(process.platform === 'linux' ? [expect.stringMatching(/^\{"topic":"link.mtu","link":"lo","mtu":\d+\}$/)] : []);
  });

  it('by TCP and AF_UNIX may have any size, by UDP not', async () => {
    const test = await LabTest.play(lab, { size: 100_000, text: 'abc' });
    expect(SENDERS.map((role) => test.prints(role))).toEqual([['the receiver says: got 100000 B'], ['EMSGSIZE: longer than a datagram may be'], ['the receiver says: got 100000 B']]);
    expect(test.facts('datagram.sent', 'sender-udp').map((fact) => [fact.err, fact.size])).toEqual([['EMSGSIZE', 100_000]]);
    expect(test.verdict('datagram')).toBe('refused');
    expect(test.text(must(test.facts('bytes.sent', 'sender-tcp')[0], 'sent')).slice(0, 7)).toBe('abcabca');
  });

  it('is sent once more on demand', async () => {
    const test = await LabTest.serve(lab);
    for (const transport of ['tcp', 'udp', 'unix', 'tcp']) await test.act('send', { transport, text: 'again', size: 0 });
    expect(['sender-tcp', 'sender-udp', 'sender-unix', 'sender-tcp-2'].map((role) => test.prints(role))).toEqual([[SAID], [SAID], [SAID], [SAID]]);
  });
});

describe('programs from outside', () => {
  it('python3 gets its answers, asks for small segments, and is refused one byte too many', async () => {
    const test = await LabTest.serve(lab);
    const commands = lab.manifest.tryIt.filter(({ command }) => command.startsWith('python3'));
    const said = await Promise.all(commands.map(async ({ command, endpoint }) => {
      const { port } = must(lab.manifest.endpoints.find(({ role }) => role === endpoint), endpoint);
      const code = must(/^python3 -c "(.*)"$/.exec(command)?.[1], command).replaceAll('{address}', local('127.0.75.2')).replaceAll('{port}', String(port));
      const { stdout, stderr } = await run('python3', ['-c', code]).catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
      return `${stdout}${stderr}`;
    }));
    expect(said[0]).toMatch(/^b'got 3000 B'\n(500|488) bytes of data a segment/);
    expect(said[1]).toContain(`(b'got 65507 B', ('${local('127.0.75.2')}', 7061))`);
    expect(said[1]).toMatch(/Message too long/);
    // The trace hears of it some milliseconds after python3 did.
    await test.untilFacts('bytes.sent', 'receiver-tcp');
    expect(test.bytes('bytes.received', 'receiver-tcp')).toBe(3000);
  });
});
