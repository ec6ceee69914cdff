import { once } from 'node:events';
import * as net from 'node:net';
import { expect, it } from 'vitest';
import { keepUntilClosed, tcpHandleOf } from './nodeHandle';
import { HandleReader } from './reader';

async function connected(): Promise<{ reader: HandleReader; socket: net.Socket; peer: net.Socket; end: () => void }> {
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  peer.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [net.Socket];
  keepUntilClosed(socket);
  socket.on('error', () => undefined);
  const handle = tcpHandleOf(socket);
  if (handle === null) throw new Error('no handle');
  return {
    reader: new HandleReader(socket, handle), socket, peer,
    end: () => {
      socket.destroy();
      peer.destroy();
      server.close();
    },
  };
}

async function read(reader: HandleReader, size: number): Promise<string | null> {
  const buffer = new Uint8Array(size);
  for (;;) {
    const count = reader.read(buffer);
    if (count >= 0) return count === 0 ? null : Buffer.from(buffer.subarray(0, count)).toString();
    await reader.readable(size);
  }
}

it('reads only as much as is asked for, without a descriptor too', async () => {
  const { reader, socket, peer, end } = await connected();
  peer.write('abcdefgh');
  expect(await read(reader, 3)).toBe('abc');
  expect(socket.bytesRead).toBe(3);
  expect(await read(reader, 3)).toBe('def');
  expect(await read(reader, 100)).toBe('gh');
  peer.end('last');
  expect(await read(reader, 100)).toBe('last');
  expect(await read(reader, 100)).toBeNull();
  expect(await read(reader, 100)).toBeNull();
  expect(socket.destroyed).toBe(false);
  end();
});

it('leaves the rest in the kernel, which resets', async () => {
  const { reader, socket, peer, end } = await connected();
  peer.write('abcdefgh');
  expect(await read(reader, 3)).toBe('abc');
  socket.destroy();
  peer.resume();
  expect(await once(peer, 'error').then(([error]) => (error as NodeJS.ErrnoException).code)).toBe('ECONNRESET');
  end();
});

it('throws what the system says', async () => {
  const { reader, peer, end } = await connected();
  const asked = read(reader, 10);
  peer.resetAndDestroy();
  await expect(asked).rejects.toMatchObject({ code: 'ECONNRESET' });
  end();
});
