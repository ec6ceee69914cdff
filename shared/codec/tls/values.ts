// Names of values of TLS that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import { CIPHER_SUITE_NAMES } from './cipherSuites';
import type { ProtocolValues, ValueNames } from '../values';

const TLS_HANDSHAKE_EXTENSIONS_SUPPORTED_VERSION: ValueNames = {
  2: 'SSL 2.0', 256: 'DTLS 1.0 (OpenSSL pre 0.9.8f)', 257: 'GMTLS', 768: 'SSL 3.0', 769: 'TLS 1.0', 770: 'TLS 1.1', 771: 'TLS 1.2', 772: 'TLS 1.3', 2570: 'Reserved (GREASE)',
  6682: 'Reserved (GREASE)', 10794: 'Reserved (GREASE)', 14906: 'Reserved (GREASE)', 19018: 'Reserved (GREASE)', 23130: 'Reserved (GREASE)', 27242: 'Reserved (GREASE)',
  31354: 'Reserved (GREASE)', 32526: 'TLS 1.3 (draft 14)', 32527: 'TLS 1.3 (draft 15)', 32528: 'TLS 1.3 (draft 16)', 32529: 'TLS 1.3 (draft 17)', 32530: 'TLS 1.3 (draft 18)',
  32531: 'TLS 1.3 (draft 19)', 32532: 'TLS 1.3 (draft 20)', 32533: 'TLS 1.3 (draft 21)', 32534: 'TLS 1.3 (draft 22)', 32535: 'TLS 1.3 (draft 23)', 32536: 'TLS 1.3 (draft 24)',
  32537: 'TLS 1.3 (draft 25)', 32538: 'TLS 1.3 (draft 26)', 32539: 'TLS 1.3 (draft 27)', 32540: 'TLS 1.3 (draft 28)', 35466: 'Reserved (GREASE)', 39578: 'Reserved (GREASE)',
  43690: 'Reserved (GREASE)', 47802: 'Reserved (GREASE)', 51914: 'Reserved (GREASE)', 56026: 'Reserved (GREASE)', 60138: 'Reserved (GREASE)', 64250: 'Reserved (GREASE)',
  64279: 'TLS 1.3 (Facebook draft 23)', 64282: 'TLS 1.3 (Facebook draft 26)', 65277: 'DTLS 1.2', 65279: 'DTLS 1.0',
};

