// Names of TLS's numbers, as Wireshark and IANA's registries give them (RFC 8446 4, 6, 11; RFC 8701 for GREASE). Cipher suites are in
// cipherSuites.ts.

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;
export const CONTENT_NAMES: ReadonlyMap<number, string> = new Map([[20, 'Change Cipher Spec'], [21, 'Alert'], [22, 'Handshake'], [23, 'Application Data'], [24, 'Heartbeat']]);

export const HANDSHAKE = {
  helloRequest: 0, clientHello: 1, serverHello: 2, newSessionTicket: 4, endOfEarlyData: 5, encryptedExtensions: 8, certificate: 11, serverKeyExchange: 12, certificateRequest: 13,
  serverHelloDone: 14, certificateVerify: 15, clientKeyExchange: 16, finished: 20, certificateStatus: 22, keyUpdate: 24, compressedCertificate: 25,
} as const;
export const HANDSHAKE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Hello Request'], [1, 'Client Hello'], [2, 'Server Hello'], [4, 'New Session Ticket'], [5, 'End of Early Data'], [8, 'Encrypted Extensions'], [11, 'Certificate'], [12, 'Server Key Exchange'],
  [13, 'Certificate Request'], [14, 'Server Hello Done'], [15, 'Certificate Verify'], [16, 'Client Key Exchange'], [20, 'Finished'], [22, 'Certificate Status'], [24, 'Key Update'], [25, 'Compressed Certificate'],
]);

export const VERSIONS = { tls10: 0x0301, tls11: 0x0302, tls12: 0x0303, tls13: 0x0304 } as const;
export const VERSION_NAMES: ReadonlyMap<number, string> = new Map([[0x0300, 'SSL 3.0'], [0x0301, 'TLS 1.0'], [0x0302, 'TLS 1.1'], [0x0303, 'TLS 1.2'], [0x0304, 'TLS 1.3']]);

export const EXTENSION = {
  serverName: 0, maxFragmentLength: 1, statusRequest: 5, supportedGroups: 10, ecPointFormats: 11, signatureAlgorithms: 13, heartbeat: 15, alpn: 16, statusRequestV2: 17, signedTimestamps: 18, clientCertificateType: 19,
  serverCertificateType: 20, padding: 21, extendedMasterSecret: 23, compressCertificate: 27, recordSizeLimit: 28, delegatedCredentials: 34, sessionTicket: 35,
  draftKeyShare: 40, preSharedKey: 41, earlyData: 42, supportedVersions: 43, cookie: 44, pskKeyExchangeModes: 45, signatureAlgorithmsCert: 50, keyShare: 51, nextProtocol: 13_172, applicationSettings: 17_513, renegotiationInfo: 65_281,
} as const;
export const EXTENSION_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'server_name'], [1, 'max_fragment_length'], [2, 'client_certificate_url'], [3, 'trusted_ca_keys'], [4, 'truncated_hmac'], [5, 'status_request'], [6, 'user_mapping'],
  [7, 'client_authz'], [8, 'server_authz'], [9, 'cert_type'], [10, 'supported_groups'], [11, 'ec_point_formats'], [12, 'srp'], [13, 'signature_algorithms'],
  [14, 'use_srtp'], [15, 'heartbeat'], [16, 'application_layer_protocol_negotiation'], [17, 'status_request_v2'], [18, 'signed_certificate_timestamp'],
  [19, 'client_certificate_type'], [20, 'server_certificate_type'], [21, 'padding'], [22, 'encrypt_then_mac'], [23, 'extended_master_secret'], [24, 'token_binding'],
  [25, 'cached_info'], [27, 'compress_certificate'], [28, 'record_size_limit'], [34, 'delegated_credentials'], [35, 'session_ticket'], [40, 'key_share (draft)'], [41, 'pre_shared_key'],
  [42, 'early_data'], [43, 'supported_versions'], [44, 'cookie'], [45, 'psk_key_exchange_modes'], [47, 'certificate_authorities'], [48, 'oid_filters'],
  [49, 'post_handshake_auth'], [50, 'signature_algorithms_cert'], [51, 'key_share'], [52, 'transparency_info'], [54, 'connection_id'], [55, 'external_id_hash'],
  [56, 'external_session_id'], [57, 'quic_transport_parameters'], [58, 'ticket_request'], [59, 'dnssec_chain'], [13172, 'next_protocol_negotiation'],
  [17513, 'application_settings'], [30031, 'channel_id_old'], [30032, 'channel_id'], [65037, 'encrypted_client_hello'], [65281, 'renegotiation_info'],
]);

export const GROUP_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0011, 'secp160r2'], [0x0012, 'secp192k1'], [0x0013, 'secp192r1'], [0x0014, 'secp224k1'], [0x0015, 'secp224r1'], [0x0016, 'secp256k1'], [0x0017, 'secp256r1'],
  [0x0018, 'secp384r1'], [0x0019, 'secp521r1'], [0x001a, 'brainpoolP256r1'], [0x001b, 'brainpoolP384r1'], [0x001c, 'brainpoolP512r1'], [0x001d, 'x25519'],
  [0x001e, 'x448'], [0x0029, 'curveSM2'], [0x0100, 'ffdhe2048'], [0x0101, 'ffdhe3072'], [0x0102, 'ffdhe4096'], [0x0103, 'ffdhe6144'], [0x0104, 'ffdhe8192'],
  [0x11ec, 'X25519MLKEM768'], [0x11eb, 'SecP256r1MLKEM768'], [0x6399, 'X25519Kyber768Draft00'],
]);

