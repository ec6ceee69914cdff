// Field types of certificates (RFC 5280), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'ber': 'protocol', 'pkcs-1': 'protocol', 'pkix1explicit': 'protocol', 'pkix1implicit': 'protocol', 'x509af': 'protocol', 'x509ce': 'protocol',
  'x509if': 'protocol', 'x509sat': 'protocol', 'ber.bitstring.padding': 'uint8', 'pkcs1.modulus': 'bytes', 'pkcs1.namedCurve': 'oid',
  'pkcs1.publicExponent': 'int32', 'pkix1explicit.DirectoryString': 'string', 'pkix1implicit.AccessDescription_element': 'none',
  'pkix1implicit.AuthorityInfoAccessSyntax': 'uint32', 'pkix1implicit.UserNotice_element': 'none', 'pkix1implicit.accessLocation': 'uint32',
  'pkix1implicit.accessMethod': 'oid', 'pkix1implicit.bmpString': 'string', 'pkix1implicit.explicitText': 'uint32', 'pkix1implicit.ia5String': 'string',
  'pkix1implicit.utf8String': 'string', 'pkix1implicit.visibleString': 'string', 'x509af.Extension_element': 'none', 'x509af.algorithm.id': 'oid',
  'x509af.algorithmIdentifier_element': 'none', 'x509af.algorithm_element': 'none', 'x509af.critical': 'bool', 'x509af.encrypted': 'bytes',
  'x509af.extension.id': 'oid', 'x509af.extensions': 'uint32', 'x509af.extnValue': 'bytes', 'x509af.generalizedTime': 'abstime', 'x509af.issuer': 'uint32',
  'x509af.notAfter': 'uint32', 'x509af.notBefore': 'uint32', 'x509af.rdnSequence': 'uint32', 'x509af.serialNumber': 'bytes', 'x509af.signature_element': 'none',
  'x509af.signedCertificate_element': 'none', 'x509af.subject': 'uint32', 'x509af.subjectPublicKey': 'bytes', 'x509af.subjectPublicKeyInfo_element': 'none',
  'x509af.utcTime': 'string', 'x509af.validity_element': 'none', 'x509af.version': 'int32', 'x509ce.AuthorityKeyIdentifier_element': 'none',
  'x509ce.BasicConstraintsSyntax_element': 'none', 'x509ce.CRLDistPointsSyntax': 'uint32', 'x509ce.CertificatePoliciesSyntax': 'uint32',
  'x509ce.DistributionPoint_element': 'none', 'x509ce.GeneralName': 'uint32', 'x509ce.GeneralNames': 'uint32', 'x509ce.IPAddress.ipv4': 'ipv4',
  'x509ce.IPAddress.ipv6': 'ipv6', 'x509ce.KeyPurposeIDs': 'uint32', 'x509ce.KeyPurposeId': 'oid', 'x509ce.KeyUsage': 'bytes',
  'x509ce.KeyUsage.cRLSign': 'bool', 'x509ce.KeyUsage.contentCommitment': 'bool', 'x509ce.KeyUsage.dataEncipherment': 'bool',
  'x509ce.KeyUsage.decipherOnly': 'bool', 'x509ce.KeyUsage.digitalSignature': 'bool', 'x509ce.KeyUsage.encipherOnly': 'bool',
  'x509ce.KeyUsage.keyAgreement': 'bool', 'x509ce.KeyUsage.keyCertSign': 'bool', 'x509ce.KeyUsage.keyEncipherment': 'bool',
  'x509ce.PolicyInformation_element': 'none', 'x509ce.PolicyQualifierInfo_element': 'none', 'x509ce.SubjectKeyIdentifier': 'bytes',
  'x509ce.authorityCertIssuer': 'uint32', 'x509ce.authorityCertSerialNumber': 'bytes', 'x509ce.cA': 'bool', 'x509ce.dNSName': 'string',
  'x509ce.directoryName': 'uint32', 'x509ce.distributionPoint': 'uint32', 'x509ce.fullName': 'uint32', 'x509ce.iPAddress': 'bytes', 'x509ce.id': 'oid',
  'x509ce.keyIdentifier': 'bytes', 'x509ce.otherName_element': 'none', 'x509ce.pathLenConstraint': 'uint64', 'x509ce.policyIdentifier': 'oid',
  'x509ce.policyQualifiers': 'uint32', 'x509ce.registeredID': 'oid', 'x509ce.rfc822Name': 'string', 'x509ce.uniformResourceIdentifier': 'string',
  'x509if.RDNSequence_item': 'uint32', 'x509if.any.String': 'bytes', 'x509if.oid': 'oid', 'x509if.rdnSequence': 'uint32', 'x509sat.CountryName': 'string',
  'x509sat.DirectoryString': 'uint32', 'x509sat.IA5String': 'string', 'x509sat.PrintableString': 'string', 'x509sat.bmpString': 'string',
  'x509sat.printableString': 'string', 'x509sat.teletexString': 'string', 'x509sat.uTF8String': 'string', 'x509sat.universalString': 'string',
};