const TLS_HANDSHAKE_EXTENSIONS_KEY_SHARE_GROUP: ValueNames = {
  1: 'sect163k1', 2: 'sect163r1', 3: 'sect163r2', 4: 'sect193r1', 5: 'sect193r2', 6: 'sect233k1', 7: 'sect233r1', 8: 'sect239k1', 9: 'sect283k1', 10: 'sect283r1',
  11: 'sect409k1', 12: 'sect409r1', 13: 'sect571k1', 14: 'sect571r1', 15: 'secp160k1', 16: 'secp160r1', 17: 'secp160r2', 18: 'secp192k1', 19: 'secp192r1', 20: 'secp224k1',
  21: 'secp224r1', 22: 'secp256k1', 23: 'secp256r1', 24: 'secp384r1', 25: 'secp521r1', 26: 'brainpoolP256r1', 27: 'brainpoolP384r1', 28: 'brainpoolP512r1', 29: 'x25519',
  30: 'x448', 41: 'curveSM2', 256: 'ffdhe2048', 257: 'ffdhe3072', 258: 'ffdhe4096', 259: 'ffdhe6144', 260: 'ffdhe8192', 512: 'frodo640aes', 513: 'frodo640shake',
  514: 'frodo976aes', 515: 'frodo976shake', 516: 'frodo1344aes', 517: 'frodo1344shake', 532: 'ntru_hps2048509', 533: 'ntru_hps2048677', 534: 'ntru_hps4096821',
  535: 'ntru_hrss701', 536: 'lightsaber', 537: 'saber', 538: 'firesaber', 539: 'sidhp434', 540: 'sidhp503', 541: 'sidhp610', 542: 'sidhp751', 543: 'sikep434', 544: 'sikep503',
  545: 'sikep610', 546: 'sikep751', 556: 'hqc128', 557: 'hqc192', 558: 'hqc256', 559: 'ntrulpr653', 560: 'ntrulpr761', 561: 'ntrulpr857', 562: 'sntrup653', 563: 'sntrup761',
  564: 'sntrup857', 568: 'bikel1', 570: 'kyber512', 571: 'bikel3', 572: 'kyber768', 573: 'kyber1024', 574: 'kyber90s512', 575: 'kyber90s768', 576: 'kyber90s1024',
  577: 'ntrulpr1277', 578: 'sntrup1277', 581: 'ntru_hps40961229', 582: 'ntru_hrss1373', 2570: 'Reserved (GREASE)', 6682: 'Reserved (GREASE)', 10794: 'Reserved (GREASE)',
  12032: 'p256_frodo640aes', 12033: 'p256_frodo640shake', 12034: 'p384_frodo976aes', 12035: 'p384_frodo976shake', 12036: 'p521_frodo1344aes', 12037: 'p521_frodo1344shake',
  12052: 'p256_ntru_hps2048509', 12053: 'p384_ntru_hps2048677', 12054: 'p521_ntru_hps4096821', 12055: 'p384_ntru_hrss701', 12056: 'p256_lightsaber', 12057: 'p384_saber',
  12058: 'p521_firesaber', 12059: 'p256_sidhp434', 12060: 'p256_sidhp503', 12061: 'p384_sidhp610', 12062: 'p521_sidhp751', 12063: 'p256_sikep434', 12064: 'p256_sikep503',
  12065: 'p384_sikep610', 12066: 'p521_sikep751', 12076: 'p256_hqc128', 12077: 'p384_hqc192', 12078: 'p521_hqc256', 12079: 'p256_ntrulpr653', 12081: 'p384_ntrulpr857',
  12082: 'p256_sntrup653', 12084: 'p384_sntrup857', 12088: 'p256_bikel1', 12090: 'p256_kyber512', 12091: 'p384_bikel3', 12092: 'p384_kyber768', 12093: 'p521_kyber1024',
  12094: 'p256_kyber90s512', 12095: 'p384_kyber90s768', 12096: 'p521_kyber90s1024', 12097: 'p521_ntrulpr1277', 12098: 'p521_sntrup1277', 12099: 'p256_ntrulpr761',
  12100: 'p256_sntrup761', 12101: 'p521_ntru_hps40961229', 12102: 'p521_ntru_hrss1373', 14906: 'Reserved (GREASE)', 19018: 'Reserved (GREASE)', 23130: 'Reserved (GREASE)',
  27242: 'Reserved (GREASE)', 31354: 'Reserved (GREASE)', 35466: 'Reserved (GREASE)', 39578: 'Reserved (GREASE)', 43690: 'Reserved (GREASE)', 47802: 'Reserved (GREASE)',
  51914: 'Reserved (GREASE)', 56026: 'Reserved (GREASE)', 60138: 'Reserved (GREASE)', 64250: 'Reserved (GREASE)', 65281: 'arbitrary_explicit_prime_curves',
  65282: 'arbitrary_explicit_char2_curves',
};

const TLS_RECORD_CONTENT_TYPE: ValueNames = {
  20: 'Change Cipher Spec', 21: 'Alert', 22: 'Handshake', 23: 'Application Data', 24: 'Heartbeat', 25: 'Connection ID',
};