export const SIGNATURE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0201, 'rsa_pkcs1_sha1'], [0x0203, 'ecdsa_sha1'], [0x0401, 'rsa_pkcs1_sha256'], [0x0403, 'ecdsa_secp256r1_sha256'], [0x0501, 'rsa_pkcs1_sha384'],
  [0x0503, 'ecdsa_secp384r1_sha384'], [0x0601, 'rsa_pkcs1_sha512'], [0x0603, 'ecdsa_secp521r1_sha512'], [0x0708, 'sm2sig_sm3'], [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'], [0x0806, 'rsa_pss_rsae_sha512'], [0x0807, 'ed25519'], [0x0808, 'ed448'], [0x0809, 'rsa_pss_pss_sha256'], [0x080a, 'rsa_pss_pss_sha384'],
  [0x080b, 'rsa_pss_pss_sha512'], [0x0402, 'dsa_sha256'], [0x0302, 'dsa_sha224'], [0x0202, 'dsa_sha1'], [0x0502, 'dsa_sha384'], [0x0602, 'dsa_sha512'],
  [0x0301, 'rsa_pkcs1_sha224'], [0x0303, 'ecdsa_sha224'], [0x081a, 'ecdsa_brainpoolP256r1tls13_sha256'], [0x081b, 'ecdsa_brainpoolP384r1tls13_sha384'],
  [0x081c, 'ecdsa_brainpoolP512r1tls13_sha512'],
]);

export const ALERT_LEVELS: ReadonlyMap<number, string> = new Map([[1, 'Warning'], [2, 'Fatal']]);
export const ALERT_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Close Notify'], [1, 'End of Early Data'], [10, 'Unexpected Message'], [20, 'Bad Record MAC'], [21, 'Decryption Failed'], [22, 'Record Overflow'],
  [30, 'Decompression Failure'], [40, 'Handshake Failure'], [41, 'No Certificate'], [42, 'Bad Certificate'], [43, 'Unsupported Certificate'], [44, 'Certificate Revoked'],
  [45, 'Certificate Expired'], [46, 'Certificate Unknown'], [47, 'Illegal Parameter'], [48, 'Unknown CA'], [49, 'Access Denied'], [50, 'Decode Error'],
  [51, 'Decrypt Error'], [60, 'Export Restriction'], [70, 'Protocol Version'], [71, 'Insufficient Security'], [80, 'Internal Error'], [86, 'Inappropriate Fallback'],
  [90, 'User Canceled'], [100, 'No Renegotiation'], [109, 'Missing Extension'], [110, 'Unsupported Extension'], [111, 'Certificate Unobtainable'],
  [112, 'Unrecognized Name'], [113, 'Bad Certificate Status Response'], [114, 'Bad Certificate Hash Value'], [115, 'Unknown PSK Identity'], [116, 'Certificate Required'],
  [120, 'No application Protocol'], [121, 'ECH Required'],
]);

/** RFC 8879 7.3, RFC 6520 2, RFC 6066 4, RFC 7250 3. */
export const COMPRESSION_NAMES: ReadonlyMap<number, string> = new Map([[1, 'zlib'], [2, 'brotli'], [3, 'zstd']]);
export const HEARTBEAT_MODE_NAMES: ReadonlyMap<number, string> = new Map([[1, 'Peer allowed to send requests'], [2, 'Peer not allowed to send requests']]);
export const HEARTBEAT_NAMES: ReadonlyMap<number, string> = new Map([[1, 'Request'], [2, 'Response']]);
export const FRAGMENT_SIZES: ReadonlyMap<number, string> = new Map([[1, '512 B'], [2, '1024 B'], [3, '2048 B'], [4, '4096 B']]);
export const KEY_FORM_NAMES: ReadonlyMap<number, string> = new Map([[0, 'X.509'], [1, 'OpenPGP'], [2, 'Raw Public Key']]);

export const PSK_MODE_NAMES: ReadonlyMap<number, string> = new Map([[0, 'PSK only'], [1, 'PSK with (EC)DHE']]);
export const POINT_FORMAT_NAMES: ReadonlyMap<number, string> = new Map([[0, 'uncompressed'], [1, 'ansiX962_compressed_prime'], [2, 'ansiX962_compressed_char2']]);
export const CERTIFICATE_TYPE_NAMES: ReadonlyMap<number, string> = new Map([[1, 'RSA Sign'], [2, 'DSS Sign'], [3, 'RSA Fixed DH'], [4, 'DSS Fixed DH'], [64, 'ECDSA Sign'], [65, 'RSA Fixed ECDH'], [66, 'ECDSA Fixed ECDH']]);
export const CURVE_TYPE_NAMES: ReadonlyMap<number, string> = new Map([[3, 'named_curve']]);

/** Versions of the drafts of TLS 1.3; until draft 22 a ServerHello says them in its own field (RFC 8446 4.2.1 says them in an extension). */
export const isDraft = (version: number): boolean => version >> 8 === 0x7f;
/** TLS 1.3, or a draft of it. */
export const isTls13 = (version: number): boolean => version === VERSIONS.tls13 || isDraft(version);

/** RFC 8701 2: values that mean nothing, sent so that receivers stay used to unknown ones. */
export const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
