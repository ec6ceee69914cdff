// Foreign programs take part: nc and the course's Python programs against our servers, and our clients against the course's
// servers. Checks the bytes at both ends, and that the trace shows a peer that is not ours.
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import template from '../../electron/labs/_template/lab';
import { labWith } from './clientLab';
import byteStream from '../../electron/labs/byte-stream/lab';
import daytime from '../../electron/labs/daytime/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import tcpEcho from '../../electron/labs/tcp-echo/lab';
import udpUppercase from '../../electron/labs/udp-uppercase/lab';
import { closesEarly } from '../../electron/roles/tcp/echoClients/closesEarly';
import { halfCloses } from '../../electron/roles/tcp/echoClients/halfCloses';
import { lineByLine } from '../../electron/roles/tcp/echoClients/lineByLine';
import { multiplexed } from '../../electron/roles/tcp/echoClients/multiplexed';
import { twoThreads } from '../../electron/roles/tcp/echoClients/twoThreads';
import { daytimeClient } from '../../electron/roles/tcp/daytimeClient';
import { messages } from '../../electron/roles/tcp/message';
import { encode } from '../../electron/roles/text';
import { uppercaseClient } from '../../electron/roles/udp/uppercaseClient';
import { course, courseServer, start } from './support';

const SERVER = local('127.0.20.1');
/** Address of the course's servers: nobody else's in these tests. */
const THEIRS = local('127.0.66.1');

/** Where nc calls from. */
const NC = local('127.0.55.1');

/** The hosts that the trace knows but we did not make. */
const foreigners = (run: LabTest): string[] => run.story.hosts.filter((host) => host.foreign).map((host) => host.address);

describe('their clients, our servers', () => {
  it('nc is echoed, half-closes, and reads to the end of the stream', async () => {
    const run = await LabTest.serve(tcpEcho, { delay: 0 });
    const nc = start('nc', '-N', '-s', NC, SERVER, '7007');
    nc.type('hello from outside\n');
    await nc.printed(/outside\n/);
    nc.endInput();
    expect(await nc.ended).toEqual({ output: 'hello from outside\n', status: 0 });
    await run.untilFacts('socket.closed', 'server');
    expect(run.facts('bytes.received', 'server').map((fact) => run.text(fact)).join('')).toBe('hello from outside\n');
    expect(run.facts('connection.accepted', 'server')[0]?.remote?.address).toBe(NC);
    expect(run.facts('stream.ended', 'server')).toHaveLength(1);
    expect(foreigners(run)).toEqual([NC]);
  });

  it.each([
    ['client_shutdown.py', 'sent 96 received 96'],
    ['client_makefile.py', 'sent 96 received 96'],
    ['client_thread.py', 'sent 96 received 96'],
    ['client_select.py', 'sent 96 received 96'],
  ])('the course\'s %s gets everything back', async (file, report) => {
    const run = await LabTest.serve(tcpEcho, { delay: 1 });
    const client = await course(file, SERVER, 7007, 3).ended;
    expect(client).toEqual({ output: `${report}\n`, status: 0 });
    await run.until(() => run.prints('server').length > 0);
    expect(run.bytes('bytes.received', 'server')).toBe(96);
    expect(run.bytes('bytes.sent', 'server')).toBe(96);
    expect(run.errors('server')).toEqual([]);
    expect(foreigners(run)).toHaveLength(1);
  });

  it('the course\'s client_wrong.py loses bytes, and our server meets what it left behind', async () => {
    // Between its last send() and recv() the echo of all would come to a client that is late, were it quick.
    const run = await LabTest.serve(tcpEcho, { delay: 400 });
    const { output } = await course('client_wrong.py', SERVER, 7007, 3).ended;
    const [, received] = /^sent 96 received (\d+)\n$/.exec(output) ?? [];
    expect(Number(received)).toBeLessThan(96);
    await run.until(() => run.prints('server').length > 0);
    expect(['EPIPE', 'ECONNRESET']).toContain(run.errors('server')[0]);
  });

  it('the course\'s clients and nc read our time', async () => {
    const run = await LabTest.serve(daytime);
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\n+$/;
    expect((await course('daytime_client.py', SERVER, 7013).ended).output).toMatch(time);
    expect((await start('nc', '-d', SERVER, '7013').ended).output).toMatch(time);
    await run.untilFacts('connection.accepted', 'server', 2);
  });

  it('the course\'s UDPClient.py and nc -u get capitals', async () => {
    const run = await LabTest.serve(udpUppercase);
    const client = course('UDPClient.py', SERVER, 12_000);
    client.type('from the course\n');
    expect((await client.ended).output).toBe(`FROM THE COURSE\n${SERVER} 12000\n`);
    const nc = start('nc', '-u', '-s', NC, SERVER, '12000');
    nc.type('from netcat\n');
    await nc.printed(/FROM NETCAT\n/);
    await run.untilFacts('datagram.received', 'server', 2);
    const received = run.facts('datagram.received', 'server');
    expect(received.map((fact) => run.text(fact))).toEqual(['from the course', 'from netcat\n']);
    expect(received[1]?.remote?.address).toBe(NC);
    expect(foreigners(run)).toContain(NC);
  });
});

