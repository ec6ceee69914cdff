import { randomBytes } from 'node:crypto';
import type * as tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { certificates } from './certificates.fixture';
import { all, connections, expectSame, expectWiresAgree, listening, sha, stream } from './streams.fixture';
import { traced } from './traced.fixture';

const NAME = 'www.example.test';

describe.each(['TLSv1.3', 'TLSv1.2'] as const)('%s', (version) => {
  it('records ciphertext and plaintext of both ends, each at its own offset', async () => {
    const { ca, good } = await certificates();
    const trace = traced();
    const [a, b] = [trace.role('client'), trace.role('server')];
    const server = b.tls.createServer({ ...good, maxVersion: version, allowHalfOpen: true } as tls.TlsOptions, (socket) => void socket.pipe(socket));
    const client = a.tls.connect(await listening(server), { ca, servername: NAME });
    const sent = randomBytes(3 * 1024 * 1024);
    const back = all(client);
    for (let at = 0; at < sent.length; ) {
      const size = 1 + ((at * 7919) % 60_000);
      client.write(sent.subarray(at, at + size));
      at += size;
    }
    client.end();
    expect(sha(await back)).toBe(sha(sent));

    const [ends] = connections(trace);
    const { client: near, server: far } = must(ends, 'a connection');
    for (const sock of [near, far]) {
      for (const kind of ['plaintext.sent', 'plaintext.received'] as const) expectSame(stream(trace, kind, sock), sent);
    }
    expectWiresAgree(trace);
    const wire = stream(trace, 'bytes.received', far);
    expect(wire.size).toBeGreaterThan(sent.length);
    expect(wire.bytes.includes(sent.subarray(1000, 1100))).toBe(false);
    // The first record's type is handshake (RFC 8446 5.1).
    expect(wire.bytes[0]).toBe(22);

    const secured = trace.facts('tls.secured');
    expect(secured).toHaveLength(2);
    const [mine, theirs] = [near, far].map((sock) => JSON.parse(secured.find((fact) => fact.sock === sock)?.text ?? '{}') as object);
    expect(mine).toMatchObject({ version, serverName: NAME, alpn: '', authorized: true });
    expect(theirs).toMatchObject({ version, serverName: NAME, alpn: '', authorized: null });
    const order = trace.facts().filter((fact) => fact.sock === near).map((fact) => fact.kind);
    expect(order.indexOf('tls.secured')).toBeLessThan(order.indexOf('plaintext.sent'));
    expect(order.indexOf('bytes.sent')).toBeLessThan(order.indexOf('tls.secured'));
    a.closeAll();
    b.closeAll();
  });
});
