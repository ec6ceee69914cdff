// Real sessions of node:tls through a pair of streams in memory: what its key log says opens what it sent, in both versions, with every
// suite that can be opened; and what cannot be opened says why.

import { X509Certificate } from 'node:crypto';
import { duplexPair } from 'node:stream';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../base/bytes';
import { decodeCertificate } from '../x509/certificate';
import { makeCertificate } from '../x509/certificate.fixture';
import { KeyLog } from './decrypt/keyLog';
import { openRecord } from './decrypt/openRecord';
import { TlsSessionReader, type SessionRecord } from './session';

const { cert, key } = await makeCertificate('www.example.test');

interface Session {
  readonly pieces: readonly { readonly dir: 'up' | 'down'; readonly bytes: Uint8Array }[];
  readonly keys: string;
}

/** A session in which the client asks and the server answers with `answer`, both end. */
async function record(options: tls.SecureContextOptions & { readonly group?: string; readonly mutual?: boolean }, answer: Buffer): Promise<Session> {
  const pieces: { dir: 'up' | 'down'; bytes: Uint8Array }[] = [];
  const keys: string[] = [];
  const [client, server] = duplexPair();
  const watch = (stream: typeof client, dir: 'up' | 'down'): void => {
    const write = stream._write.bind(stream);
    stream._write = (chunk: Buffer, encoding, done) => {
      pieces.push({ dir, bytes: new Uint8Array(chunk) });
      write(chunk, encoding, done);
    };
  };
  watch(client, 'up');
  watch(server, 'down');
  const { minVersion, maxVersion, ciphers, group = 'auto', mutual = false } = options;
  const context = tls.createSecureContext({ key, cert, ...(ciphers === undefined ? {} : { ciphers }), ...(maxVersion === undefined ? {} : { maxVersion }), ...(minVersion === undefined ? {} : { minVersion }), ecdhCurve: group });
  const right = new tls.TLSSocket(server, { isServer: true, secureContext: context, ALPNProtocols: ['http/1.1'], requestCert: mutual, rejectUnauthorized: false });
  const left = tls.connect({ socket: client, servername: 'www.example.test', ca: cert, ALPNProtocols: ['h2', 'http/1.1'], rejectUnauthorized: false, ...(ciphers === undefined ? {} : { ciphers }), ...(maxVersion === undefined ? {} : { maxVersion }), ...(mutual ? { key, cert } : {}) });
  left.on('keylog', (line: Buffer) => keys.push(line.toString()));
  right.once('data', () => right.end(answer));
  const got: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    left.once('secureConnect', () => left.write('GET / HTTP/1.1\r\n\r\n'));
    left.on('data', (chunk: Buffer) => got.push(chunk));
    left.once('end', resolve);
    left.once('error', reject);
    right.once('error', reject);
  });
  expect(Buffer.concat(got).equals(answer)).toBe(true);
  left.destroy();
  right.destroy();
  return { pieces, keys: keys.join('') };
}

function read({ pieces, keys }: Session, withKeys = true): { readonly reader: TlsSessionReader; readonly records: SessionRecord[] } {
  const log = new KeyLog();
  if (withKeys) log.add(keys);
  const reader = new TlsSessionReader(log);
  return { reader, records: pieces.flatMap(({ dir, bytes }) => reader.push(dir, bytes)) };
}

function plaintext(records: readonly SessionRecord[], dir: 'up' | 'down'): Uint8Array {
  return concatBytes(...records.filter((record) => record.dir === dir).flatMap(({ opening, bytes }) => {
    if (opening.state !== 'deferred' && opening.state !== 'opened') return [];
    const opened = openRecord(opening.key, bytes);
    if (opened === null) throw new Error('not opened');
    return opened.contentType === 23 ? [opened.content] : [];
  }));
}

const names = (records: readonly SessionRecord[]): string[] => records.flatMap(({ said }) => said.map(({ name }) => name));
const ANSWER = Buffer.alloc(100_000, 'Looplab');