describe('the command lines that the lessons give', () => {
  const commands = [template, daytime, udpUppercase, tcpEcho, byteStream].flatMap((lab) => lab.manifest.tryIt.map((tryIt) => [`${lab.manifest.id}: ${tryIt.command}`, lab, tryIt] as const));
  /** What each lab answers to "hello". */
  const ANSWERS: Readonly<Record<string, RegExp>> = { template: /hello/, daytime: /\d\dT\d\d:/, 'udp-uppercase': /HELLO/, 'tcp-echo': /hello/, 'byte-stream': /message 2: / };

  /** The labs whose servers read. */
  const READS: ReadonlySet<string> = new Set(['udp-uppercase', 'tcp-echo']);

  it.each(commands)('%s', async (_name, lab, tryIt) => {
    const run = await LabTest.serve(lab);
    const endpoint = must(lab.manifest.endpoints.find((one) => one.role === tryIt.endpoint), tryIt.endpoint);
    const at = local(must(lab.manifest.hosts.find((one) => one.id === endpoint.host), endpoint.host).address);
    const program = start('sh', '-c', tryIt.command.replaceAll('{address}', at).replaceAll('{port}', String(endpoint.port)));
    // A server that never reads closes with unread bytes: its RST may then cost the peer what was sent to it.
    if (READS.has(lab.manifest.id)) program.type('hello\n');
    await program.printed(must(ANSWERS[lab.manifest.id], lab.manifest.id));
    await run.until(() => run.story.hosts.some((host) => host.foreign));
  });
});

describe('our clients, their servers', () => {
  it.each([
    ['half-closes', halfCloses],
    ['line-by-line', lineByLine],
    ['two-threads', twoThreads],
    ['multiplexed', multiplexed],
  ])('%s: the course\'s echoserv.py returns everything', async (_kind, client) => {
    const { program, port } = await courseServer('echoserv.py', THEIRS);
    const server = { address: THEIRS, port };
    const run = await LabTest.play(labWith(server, (role) => client(role, { server, lines: messages(3) })));
    expect(run.prints('client')).toEqual(['sent 96 B, received 96 B']);
    await program.printed(/end of stream/);
    expect(run.facts('bytes.received', 'client').map((fact) => run.text(fact)).join('')).toBe(messages(3).map((line) => new TextDecoder().decode(line)).join(''));
    expect(foreigners(run)).toEqual([THEIRS]);
  });

  it('closes-early breaks the course\'s echoserv.py\'s pipe, as it does ours', async () => {
    const { program, port } = await courseServer('echoserv.py', THEIRS);
    const server = { address: THEIRS, port };
    await LabTest.play(labWith(server, (role) => closesEarly(role, { server, lines: messages(1000) })));
    expect(await program.printed(/(BrokenPipeError|ConnectionResetError)/)).toMatch(/Error/);
  });

  it('reads the time of the course\'s daytime_server.py', async () => {
    const { program, port } = await courseServer('daytime_server.py', THEIRS);
    const run = await LabTest.play(labWith({ address: THEIRS, port }, (role) => daytimeClient(role, { address: THEIRS, port })));
    const [answer] = run.facts('bytes.received', 'client');
    expect(answer === undefined ? '' : run.text(answer)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\n$/);
    expect(await program.printed(/Client \('127\.\d+\.10\.1', (\d+)\)/)).toBe(String(run.facts('connect.ended', 'client')[0]?.local?.port));
    expect(foreigners(run)).toEqual([THEIRS]);
  });

  it.each([true, false])('gets capitals from the course\'s UDPServer.py (connected: %s)', async (connected) => {
    const { port } = await courseServer('UDPServer.py', THEIRS);
    const server = { address: THEIRS, port };
    const options = { server, messages: [encode('привет'), encode('안녕 abc')], recvSize: 2048, timeout: 2000, connected };
    const run = await LabTest.play(labWith(server, (role) => uppercaseClient(role, options)));
    expect(run.facts('datagram.received', 'client').map((fact) => run.text(fact))).toEqual(['ПРИВЕТ', '안녕 ABC']);
    expect(foreigners(run)).toEqual([THEIRS]);
  });

  it('is refused when the course\'s server is gone', async () => {
    const { program, port } = await courseServer('echoserv.py', THEIRS);
    program.kill();
    await program.ended;
    const server = { address: THEIRS, port };
    const run = await LabTest.play(labWith(server, (role) => halfCloses(role, { server, lines: messages(1) })));
    expect(run.errors('client')).toEqual(['ECONNREFUSED']);
  });
});
