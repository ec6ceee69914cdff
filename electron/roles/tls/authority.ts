// A small certificate authority of the lab's own (RFC 5280), made at run time and forgotten with the run: it issues good certificates
// and bad ones. Nobody but the lab's programs knows it, and nothing is ever put into the system's trust.

// The polyfill must stand before the library, which needs it as soon as it is loaded.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** PEM. */
export interface Credentials {
  readonly key: string;
  /** The certificate; behind it, those that lead to the authority. */
  readonly cert: string;
}

export interface CertificateRequest {
  /** DNS names and addresses of subjectAltName; the first is the subject's common name too. */
  readonly names: readonly string[];
  /** From and until when it is valid, in ms from now; default an hour ago until 30 days. */
  readonly from?: number;
  readonly until?: number;
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export class Authority {
  private constructor(
    private readonly name: string,
    private readonly keys: webcrypto.CryptoKeyPair,
    /** Its own certificate, PEM: what a client that trusts it has as `ca`. */
    readonly certificate: string,
  ) {}

  /** With a fresh key and a certificate that it signs itself. */
  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(), name: `CN=${name}`, notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 30 * DAY), keys, signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(name, keys, certificate.toString('pem'));
  }

  /** A certificate for a server, with a key of its own. */
  issue(request: CertificateRequest): Promise<Credentials> {
    return certify(request, this.name, this.keys);
  }
}

/** A certificate that only vouches for itself. */
export const selfSigned = (request: CertificateRequest): Promise<Credentials> => certify(request, null, null);

async function certify({ names, from = -HOUR, until = 30 * DAY }: CertificateRequest, issuer: string | null, signer: webcrypto.CryptoKeyPair | null): Promise<Credentials> {
  const keys = await newKeys();
  const name = `CN=${names[0] ?? ''}`;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(), subject: name, issuer: issuer === null ? name : `CN=${issuer}`, notBefore: new Date(Date.now() + from), notAfter: new Date(Date.now() + until),
    publicKey: keys.publicKey, signingKey: (signer ?? keys).privateKey, signingAlgorithm: ECDSA,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }))),
    ],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: certificate.toString('pem') };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);

/** 64 random bits, positive (RFC 5280 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(8);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
