// Real sessions of node:tls through a pair of streams in memory, put into scenes as taps would record them.

import { duplexPair } from 'node:stream';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { utf8Text } from '../../base/bytesText';
import { makeCertificate } from '../../codec/x509/certificate.fixture';
import { findField } from '../../codec/field';
import { createRandom } from '../../base/random';
import { PacketFinder } from '../filtered/packetFinder';
import { dialled, folded, pieceByPiece, webScene, wholeOf, type Dialled } from './appScene.fixture';

const { cert, key } = await makeCertificate('www.example.test');
const REQUEST = 'GET /secret HTTP/1.1\r\nHost: www.example.test\r\n\r\n';
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden';

type Piece = { readonly dir: 'up' | 'down'; readonly bytes: Uint8Array } | { readonly key: string };

/** What goes over the wire when a client asks and a server answers, and the lines of the key log, in their order. */
async function session(version: 'TLSv1.2' | 'TLSv1.3'): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  const [client, server] = duplexPair();
  for (const [stream, dir] of [[client, 'up'], [server, 'down']] as const) {
    const write = stream._write.bind(stream);
    stream._write = (chunk: Buffer, encoding, done) => {
      pieces.push({ dir, bytes: new Uint8Array(chunk) });
      write(chunk, encoding, done);
    };
  }
  const right = new tls.TLSSocket(server, { isServer: true, secureContext: tls.createSecureContext({ key, cert, maxVersion: version, minVersion: version }), ALPNProtocols: ['http/1.1'] });
  const left = tls.connect({ socket: client, servername: 'www.example.test', ca: cert, ALPNProtocols: ['http/1.1'] });
  left.on('keylog', (line: Buffer) => pieces.push({ key: line.toString() }));
  right.once('data', () => right.end(RESPONSE));
  await new Promise<void>((resolve, reject) => {
    left.once('secureConnect', () => left.write(REQUEST));
    left.resume();
    left.once('end', resolve);
    left.once('error', reject);
    right.once('error', reject);
  });
  left.destroy();
  right.destroy();
  return pieces;
}

/** Plays the pieces over a connection; the keys go into the trace when asked for. */
function play(line: Dialled, pieces: readonly Piece[], keys: boolean): void {
  for (const piece of pieces) {
    if ('key' in piece) {
      if (keys) line.client.keyLogged(piece.key);
      continue;
    }
    const [from, to] = piece.dir === 'up' ? [line.client, line.server] : [line.server, line.client];
    from.send(piece.bytes);
    to.recv(100_000);
  }
}

const names = (app: ReturnType<typeof folded>['app']): string[] => must(app.sessions[0], 'session').messages.map(({ dir, name }) => `${dir === 'up' ? '>' : '<'} ${name}`);

