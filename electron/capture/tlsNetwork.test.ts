import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type * as net from 'node:net';
import type * as tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { certificates, type Certificates } from './certificates.fixture';
import { all, connections, expectSame, expectWiresAgree, listening, sha, stream } from './streams.fixture';
import { traced } from './traced.fixture';
import { Journal, onAll, type Web } from './web.fixture';

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

describe('handshakes that fail', () => {
  /** What each end is told, by bare Node and by us; and what the trace says. */
  async function attempt(server: tls.TlsOptions, client: tls.ConnectionOptions): Promise<{ errors: string[]; failed: string[] }> {
    const { seen, trace } = await onAll(
      async (web) => {
        const listener = web.tls.createServer(server);
        const serverSaw = new Promise<string>((resolve) => {
          listener.on('tlsClientError', (error: NodeJS.ErrnoException) => resolve(`server ${error.code ?? ''}`));
          listener.on('secureConnection', (socket) => {
            socket.on('error', (error: NodeJS.ErrnoException) => resolve(`server later ${error.code ?? ''}`));
            socket.on('close', () => resolve('server closed'));
          });
        });
        const socket = web.tls.connect(await listening(listener), client);
        const clientSaw = new Promise<string>((resolve) => {
          socket.on('secureConnect', () => resolve('client secured'));
          socket.on('error', (error: NodeJS.ErrnoException) => resolve(`client ${error.code ?? error.message}`));
        });
        const errors = [await clientSaw];
        // Its own refusal a client tells by closing: what the server makes of that depends on the moment.
        if (!errors[0]?.startsWith('client secured')) errors.push(await serverSaw);
        socket.destroy();
        listener.close();
        return errors;
      },
      (mine, bare, name) => expect([name, mine]).toEqual([name, bare]),
    );
    return { errors: seen, failed: trace.facts('tls.failed').map((fact) => fact.err) };
  }

  it.each([
    ['expired', (made: Certificates) => [made.expired, { servername: NAME }], 'CERT_HAS_EXPIRED'],
    ['self-signed', (made: Certificates) => [made.selfSigned, { servername: NAME }], 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['unknown issuer', (made: Certificates) => [made.stranger, { servername: NAME }], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['wrong name', (made: Certificates) => [made.good, { servername: 'bank.example.test' }], 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('%s', async (_, choose, code) => {
    const made = await certificates();
    const [certificate, options] = choose(made);
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const { errors, failed } = await attempt({ ...certificate, maxVersion }, { ca: made.ca, ...options });
      expect(errors[0]).toBe(`client ${code}`);
      expect(failed[0]).toBe(code);
    }
  });

  it('no version in common', async () => {
    const { ca, good } = await certificates();
    const { errors, failed } = await attempt({ ...good, minVersion: 'TLSv1.3' }, { ca, servername: NAME, maxVersion: 'TLSv1.2' });
    expect(errors).toEqual(['client ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'server ERR_SSL_UNSUPPORTED_PROTOCOL']);
    expect(new Set(failed)).toEqual(new Set(['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL']));
  });

  it('no application protocol in common', async () => {
    const { ca, good } = await certificates();
    const { errors, failed } = await attempt({ ...good, ALPNProtocols: ['h2'] }, { ca, servername: NAME, ALPNProtocols: ['x'] });
    expect(errors[0]).toBe('client ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
    expect(failed).toContain('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
  });

  it('a certificate that the server asks for and does not get', async () => {
    const { ca, good } = await certificates();
    const { failed } = await attempt({ ...good, ca, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }, { ca, servername: NAME });
    expect(failed).toContain('ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
  });

  it.each([
    ['says nothing and resets', (socket: net.Socket): void => void socket.once('data', () => socket.resetAndDestroy()), 'ECONNRESET'],
    ['says nothing and closes', (socket: net.Socket): void => void socket.once('data', () => socket.end()), 'ECONNRESET'],
    ['speaks HTTP', (socket: net.Socket): void => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ] as const)('a server that %s', async (_, behave, code) => {
    const { seen, trace } = await onAll(
      async (web) => {
        const server = web.net.createServer({}, behave);
        const client = web.tls.connect(await listening(server), { servername: NAME });
        const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
        server.close();
        return { code: error.code, syscall: error.syscall ?? '' };
      },
      (mine, bare, name) => expect([name, mine]).toEqual([name, bare]),
    );
    expect(seen.code).toBe(code);
    expect(trace.facts('tls.failed').map((fact) => fact.err)).toEqual([code]);
  });

  it.each([
    ['speaks HTTP', (socket: net.Socket): void => void socket.write('GET / HTTP/1.1\r\n\r\n'), 'ERR_SSL_HTTP_REQUEST'],
    ['resets', (socket: net.Socket): void => void socket.resetAndDestroy(), 'ECONNRESET'],
    ['closes', (socket: net.Socket): void => void socket.end(), 'ECONNRESET'],
  ] as const)('a client that %s', async (_, behave, code) => {
    const { good } = await certificates();
    const { seen, trace } = await onAll(
      async (web) => {
        const server = web.tls.createServer(good);
        const client = web.net.connect(await listening(server));
        client.on('connect', () => behave(client));
        const [error] = (await once(server, 'tlsClientError')) as [NodeJS.ErrnoException];
        client.destroy();
        server.close();
        return error.code;
      },
      (mine, bare, name) => expect([name, mine]).toEqual([name, bare]),
    );
    expect(seen).toBe(code);
    expect(trace.facts('tls.failed').map((fact) => fact.err)).toEqual([code]);
  });

  it('a refused connection is no failure of TLS', async () => {
    const { trace } = await onAll(
      async (web) => {
        const server = web.net.createServer();
        const remote = await listening(server);
        server.close();
        await once(server, 'close');
        const [error] = (await once(web.tls.connect(remote, { servername: NAME }), 'error')) as [NodeJS.ErrnoException];
        return error.code;
      },
      (mine, bare, name) => expect([name, mine]).toEqual([name, 'ECONNREFUSED']),
    );
    expect(trace.facts('tls.failed')).toEqual([]);
    expect(trace.calls()).toContain('connect.ended ECONNREFUSED');
  });
});

it('keeps keys when asked, each line once, enough to decrypt both directions', async () => {
  const { ca, good } = await certificates();
  for (const [keepKeys, lines] of [[true, 5], [false, 0]] as const) {
    const trace = traced();
    const [a, b] = [trace.role('client'), trace.role('server')];
    const server = b.tls.createServer({ ...good, keepKeys }, (socket) => void socket.end('done'));
    const client = a.tls.connect(await listening(server), { ca, servername: NAME, keepKeys });
    expect((await all(client)).toString()).toBe('done');
    const keys = trace.facts('key.logged').map((fact) => fact.text);
    expect(keys.length).toBe(lines);
    expect(new Set(keys).size).toBe(lines);
    for (const key of keys) expect(key).toMatch(/^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]{64,96}$/);
    a.closeAll();
    b.closeAll();
  }
});

it('resumes a session, and says so', async () => {
  const { ca, good } = await certificates();
  const trace = traced();
  const [a, b] = [trace.role('client'), trace.role('server')];
  const remote = await listening(b.tls.createServer(good, (socket) => void socket.end('hello')));
  const first = a.tls.connect(remote, { ca, servername: NAME });
  const [session] = (await once(first, 'session')) as [Buffer];
  await all(first);
  await all(a.tls.connect(remote, { ca, servername: NAME, session }));
  expect(trace.facts('tls.secured').map((fact) => fact.a)).toEqual([0, 0, 1, 1]);
  a.closeAll();
  b.closeAll();
});

it('ends, resets and half-closes as bare node:tls does', async () => {
  const { ca, good } = await certificates();
  const scenario = (behave: (server: tls.TLSSocket, client: tls.TLSSocket) => void, options: { readonly allowHalfOpen?: boolean } = {}) => async (web: Web): Promise<string[]> => {
    const journal = new Journal();
    const server = web.tls.createServer({ ...good, ...options } as tls.TlsOptions);
    const client = web.tls.connect(await listening(server), { ca, servername: NAME, ...options } as tls.ConnectionOptions);
    const [[socket]] = (await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')])) as [[tls.TLSSocket], unknown];
    // Session tickets are read too by then: closing with bytes unread would reset.
    socket.write('hello');
    await once(client, 'data');
    journal.watch('client', client, 'end', 'error', 'close', 'finish');
    journal.watch('server', socket, 'end', 'error', 'close', 'finish');
    client.on('data', (bytes: Buffer) => journal.note(`client ${bytes.toString()}`));
    socket.on('data', (bytes: Buffer) => journal.note(`server ${bytes.toString()}`));
    const closed = Promise.all([client, socket].map((one) => once(one, 'close').catch(() => undefined)));
    behave(socket, client);
    await closed;
    server.close();
    // The two ends run side by side: what counts is the order within each.
    return [...journal.lines.filter((line) => line.startsWith('client')), ...journal.lines.filter((line) => line.startsWith('server'))];
  };
  const same = (mine: string[], bare: string[], name: string): void => expect([name, mine]).toEqual([name, bare]);
  await onAll(scenario((_, client) => client.end('bye')), same);
  await onAll(scenario((server) => server.end('bye')), same);
  await onAll(scenario((server, client) => {
    server.on('end', () => server.end('late'));
    client.end('first');
  }, { allowHalfOpen: true }), same);
  await onAll(scenario((_, client) => client.destroy()), same);
  await onAll(scenario((server, client) => {
    client.write('x');
    server.once('data', () => server.destroy());
  }), same);
});

it('tells addresses, and closes every descriptor at once when the role is killed', async () => {
  const { ca, good } = await certificates();
  const trace = traced();
  const [a, b] = [trace.role('client'), trace.role('server')];
  const server = b.tls.createServer(good, (socket) => socket.write(`${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`));
  const remote = await listening(server);
  expect(remote.address).toBe(b.address);
  expect(server.maxConnections).toBeGreaterThan(0);
  const client = a.tls.connect(remote, { ca, servername: NAME });
  const [bytes] = (await once(client, 'data')) as [Buffer];
  expect(bytes.toString()).toBe(`${a.address}:${client.localPort ?? 0}`);
  expect([client.localAddress, client.remoteAddress, client.remotePort]).toEqual([a.address, remote.address, remote.port]);
  b.closeAll();
  const [near, far] = [connections(trace)[0]?.client, connections(trace)[0]?.server];
  expect(trace.facts('socket.closed').map((fact) => fact.sock)).toContain(far);
  await once(client, 'close');
  expect(trace.facts('socket.closed').map((fact) => fact.sock)).toContain(near);
  expect(() => b.tls.createServer(good)).toThrow('EBADF');
  expect(server.listening).toBe(false);
});
