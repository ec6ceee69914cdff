// Names of values of certificates that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues, ValueNames } from '../values';

const X509AF_NOTAFTER: ValueNames = {
  0: 'utcTime', 1: 'generalizedTime',
};

export const values: ProtocolValues = {
  'pkix1implicit.explicitText': { 0: 'ia5String', 1: 'visibleString', 2: 'bmpString', 3: 'utf8String' }, 'x509ce.distributionPoint': { 0: 'fullName', 1: 'nameRelativeToCRLIssuer' },
  'x509af.notAfter': X509AF_NOTAFTER, 'x509af.notBefore': X509AF_NOTAFTER, 'x509af.version': { 0: 'v1', 1: 'v2', 2: 'v3' },
  'x509ce.GeneralName': {
    0: 'otherName', 1: 'rfc822Name', 2: 'dNSName', 3: 'x400Address', 4: 'directoryName', 5: 'ediPartyName', 6: 'uniformResourceIdentifier', 7: 'iPAddress', 8: 'registeredID',
  },
  'x509ce.directoryName': { 0: 'rdnSequence' }, 'x509sat.DirectoryString': { 0: 'teletexString', 1: 'printableString', 2: 'universalString', 3: 'bmpString', 4: 'uTF8String' },
};