describe('a TLS session', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is read by the filters of a lesson with its keys, and not without', async (version) => {
    const pieces = await session(version);
    const asked = [false, true].map((keys) => {
      const line = dialled(8443);
      play(line, pieces, keys);
      const { story, trace } = line.s.end().told();
      return new PacketFinder(story, trace).finds({ filter: 'http.request.uri == "/secret"' }).length;
    });
    expect(asked).toEqual([0, 1]);
  });

  it('shows without keys what an eavesdropper sees', async () => {
    const line = dialled(8443);
    play(line, await session('TLSv1.3'), false);
    const { app } = folded(line.s);
    expect(app.sessions).toMatchObject([{ version: 'TLS 1.3', serverName: 'www.example.test', keys: false, alpn: '', plaintextUp: 0 }]);
    expect(app.sessions[0]?.cipher).toMatch(/^TLS_/);
    expect(names(app).slice(0, 3)).toEqual(['> Client Hello', '< Server Hello', '< Change Cipher Spec']);
    expect(new Set(names(app).slice(3))).toEqual(new Set(['< Application Data', '> Change Cipher Spec', '> Application Data']));
    expect(app.exchanges).toEqual([]);
    const sealed = must(app.messages.find(({ summary }) => summary === 'Application Data'), 'record');
    expect(app.opened(sealed.id)).toBe(null);
    expect(app.sessions[0]?.messages.find(({ record }) => record === sealed.id)).toMatchObject({ encrypted: true, opened: false });
    expect(findField(must(app.fields(0), 'tree'), 'tls.handshake.extensions_server_name')?.value).toBe('www.example.test');
  });

  it('opens with keys, and what it carried is read', async () => {
    const line = dialled(8443);
    play(line, await session('TLSv1.3'), true);
    const all = folded(line.s);
    const { app, text } = all;
    expect(wholeOf(pieceByPiece(all.trace, createRandom(1), 1))).toEqual(wholeOf(all));
    expect(app.sessions).toMatchObject([{ keys: true, alpn: 'http/1.1', plaintextUp: REQUEST.length, plaintextDown: RESPONSE.length }]);
    expect(names(app).filter((name) => !name.includes('Ticket') && !name.includes('Alert'))).toEqual([
      '> Client Hello', '< Server Hello', '< Change Cipher Spec', '< Encrypted Extensions', '< Certificate', '< Certificate Verify', '< Finished',
      '> Change Cipher Spec', '> Finished', '> Application Data', '< Application Data',
    ]);
    expect(text).toContain('http #1 client -> server 127.0.40.1:8443 HTTP/1.1 over TLS GET https://www.example.test/secret -> 200 OK, 6 B content-length\n');
    expect(utf8Text(app.body(0, 'response').bytes)).toBe('hidden');
    const request = must(app.messages.find(({ summary }) => summary === 'GET /secret'), 'request');
    expect(request).toMatchObject({ carrier: 'tls', segments: [], start: 0, end: REQUEST.length, state: 'complete' });
    expect(request.arrive).not.toBe(null);
    const record = must(app.sessions[0]?.messages.find(({ name, dir }) => name === 'Application Data' && dir === 'up'), 'record').record;
    expect(utf8Text(must(app.opened(record), 'opened').bytes)).toContain(REQUEST);
    expect(app.message(record)?.depart).toBe(request.depart);
  });

  it('opens with the keys of a capture, which belong to no socket', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const line = dialled(8443);
      const pieces = await session(version);
      for (const piece of pieces) if ('key' in piece) line.s.fact('key.logged', { text: piece.key });
      play(line, pieces, false);
      const { app } = folded(line.s);
      expect(app.sessions).toMatchObject([{ keys: true, plaintextUp: REQUEST.length, plaintextDown: RESPONSE.length }]);
      expect(utf8Text(app.body(0, 'response').bytes)).toBe('hidden');
    }
  });

  it('opens when the keys come after the records', async () => {
    const line = dialled(8443);
    const pieces = await session('TLSv1.2');
    play(line, pieces, false);
    for (const piece of pieces) if ('key' in piece) line.client.keyLogged(piece.key);
    const all = folded(line.s);
    const { app } = all;
    expect(wholeOf(pieceByPiece(all.trace, createRandom(1), 1))).toEqual(wholeOf(all));
    expect(app.sessions).toMatchObject([{ version: 'TLS 1.2', keys: true, plaintextUp: REQUEST.length }]);
    expect(names(app)).toContain('> Finished');
    expect(app.exchanges).toMatchObject([{ secure: true, outcome: 'complete' }]);
  });

  it('is read from the plaintext that our programs saw, at one end or both', async () => {
    const pieces = await session('TLSv1.3');
    for (const who of ['client', 'server', 'both'] as const) {
      const line = dialled(8443);
      play(line, pieces.slice(0, 8), false);
      if (who !== 'server') line.client.secured({ alpn: 'http/1.1', serverName: 'www.example.test' });
      if (who !== 'client') line.server.secured({ alpn: 'http/1.1' });
      if (who !== 'server') line.client.plainSends(REQUEST);
      if (who !== 'client') line.server.plainReads(REQUEST);
      if (who !== 'client') line.server.plainSends(RESPONSE);
      if (who !== 'server') line.client.plainReads(RESPONSE);
      const { app } = folded(line.s);
      expect(app.exchanges, who).toMatchObject([{ secure: true, request: { head: { url: 'https://www.example.test/secret' } }, response: { head: { status: 200 }, complete: true } }]);
      expect(app.exchanges[0]?.timing.tls === null, who).toBe(who === 'server');
      expect(app.messages.filter(({ carrier }) => carrier === 'tls')).toHaveLength(2);
      expect(app.sessions[0]).toMatchObject({ alpn: 'http/1.1', clientSecured: who === 'server' ? null : expect.any(Number) });
    }
  });

  it('tells why it failed', async () => {
    const line = dialled(8443);
    const [hello] = await session('TLSv1.3');
    line.client.send((hello as { bytes: Uint8Array }).bytes);
    line.server.recv(10_000);
    line.client.tlsFailed('CERT_HAS_EXPIRED', 'certificate has expired');
    line.client.send(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 45));
    line.server.recv();
    const { app, text } = folded(line.s);
    expect(app.sessions).toMatchObject([{ failure: { code: 'CERT_HAS_EXPIRED', text: 'certificate has expired' } }]);
    expect(app.messages[1]).toMatchObject({ summary: 'Alert (certificate expired)', trouble: true });
    expect(text).toContain('failed: CERT_HAS_EXPIRED at client');
  });

  it('says where bytes stop to be records', () => {
    const line = dialled(8443, webScene());
    line.client.send(Uint8Array.of(0x16, 3, 1, 0xff, 0xff, 1, 2, 3));
    expect(folded(line.s).app.messages).toMatchObject([{ protocol: 'tls', state: 'malformed', trouble: true }]);
  });
});
