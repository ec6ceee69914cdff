// For tests of what stands on TLS: a small authority and certificates that it issued, good and bad, made when asked for.

import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

interface Issued extends Certificate {
  readonly keys: webcrypto.CryptoKeyPair;
  readonly name: string;
}

let serial = 1;

async function issue(name: string, options: { readonly by?: Issued; readonly names?: readonly string[]; readonly until?: number }): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: (serial++).toString(16).padStart(4, '0'),
    subject: `CN=${name}`,
    issuer: `CN=${options.by?.name ?? name}`,
    notBefore: new Date(Date.now() - 30 * DAY),
    notAfter: new Date(Date.now() + (options.until ?? 30 * DAY)),
    publicKey: keys.publicKey,
    signingKey: options.by?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(options.names === undefined, undefined, true),
      ...(options.names === undefined ? [] : [new x509.SubjectAlternativeNameExtension(options.names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })))]),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: certificate.toString('pem'), keys, name };
}

export interface Certificates {
  /** The authority's certificate, PEM: `ca` of a client. */
  readonly ca: string;
  readonly good: Certificate;
  readonly expired: Certificate;
  readonly selfSigned: Certificate;
  /** Issued by nobody whom the client knows. */
  readonly stranger: Certificate;
}

let made: Promise<Certificates> | null = null;

/** Certificates for `www.example.test`, and for these addresses. */
export function certificates(): Promise<Certificates> {
  made ??= (async () => {
    const names = ['www.example.test', '127.0.0.1'];
    const authority = await issue('Test authority', {});
    const unknown = await issue('Unknown authority', {});
    const [good, expired, selfSigned, stranger] = await Promise.all([
      issue('www.example.test', { by: authority, names }),
      issue('www.example.test', { by: authority, names, until: -DAY }),
      issue('www.example.test', { names }),
      issue('www.example.test', { by: unknown, names }),
    ]);
    return { ca: authority.cert, good, expired, selfSigned, stranger };
  })();
  return made;
}
