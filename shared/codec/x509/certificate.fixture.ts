// Certificates made for tests by OpenSSL: an RSA one that names everything, and one of an elliptic curve. And one with its key, made
// when it is asked for. Test code only.

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

/** Valid for a hundred years: version 3, an authority, names of four kinds. */
export const certificatePem = `-----BEGIN CERTIFICATE-----
MIID/zCCAuegAwIBAgIUKJrDav2p/RdPvQIh5XS/ASFQcGswDQYJKoZIhvcNAQEL
BQAwOjELMAkGA1UEBhMCS1IxEDAOBgNVBAoMB0xvb3BsYWIxGTAXBgNVBAMMEHd3
dy5leGFtcGxlLnRlc3QwIBcNMjYxMTIxMDc0MTEwWhgPMjEyNjEwMjgwNzQxMTBa
MDoxCzAJBgNVBAYTAktSMRAwDgYDVQQKDAdMb29wbGFiMRkwFwYDVQQDDBB3d3cu
ZXhhbXBsZS50ZXN0MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtOFR
3iXYsOkUGGPjD76Qo8rL1Xw3nYwoJG4X30aYm14Wg24cMIA1Egy+KxXz6GN8aPvJ
8RX9GWfOpUPSR6K2YQ6wDN8OcVOxUgu11C8gT4FVSZ3OsaSnpoa71fyAo7+/R9My
zi7yzqEzUvZ5r4b/qB1W51hNZHLQFfWd1pRnEozxigMmi4yJh6siT/GHJbStj77s
dU0Zz8pBbu3IATrn9U9VazyEycfyne71ZHfS4/aiqbalJdQJJWkJ+Epk1a/ziqqv
KTVoQL8viHbWsoTKjTkMdAeQ/JgukaKlDZ3evRbHoqUFbmaHxDj2N8u1ilRUIT3u
jt8JANefD3kWlVWRhwIDAQABo4H6MIH3MB0GA1UdDgQWBBTINb6LkqkVt19aUhbV
hieeydtpmzAfBgNVHSMEGDAWgBTINb6LkqkVt19aUhbVhieeydtpmzByBgNVHREE
azBpghB3d3cuZXhhbXBsZS50ZXN0ghIqLmFwaS5leGFtcGxlLnRlc3SHBH8AAAGH
EAAAAAAAAAAAAAAAAAAAAAGGGWh0dHBzOi8vd3d3LmV4YW1wbGUudGVzdC+BDmFA
ZXhhbXBsZS50ZXN0MBIGA1UdEwEB/wQIMAYBAf8CAQEwDgYDVR0PAQH/BAQDAgKk
MB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjANBgkqhkiG9w0BAQsFAAOC
AQEAfxwhP4Tk5ejkHEvnb5SukFQZV8e+FXwFL8cOtUl+/c5KE//aXXMM+iJqvsTT
AlwSS0qqE5OrmE771tsVxUhi2OfdI4NzY90d9flbFyYs52bNUc6XN2j+ux2zKE2F
c0ppUzcUXeqZGKV+udEsuw0GketofIUKjQH5wc47bzqktSyqe7XskXy6fQXXE9gb
uU7Ox7ybwaoidT03Dri3WYLyMPI91DptCHqEim3rNcCP6af2+7IHjbf2tElTqbjQ
F6hR3MDnNt9dQyyvMXf2yx8S5b+HUb2QynCkguFuNmqGVfAblB9QIa2vTLsSg7iN
JzCipp0JW2n1xEfOPvmzb8020g==
-----END CERTIFICATE-----`;

export const ecCertificatePem = `-----BEGIN CERTIFICATE-----
MIIBqzCCAVGgAwIBAgIUMr7OmMRFsk5tvG4WBN3us2oxrnkwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwR0L/RgNC40LzQtdGALnRlc3QwIBcNMjYxMTIxMDc0MTEwWhgP
MjEyNjEwMjgwNzQxMTBaMBwxGjAYBgNVBAMMEdC/0YDQuNC80LXRgC50ZXN0MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEl2yzJgqIjc6Ckby3LCA6M/hHBxZpfovt
6WAWW5JMGcPaVPtl29czJ4Gc6QVb8eFagF9JEhdgRdCoRkfQfhKHAKNvMG0wHQYD
VR0OBBYEFACI1l1l2RcZwYfHELG3+rblEs1JMB8GA1UdIwQYMBaAFACI1l1l2RcZ
wYfHELG3+rblEs1JMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIPZWMuZXhh
bXBsZS50ZXN0MAoGCCqGSM49BAMCA0gAMEUCIAzN7o8Z8JPC0TAZzWr5PiuopJaT
Zz3YnyHGwP79VxITAiEAzERb3bR10z8aUHQR00WaY9x6x9bTXvwvsjjpP5ZOuyY=
-----END CERTIFICATE-----`;

/** A new key and a certificate for it, signed by itself, for `name`. */
export async function makeCertificate(name: string): Promise<{ readonly cert: string; readonly key: string }> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`, keys, signingAlgorithm: algorithm, notBefore: new Date('2020-01-01'), notAfter: new Date('2100-01-01'),
    extensions: [new BasicConstraintsExtension(false), new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  }, webcrypto);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
}
