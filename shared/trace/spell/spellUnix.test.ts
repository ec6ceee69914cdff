import { expect, it } from 'vitest';
import { c } from './c';
import type { Call } from './call';
import { python } from './python';
import { typeScript } from './typeScript';

const at = { address: '/tmp/door', port: 0 };
const calls: readonly Call[] = [
  { name: 'socket', v: 'listener', family: 'AF_UNIX', datagram: false, listener: true },
  { name: 'bind', v: 'listener', at, datagram: false, listener: true },
  { name: 'connect', v: 'sock', to: { at, how: 'full' } },
];

it('spells sockets of AF_UNIX by their paths', () => {
  expect(calls.map(python)).toEqual(['listener = socket(AF_UNIX, SOCK_STREAM)', 'listener.bind("/tmp/door")', 'sock.connect("/tmp/door")']);
  expect(calls.map(c).join('\n')).toContain('struct sockaddr_un at = {AF_UNIX, "/tmp/door"};\nif (bind(listener, (SA *)&at, sizeof at) == -1) perror("bind");');
  expect(calls.map(typeScript).map((line) => ('text' in line ? line.text : line.aside)))
    .toEqual(['const listener = net.createServer();', 'listener.listen("/tmp/door");', 'sock.connect("/tmp/door");\nawait once(sock, "connect");']);
});