describe.each(['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'])('TLS 1.3 with %s', (ciphers) => {
  it('is opened to the last byte', async () => {
    const { reader, records } = read(await record({ ciphers }, ANSWER));
    expect(reader.facts).toMatchObject({ version: 'TLS 1.3', cipher: ciphers, alpn: 'http/1.1', offeredAlpn: ['h2', 'http/1.1'], serverName: 'www.example.test' });
    expect(names(records).slice(0, 8)).toEqual(['Client Hello', 'Server Hello', 'Change Cipher Spec', 'Encrypted Extensions', 'Certificate', 'Certificate Verify', 'Finished', 'Change Cipher Spec']);
    expect(Buffer.from(plaintext(records, 'down')).equals(ANSWER)).toBe(true);
    expect(Buffer.from(plaintext(records, 'up')).toString()).toBe('GET / HTTP/1.1\r\n\r\n');
    expect(records.some(({ opening }) => opening.state === 'deferred')).toBe(true);
  });
});

describe.each(['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305', 'AES128-GCM-SHA256'])('TLS 1.2 with %s', (ciphers) => {
  it('is opened to the last byte', async () => {
    const { reader, records } = read(await record({ ciphers, maxVersion: 'TLSv1.2' }, ANSWER));
    expect(reader.facts).toMatchObject({ version: 'TLS 1.2', alpn: 'http/1.1', tls13: false, keys: true });
    expect(names(records)).toEqual(expect.arrayContaining(['Certificate', 'Server Hello Done', 'Client Key Exchange', 'Finished', 'Application Data']));
    expect(records.filter(({ opening }) => opening.state === 'sealed')).toEqual([]);
    expect(Buffer.from(plaintext(records, 'down')).equals(ANSWER)).toBe(true);
  });
});

it('follows a HelloRetryRequest, behind which a second hello is in clear', async () => {
  const { reader, records } = read(await record({ group: 'P-384' }, Buffer.from('x')));
  expect(reader.facts).toMatchObject({ retried: true, version: 'TLS 1.3' });
  expect(names(records).filter((name) => name.endsWith('Hello'))).toEqual(['Client Hello', 'Server Hello', 'Client Hello', 'Server Hello']);
  expect(plaintext(records, 'down')).toEqual(Uint8Array.of(0x78));
});

it('reads the certificates of both ends, opened', async () => {
  const { records } = read(await record({ mutual: true }, Buffer.from('x')));
  const certificates = records.flatMap(({ said }) => said.flatMap(({ name, message }) => (name === 'Certificate' && message !== null ? [message.bytes] : [])));
  const theirs = new X509Certificate(cert);
  expect(certificates).toHaveLength(2);
  for (const bytes of certificates) {
    // RFC 8446 4.4.2: head, empty context, length of the list, length of the certificate.
    expect(decodeCertificate(bytes.subarray(4 + 1 + 3 + 3))).toMatchObject({ subject: 'www.example.test', serialNumber: theirs.serialNumber.toLowerCase() });
  }
});

it('says of a suite with CBC that it is not opened', async () => {
  const { records } = read(await record({ ciphers: 'ECDHE-RSA-AES128-SHA', maxVersion: 'TLSv1.2' }, Buffer.from('x')));
  expect([...new Set(records.flatMap(({ opening }) => (opening.state === 'sealed' ? [opening.why] : [])))]).toEqual(['suite']);
});

it('is closed to an eavesdropper, who sees the hellos only', async () => {
  const { reader, records } = read(await record({}, Buffer.from('x')), false);
  expect(reader.facts).toMatchObject({ serverName: 'www.example.test', alpn: '', keys: false });
  expect([...new Set(records.flatMap(({ opening }) => (opening.state === 'sealed' ? [opening.why] : [])))]).toEqual(['no-keys']);
});
