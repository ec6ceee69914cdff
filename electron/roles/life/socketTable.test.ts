import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { kernelState, tableText } from './socketTable';

it('writes endpoints as the table has them', () => {
  expect(tableText({ address: '127.0.73.2', port: 7040 })).toBe('0249007F:1B80');
});

it.runIf(process.platform === 'linux')('tells the state of an end, and that there is none', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const remote = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const socket = connect(remote.port, remote.address);
  await new Promise((resolve) => socket.once('connect', resolve));
  const local = { address: '127.0.0.1', port: socket.localPort ?? 0 };
  expect(await kernelState(local, remote)).toBe('ESTABLISHED');
  expect(await kernelState(remote, local)).toBe('ESTABLISHED');
  expect(await kernelState({ ...local, port: 1 }, remote)).toBe('');
  socket.destroy();
  server.close();
});