export const values: ProtocolValues = {
  'tls.handshake.ciphersuite': Object.fromEntries(CIPHER_SUITE_NAMES),
  'tls.alert_message.desc': {
    0: 'Close Notify', 1: 'End of Early Data', 10: 'Unexpected Message', 20: 'Bad Record MAC', 21: 'Decryption Failed', 22: 'Record Overflow', 30: 'Decompression Failure',
    40: 'Handshake Failure', 41: 'No Certificate', 42: 'Bad Certificate', 43: 'Unsupported Certificate', 44: 'Certificate Revoked', 45: 'Certificate Expired',
    46: 'Certificate Unknown', 47: 'Illegal Parameter', 48: 'Unknown CA', 49: 'Access Denied', 50: 'Decode Error', 51: 'Decrypt Error', 60: 'Export Restriction',
    70: 'Protocol Version', 71: 'Insufficient Security', 80: 'Internal Error', 86: 'Inappropriate Fallback', 90: 'User Canceled', 100: 'No Renegotiation',
    109: 'Missing Extension', 110: 'Unsupported Extension', 111: 'Certificate Unobtainable', 112: 'Unrecognized Name', 113: 'Bad Certificate Status Response',
    114: 'Bad Certificate Hash Value', 115: 'Unknown PSK Identity', 116: 'Certificate Required', 120: 'No application Protocol', 121: 'ECH Required',
  },
  'tls.alert_message.level': { 1: 'Warning', 2: 'Fatal' },
  'tls.extension.psk_ke_mode': { 0: 'PSK-only key establishment (psk_ke)', 1: 'PSK with (EC)DHE key establishment (psk_dhe_ke)' },
  'tls.compress_certificate.algorithm': { 1: 'zlib', 2: 'brotli', 3: 'zstd' },
  'tls.handshake.cert_type': {
    0: 'N/A', 1: 'X.509 Certificate', 2: 'DSS Sign', 3: 'RSA Fixed DH', 4: 'DSS Fixed DH', 21: 'GOST R 34.10-94', 22: 'GOST R 34.10-2001', 64: 'ECDSA Sign',
    65: 'RSA Fixed ECDH', 66: 'ECDSA Fixed ECDH', 80: 'IBC Params',
  },
  'tls.handshake.cert_type.type': { 0: 'X.509', 1: 'OpenPGP', 2: 'Raw Public Key' },
  'tls.handshake.comp_method': { 0: 'null', 1: 'DEFLATE', 64: 'LZS' },
  'tls.handshake.extension.heartbeat.mode': { 1: 'Peer allowed to send requests', 2: 'Peer not allowed to send requests' },
  'tls.handshake.extension.type': {
    0: 'server_name', 1: 'max_fragment_length', 2: 'client_certificate_url', 3: 'trusted_ca_keys', 4: 'truncated_hmac', 5: 'status_request', 6: 'user_mapping',
    7: 'client_authz', 8: 'server_authz', 9: 'cert_type', 10: 'supported_groups', 11: 'ec_point_formats', 12: 'srp', 13: 'signature_algorithms', 14: 'use_srtp',
    15: 'heartbeat', 16: 'application_layer_protocol_negotiation', 17: 'status_request_v2', 18: 'signed_certificate_timestamp', 19: 'client_certificate_type',
    20: 'server_certificate_type', 21: 'padding', 22: 'encrypt_then_mac', 23: 'extended_master_secret', 24: 'token_binding', 25: 'cached_info', 27: 'compress_certificate',
    28: 'record_size_limit', 34: 'delegated_credentials', 35: 'session_ticket', 40: 'Reserved (key_share)', 41: 'pre_shared_key', 42: 'early_data', 43: 'supported_versions',
    44: 'cookie', 45: 'psk_key_exchange_modes', 46: 'Reserved (ticket_early_data_info)', 47: 'certificate_authorities', 48: 'oid_filters', 49: 'post_handshake_auth',
    50: 'signature_algorithms_cert', 51: 'key_share', 52: 'transparency_info', 53: 'connection_id (deprecated)', 54: 'connection_id', 55: 'external_id_hash',
    56: 'external_session_id', 57: 'quic_transport_parameters', 58: 'ticket_request', 59: 'dnssec_chain', 2570: 'Reserved (GREASE)', 6682: 'Reserved (GREASE)',
    10794: 'Reserved (GREASE)', 13172: 'next_protocol_negotiation', 14906: 'Reserved (GREASE)', 17513: 'application_settings', 19018: 'Reserved (GREASE)',
    23130: 'Reserved (GREASE)', 27242: 'Reserved (GREASE)', 30031: 'channel_id_old', 30032: 'channel_id', 31354: 'Reserved (GREASE)', 35466: 'Reserved (GREASE)',
    39578: 'Reserved (GREASE)', 43690: 'Reserved (GREASE)', 47802: 'Reserved (GREASE)', 51914: 'Reserved (GREASE)', 56026: 'Reserved (GREASE)', 60138: 'Reserved (GREASE)',
    64250: 'Reserved (GREASE)', 65281: 'renegotiation_info', 65445: 'quic_transport_parameters (drafts version)', 65486: 'encrypted_server_name',
  },
  'tls.handshake.extensions.supported_version': TLS_HANDSHAKE_EXTENSIONS_SUPPORTED_VERSION,
  'tls.handshake.extensions_ec_point_format': { 0: 'uncompressed', 1: 'ansiX962_compressed_prime', 2: 'ansiX962_compressed_char2' },
  'tls.handshake.extensions_key_share_group': TLS_HANDSHAKE_EXTENSIONS_KEY_SHARE_GROUP,
  'tls.handshake.extensions_key_share_selected_group': TLS_HANDSHAKE_EXTENSIONS_KEY_SHARE_GROUP, 'tls.handshake.extensions_server_name_type': { 0: 'host_name' },
  'tls.handshake.extensions_status_request_type': { 1: 'OCSP', 2: 'OCSP Multi' }, 'tls.handshake.extensions_supported_group': TLS_HANDSHAKE_EXTENSIONS_KEY_SHARE_GROUP,
  'tls.handshake.key_update.request_update': { 0: 'update_not_requested', 1: 'update_requested' },
  'tls.handshake.max_fragment_length': { 1: '512', 2: '1024', 3: '2048', 4: '4096' },
  'tls.handshake.server_curve_type': { 1: 'explicit_prime', 2: 'explicit_char2', 3: 'named_curve' },
  'tls.handshake.server_named_curve': TLS_HANDSHAKE_EXTENSIONS_KEY_SHARE_GROUP,
  'tls.handshake.sig_hash_alg': {
    513: 'rsa_pkcs1_sha1', 515: 'ecdsa_sha1', 1025: 'rsa_pkcs1_sha256', 1027: 'ecdsa_secp256r1_sha256', 1281: 'rsa_pkcs1_sha384', 1283: 'ecdsa_secp384r1_sha384',
    1537: 'rsa_pkcs1_sha512', 1539: 'ecdsa_secp521r1_sha512', 1800: 'sm2sig_sm3', 2052: 'rsa_pss_rsae_sha256', 2053: 'rsa_pss_rsae_sha384', 2054: 'rsa_pss_rsae_sha512',
    2055: 'ed25519', 2056: 'ed448', 2057: 'rsa_pss_pss_sha256', 2058: 'rsa_pss_pss_sha384', 2059: 'rsa_pss_pss_sha512', 65035: 'falcon512', 65036: 'p256_falcon512',
    65037: 'rsa3072_falcon512', 65038: 'falcon1024', 65039: 'p521_falcon1024', 65051: 'picnic3l1', 65052: 'p256_picnic3l1', 65053: 'rsa3072_picnic3l1',
    65063: 'rainbowIclassic', 65064: 'p256_rainbowIclassic', 65065: 'rsa3072_rainbowIclassic', 65084: 'rainbowVclassic', 65085: 'p521_rainbowVclassic',
    65090: 'sphincsharaka128frobust', 65091: 'p256_sphincsharaka128frobust', 65092: 'rsa3072_sphincsharaka128frobust', 65118: 'sphincssha256128frobust',
    65119: 'p256_sphincssha256128frobust', 65120: 'rsa3072_sphincssha256128frobust', 65146: 'sphincsshake256128frobust', 65147: 'p256_sphincsshake256128frobust',
    65148: 'rsa3072_sphincsshake256128frobust', 65174: 'picnicl1full', 65175: 'p256_picnicl1full', 65176: 'rsa3072_picnicl1full', 65184: 'dilithium2',
    65185: 'p256_dilithium2', 65186: 'rsa3072_dilithium2', 65187: 'dilithium3', 65188: 'p384_dilithium3', 65189: 'dilithium5', 65190: 'p521_dilithium5',
    65191: 'dilithium2_aes', 65192: 'p256_dilithium2_aes', 65193: 'rsa3072_dilithium2_aes', 65194: 'dilithium3_aes', 65195: 'p384_dilithium3_aes', 65196: 'dilithium5_aes',
    65197: 'p521_dilithium5_aes',
  },
  'tls.handshake.sig_hash_hash': { 0: 'None', 1: 'MD5', 2: 'SHA1', 3: 'SHA224', 4: 'SHA256', 5: 'SHA384', 6: 'SHA512', 7: 'SM3' },
  'tls.handshake.sig_hash_sig': { 0: 'Anonymous', 1: 'RSA', 2: 'DSA', 3: 'ECDSA', 4: 'SM2' },
  'tls.handshake.type': {
    0: 'Error', 1: 'Client Hello', 2: 'Client Master Key', 3: 'Client Finished', 4: 'Server Hello', 5: 'Server Verify', 6: 'Server Finished', 7: 'Request Certificate',
    8: 'Client Certificate', 11: 'Certificate', 12: 'Server Key Exchange', 13: 'Certificate Request', 14: 'Server Hello Done', 15: 'Certificate Verify',
    16: 'Client Key Exchange', 20: 'Finished', 21: 'Client Certificate URL', 22: 'Certificate Status', 23: 'Supplemental Data', 24: 'Key Update', 25: 'Compressed Certificate',
    67: 'Encrypted Extensions',
  },
  'tls.handshake.version': TLS_HANDSHAKE_EXTENSIONS_SUPPORTED_VERSION, 'tls.heartbeat_message.type': { 1: 'Request', 2: 'Response' },
  'tls.record.content_type': TLS_RECORD_CONTENT_TYPE, 'tls.record.opaque_type': TLS_RECORD_CONTENT_TYPE, 'tls.record.version': TLS_HANDSHAKE_EXTENSIONS_SUPPORTED_VERSION,
};
