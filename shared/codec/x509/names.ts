// Object identifiers that certificates use (RFC 5280, RFC 5480, RFC 8017, RFC 8410), by the names that Wireshark shows.

export const OID_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'id-at-commonName'], ['2.5.4.5', 'id-at-serialNumber'], ['2.5.4.6', 'id-at-countryName'], ['2.5.4.7', 'id-at-localityName'], ['2.5.4.8', 'id-at-stateOrProvinceName'],
  ['2.5.4.10', 'id-at-organizationName'], ['2.5.4.11', 'id-at-organizationalUnitName'], ['1.2.840.113549.1.9.1', 'pkcs-9-at-emailAddress'], ['0.9.2342.19200300.100.1.25', 'id-domainComponent'],
  ['1.2.840.113549.1.1.1', 'rsaEncryption'], ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'], ['1.2.840.113549.1.1.10', 'id-RSASSA-PSS'], ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'], ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'], ['1.2.840.10045.2.1', 'id-ecPublicKey'], ['1.2.840.10045.3.1.7', 'secp256r1'],
  ['1.3.132.0.34', 'secp384r1'], ['1.3.132.0.35', 'secp521r1'], ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'], ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'], ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'], ['1.3.101.112', 'id-Ed25519'], ['1.3.101.113', 'id-Ed448'],
  ['2.5.29.14', 'id-ce-subjectKeyIdentifier'], ['2.5.29.15', 'id-ce-keyUsage'], ['2.5.29.17', 'id-ce-subjectAltName'], ['2.5.29.18', 'id-ce-issuerAltName'], ['2.5.29.19', 'id-ce-basicConstraints'],
  ['2.5.29.30', 'id-ce-nameConstraints'], ['2.5.29.31', 'id-ce-cRLDistributionPoints'], ['2.5.29.32', 'id-ce-certificatePolicies'], ['2.5.29.35', 'id-ce-authorityKeyIdentifier'], ['2.5.29.37', 'id-ce-extKeyUsage'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionOfIncorporationCountryName'], ['1.3.6.1.5.5.7.1.1', 'id-pe-authorityInfoAccess'], ['1.3.6.1.5.5.7.2.1', 'id-qt-cps'], ['1.3.6.1.5.5.7.2.2', 'id-qt-unotice'], ['1.3.6.1.5.5.7.48.1', 'id-ad-ocsp'], ['1.3.6.1.5.5.7.48.2', 'id-ad-caIssuers'],
  ['1.3.6.1.5.5.7.3.1', 'id-kp-serverAuth'], ['1.3.6.1.5.5.7.3.2', 'id-kp-clientAuth'], ['1.3.6.1.4.1.11129.2.4.2', 'SignedCertificateTimestampList'],
  ['1.3.6.1.5.5.7.3.9', 'id-kp-OCSPSigning'], ['1.3.6.1.5.5.7.48.1.1', 'id-pkix-ocsp-basic'], ['1.3.6.1.5.5.7.48.1.5', 'id-pkix-ocsp-nocheck'], ['1.3.14.3.2.26', 'SHA-1'], ['1.3.6.1.4.1.311.21.10', 'id-ms-application-certificate-policies'],
]);

/** 'CN' and its like (RFC 4514 3), for names in short. */
export const ATTRIBUTE_SHORT: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'], ['2.5.4.5', 'serialNumber'], ['2.5.4.6', 'C'], ['2.5.4.7', 'L'], ['2.5.4.8', 'ST'], ['2.5.4.10', 'O'], ['2.5.4.11', 'OU'], ['1.2.840.113549.1.9.1', 'emailAddress'], ['0.9.2342.19200300.100.1.25', 'DC'],
]);

export const oidName = (oid: string): string => {
  const name = OID_NAMES.get(oid);
  return name === undefined ? oid : `${oid} (${name})`;
};
export const OID = {
  commonName: '2.5.4.3', serialNumber: '2.5.4.5', countryName: '2.5.4.6', emailAddress: '1.2.840.113549.1.9.1', domainComponent: '0.9.2342.19200300.100.1.25',
  jurisdictionCountryName: '1.3.6.1.4.1.311.60.2.1.3', subjectKeyIdentifier: '2.5.29.14', keyUsage: '2.5.29.15', subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18', basicConstraints: '2.5.29.19', crlDistributionPoints: '2.5.29.31', certificatePolicies: '2.5.29.32', authorityKeyIdentifier: '2.5.29.35', extKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1', signedTimestamps: '1.3.6.1.4.1.11129.2.4.2', applicationPolicies: '1.3.6.1.4.1.311.21.10', ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;

/** Bits of a key usage from the most significant on (RFC 5280 4.2.1.3). */
export const KEY_USAGES = ['digitalSignature', 'contentCommitment', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];
