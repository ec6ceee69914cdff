// Foreign programs in the hybrid lab: curl registers, looks up and leaves, nc is a person who calls and is called. And callers who send
// what is no chat: they are cut, and the others talk on.
import { once } from 'node:events';
import * as net from 'node:net';
import { expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import lab from '../../electron/labs/hybrid/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { start } from './support';

const DIRECTORY = local('127.0.67.1');
const ANN = local('127.0.68.1');
const YOU = local('127.0.68.9');

/** The command that the lesson shows, in a shell, with "you" at an address that no other test has. */
function tryIt(id: string): ReturnType<typeof start> {
  const { endpoint, command } = must(lab.manifest.tryIt.find((one) => one.id === id), id);
  const [address, port] = endpoint === 'ann' ? [ANN, 6700] : [DIRECTORY, 8100];
  return start('sh', '-c', command.replaceAll('{address}', address).replaceAll('{port}', String(port)).replaceAll('127.0.0.1', YOU));
}

const output = async (id: string): Promise<string> => (await tryIt(id).ended).output;

it('curl: who is there, where is Ann, register, leave', async () => {
  const run = await LabTest.serve(lab);
  expect(await output('people')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"name":"ann"[^]*"name":"bo"[^]*"name":"cho"/);
  expect(await output('look-up')).toContain(`{"name":"ann","address":"${ANN}","port":6700,"age":`);
  expect(await output('register')).toMatch(/^HTTP\/1\.1 201 Created\r\n[^]*Location: \/people\/you\r\n[^]*"lifetime":600/);
  expect(await output('register')).toMatch(/^HTTP\/1\.1 200 OK/);
  await run.act('look-up', { who: 'bo', name: 'you' });
  expect(run.prints('bo').at(-1)).toBe(`directory: you is at ${YOU}:6799`);
  expect(await output('leave')).toMatch(/^HTTP\/1\.1 204 No Content/);
  expect(await output('leave')).toMatch(/^HTTP\/1\.1 404/);
});

it('nc waits at a door of its own: Ann finds it by the directory and talks with it', async () => {
  const run = await LabTest.serve(lab);
  await output('register');
  const you = tryIt('door');
  // nc does not say when it listens: Ann tries until it does.
  while (!run.facts('role.noted', 'ann').some((fact) => fact.text.includes('"said","with":"you"'))) await run.act('say', { who: 'ann', name: 'you', text: '안녕, nc!' });
  await you.printed(/^HELLO ann 6700\n안녕, nc!\n/);
  you.type('Hello, Ann. This is typed by hand.\n');
  await run.until(() => run.prints('ann').includes('you: Hello, Ann. This is typed by hand.'));
});

it('nc calls Ann: HELLO, a line, an answer; whom she knows; and she can call back', async () => {
  const run = await LabTest.play(lab, { scenario: 'chat' });
  const you = tryIt('talk');
  you.type('Is anybody there?\n/who\n');
  await run.until(() => run.prints('ann').includes('you: Is anybody there?'));
  const known = await you.printed(/^\/know (.*)\n/m);
  expect(known.split(' ').filter((_, i) => i % 2 === 0).sort()).toEqual(['bo', 'cho']);
  await run.act('say', { who: 'ann', name: 'you', text: 'Yes, I am.' });
  await you.printed(/^Yes, I am\.\n/m);
  expect(run.facts('role.noted', 'ann').map((fact) => fact.text)).toContainEqual(expect.stringContaining('"learned","name":"you"'));
});

/** Sends the bytes; resolves when Ann has ended the connection, with what she said before. */
async function cut(bytes: string | Uint8Array): Promise<string> {
  const socket = net.connect({ host: ANN, port: 6700 });
  let said = '';
  socket.on('data', (part) => (said += String(part)));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return said;
}

it('who says no HELLO, or a line without end, is cut; nobody else notices', async () => {
  const run = await LabTest.play(lab, { scenario: 'chat' });
  const before = run.prints('ann').length;
  expect(await cut('GET / HTTP/1.1\r\n')).toBe('Say HELLO and your name first.\n');
  expect(await cut('HELLO ../etc/passwd 1\n')).toBe('Say HELLO and your name first.\n');
  expect(await cut(new Uint8Array(20_000).fill(0x41))).toBe('');
  await cut(`HELLO long\n${'x'.repeat(20_000)}`);
  await cut(Buffer.concat([Buffer.from('HELLO odd\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('/nonsense\n'), Buffer.alloc(9000)]));
  await run.until(() => run.prints('ann').includes('odd: a line has at most 4000 bytes'));
  expect(run.prints('ann').slice(before)).toEqual(expect.arrayContaining(['long: a line has at most 4000 bytes', 'odd says /nonsense, which is no command']));
  await run.act('say', { who: 'bo', name: 'ann', text: 'All well?' });
  await run.until(() => run.prints('ann').includes('bo: All well?'));
});

it('more callers than a person can talk with: the last ones are hung up on, the first ones are heard', async () => {
  const run = await LabTest.serve(lab);
  const callers = Array.from({ length: 40 }, () => net.connect({ host: ANN, port: 6700 }));
  let refused = 0;
  for (const caller of callers) caller.on('error', () => undefined).once('close', () => refused++);
  await Promise.all(callers.map((caller) => once(caller, 'connect')));
  await expect.poll(() => refused, { timeout: 60_000 }).toBe(20);
  const first = must(callers.find((caller) => !caller.destroyed), 'a caller that is left');
  first.write('HELLO patient\nMay I?\n');
  await run.until(() => run.prints('ann').includes('patient: May I?'));
  for (const caller of callers) caller.destroy();
});
