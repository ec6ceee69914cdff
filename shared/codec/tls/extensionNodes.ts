// The trees of a message's extensions with Wireshark's names (RFC 8446 4.2; RFC 6066, 7301, 7627, 8422, 8449, 5746). The same extension
// has another form from a client, from a server and in a ticket; what is not known keeps its bytes.

import { labelled } from '../layout';
import { ocspNodes } from '../x509/ocsp';
import { named } from './labels';
import { COMPRESSION_NAMES, EXTENSION, EXTENSION_NAMES, FRAGMENT_SIZES, GROUP_NAMES, HEARTBEAT_MODE_NAMES, isGrease, KEY_FORM_NAMES, POINT_FORMAT_NAMES, PSK_MODE_NAMES, VERSION_NAMES } from './names';
import { sctListNodes } from './sct';
import { signatureAlgorithm, signatureName } from './signature';
import type { Walk } from './walk';

export type Speaker = 'client' | 'server' | 'ticket';

const group = named(GROUP_NAMES);
const version = named(VERSION_NAMES);
const extensionName = (type: number): string => (isGrease(type) ? 'GREASE' : (EXTENSION_NAMES.get(type) ?? `${type}`));

/** The extensions with their length before them. */
export function extensionNodes(walk: Walk, speaker: Speaker): void {
  walk.vector('tls.handshake.extensions_length', 2, null, (inner) => {
    while (inner.more) {
      const type = inner.peek(2);
      const length = inner.peek(2, 2);
      if (type === null || length === null) inner.uint('tls.handshake.extension.type', 4);
      // Wireshark has no name for the node that holds them.
      else inner.part('tls.handshake.extension', 4 + length, (part) => {
        part.uint('tls.handshake.extension.type', 2, (value) => `${extensionName(value)} (${value})`);
        part.uint('tls.handshake.extension.len', 2, (value) => `${value} B`);
        const said = content(part, type, speaker);
        return said === '' ? extensionName(type) : `${extensionName(type)}: ${said}`;
      });
    }
    return '';
  });
}

/** The content of an extension; gives what it says in short. */
function content(walk: Walk, type: number, speaker: Speaker): string {
  switch (type) {
    case EXTENSION.serverName: return walk.left === 0 ? '' : serverName(walk);
    case EXTENSION.alpn: return list(walk, 'tls.handshake.extensions_alpn_len', 2, 'tls.handshake.extensions_alpn_list', (inner) => {
      const length = inner.uint('tls.handshake.extensions_alpn_str_len', 1, (value) => `${value} B`);
      return length === null ? '' : inner.text('tls.handshake.extensions_alpn_str', length);
    });
    case EXTENSION.supportedVersions: {
      if (speaker !== 'client') return shown(walk, 'tls.handshake.extensions.supported_version', version);
      return list(walk, 'tls.handshake.extensions.supported_versions_len', 1, null, (inner) => shown(inner, 'tls.handshake.extensions.supported_version', version));
    }
    case EXTENSION.supportedGroups: return list(walk, 'tls.handshake.extensions_supported_groups_length', 2, 'tls.handshake.extensions_supported_groups', (inner) => shown(inner, 'tls.handshake.extensions_supported_group', group));
    case EXTENSION.signatureAlgorithms: case EXTENSION.signatureAlgorithmsCert: case EXTENSION.delegatedCredentials:
      return list(walk, 'tls.handshake.sig_hash_alg_len', 2, 'tls.handshake.sig_hash_algs', (inner) => bare(signatureName, signatureAlgorithm(inner)));
    case EXTENSION.ecPointFormats: return list(walk, 'tls.handshake.extensions_ec_point_formats_length', 1, 'tls.handshake.extensions_ec_point_formats', (inner) => shown(inner, 'tls.handshake.extensions_ec_point_format', labelled(POINT_FORMAT_NAMES), 1));
    case EXTENSION.pskKeyExchangeModes: return list(walk, 'tls.extension.psk_ke_modes_length', 1, null, (inner) => shown(inner, 'tls.extension.psk_ke_mode', labelled(PSK_MODE_NAMES), 1));
    case EXTENSION.keyShare: case EXTENSION.draftKeyShare: return keyShare(walk, speaker);
    case EXTENSION.preSharedKey: return preSharedKey(walk, speaker);
    case EXTENSION.renegotiationInfo: {
      walk.opaque('tls.handshake.extensions_reneg_info_len', 1, 'tls.handshake.extensions_reneg_info');
      return '';
    }
    case EXTENSION.heartbeat: return shown(walk, 'tls.handshake.extension.heartbeat.mode', labelled(HEARTBEAT_MODE_NAMES), 1);
    case EXTENSION.maxFragmentLength: return shown(walk, 'tls.handshake.max_fragment_length', labelled(FRAGMENT_SIZES), 1);
    case EXTENSION.signedTimestamps: return walk.left === 0 ? '' : sctListNodes(walk);
    case EXTENSION.clientCertificateType: case EXTENSION.serverCertificateType: return keyForms(walk, speaker);
    case EXTENSION.compressCertificate: return list(walk, 'tls.compress_certificate.algorithms_length', 1, null, (inner) => shown(inner, 'tls.compress_certificate.algorithm', labelled(COMPRESSION_NAMES)));
    case EXTENSION.nextProtocol: return nextProtocols(walk);
    case EXTENSION.applicationSettings: return applicationSettings(walk, speaker);
    case EXTENSION.statusRequestV2: return statusRequests(walk, speaker);
    case EXTENSION.statusRequest: return speaker === 'client' ? statusRequest(walk) : certificateStatus(walk);
    case EXTENSION.earlyData: return speaker === 'ticket' && walk.left > 0 ? shown(walk, 'tls.early_data.max_early_data_size', (value) => `${value} B`, 4) : '';
    case EXTENSION.recordSizeLimit: return shown(walk, 'tls.record_size_limit', (value) => `${value} B`);
    case EXTENSION.cookie: {
      walk.opaque('tls.handshake.extensions.cookie_len', 2, 'tls.handshake.extensions.cookie');
      return '';
    }
    case EXTENSION.sessionTicket: {
      walk.rest('tls.handshake.extension.data');
      return '';
    }
    case EXTENSION.padding: {
      const size = walk.left;
      walk.rest('tls.handshake.extensions_padding_data');
      return `${size} B`;
    }
    default: {
      walk.rest('tls.handshake.extension.data');
      return '';
    }
  }
}

function shown(walk: Walk, name: string, format: (value: number) => string, size = 2): string {
  const value = walk.uint(name, size, format);
  return bare(format, value);
}

/** Without the number behind the name. */
const bare = (format: (value: number) => string, value: number | null): string => (value === null ? '' : format(value).replace(/ \((0x)?[0-9a-f]+\)$/, ''));

/** A vector of items, each read by `item`; gives the first few in words. */
function list(walk: Walk, lengthName: string, size: number, name: string | null, item: (inner: Walk) => string): string {
  const said: string[] = [];
  const inside = (inner: Walk): string => {
    while (inner.more) said.push(item(inner));
    return `${said.length}`;
  };
  walk.vector(lengthName, size, name, inside);
  return said.length > 3 ? `${said.slice(0, 3).join(', ')}, … (${said.length})` : said.join(', ');
}

const serverName = (walk: Walk): string => list(walk, 'tls.handshake.extensions_server_name_list_len', 2, null, (inner) => {
  inner.uint('tls.handshake.extensions_server_name_type', 1, (value) => (value === 0 ? 'host_name (0)' : `${value}`));
  const length = inner.uint('tls.handshake.extensions_server_name_len', 2, (value) => `${value} B`);
  return length === null ? '' : inner.text('tls.handshake.extensions_server_name', length);
});

/** RFC 8446 4.2.8: shares of a client, the one of a server, or the group that a HelloRetryRequest asks for. */
function keyShare(walk: Walk, speaker: Speaker): string {
  if (speaker === 'client') return list(walk, 'tls.handshake.extensions_key_share_client_length', 2, null, share);
  return walk.left === 2 ? shown(walk, 'tls.handshake.extensions_key_share_selected_group', group) : share(walk);
}

function share(walk: Walk): string {
  const said = shown(walk, 'tls.handshake.extensions_key_share_group', group);
  walk.opaque('tls.handshake.extensions_key_share_key_exchange_length', 2, 'tls.handshake.extensions_key_share_key_exchange');
  return said;
}

/** RFC 8446 4.2.11. */
function preSharedKey(walk: Walk, speaker: Speaker): string {
  if (speaker !== 'client') return shown(walk, 'tls.handshake.extensions.psk.identity.selected', String);
  const said = list(walk, 'tls.handshake.extensions.psk.identities.length', 2, null, (inner) => {
    inner.opaque('tls.handshake.extensions.psk.identity.identity_length', 2, 'tls.handshake.extensions.psk.identity.identity');
    inner.uint('tls.handshake.extensions.psk.identity.obfuscated_ticket_age', 4);
    return 'PSK';
  });
  walk.opaque('tls.handshake.extensions.psk.binders_len', 2, 'tls.handshake.extensions.psk.binders');
  return said;
}

function statusRequest(walk: Walk): string {
  walk.uint('tls.handshake.extensions_status_request_type', 1, (value) => (value === 1 ? 'OCSP (1)' : `${value}`));
  walk.opaque('tls.handshake.extensions_status_request_responder_ids_len', 2, 'tls.handshake.extension.data');
  walk.opaque('tls.handshake.extensions_status_request_exts_len', 2, 'tls.handshake.extension.data');
  return '';
}

/** RFC 8446 4.4.2.1: in the Certificate message of TLS 1.3. */
function certificateStatus(walk: Walk): string {
  if (walk.left === 0) return '';
  statusNodes(walk);
  return '';
}

/** What the server has asked for itself of whether its certificate is still good (RFC 6066 8). */
export function statusNodes(walk: Walk): void {
  walk.uint('tls.handshake.extensions_status_request_type', 1, (value) => (value === 1 ? 'OCSP (1)' : `${value}`));
  walk.vector('tls.handshake.ocsp_response_len', 3, 'ocsp.responseBytes', (inner) => inner.other('ocsp.responseBytes', ocspNodes));
}

/** RFC 6961 2.2. */
function statusRequests(walk: Walk, speaker: Speaker): string {
  if (speaker !== 'client' || walk.left === 0) return '';
  return list(walk, 'tls.handshake.extensions_status_request_list_len', 2, null, (inner) => {
    inner.uint('tls.handshake.extensions_status_request_type', 1, (value) => (value === 1 ? 'OCSP (1)' : value === 2 ? 'OCSP, each (2)' : `${value}`));
    inner.vector('tls.handshake.extensions_status_request_len', 2, null, (request) => {
      request.opaque('tls.handshake.extensions_status_request_responder_ids_len', 2, 'tls.handshake.extension.data');
      request.opaque('tls.handshake.extensions_status_request_exts_len', 2, 'tls.handshake.extension.data');
      return '';
    });
    return 'OCSP';
  });
}

/** RFC 7250 3: what a client can do, and the one that a server chose. */
function keyForms(walk: Walk, speaker: Speaker): string {
  const one = (inner: Walk): string => shown(inner, 'tls.handshake.cert_type.type', labelled(KEY_FORM_NAMES), 1);
  return speaker === 'client' ? list(walk, 'tls.handshake.cert_type.types_len', 1, 'tls.handshake.cert_type.types', one) : one(walk);
}

/** What came before ALPN (draft-agl-tls-nextprotoneg-04 3): the server's list has no length of its own. */
function nextProtocols(walk: Walk): string {
  const said: string[] = [];
  while (walk.more) {
    const length = walk.uint('tls.handshake.extensions_npn_str_len', 1, (value) => `${value} B`);
    if (length !== null) said.push(walk.text('tls.handshake.extensions_npn', length));
  }
  return said.join(', ');
}

/** draft-vvv-tls-alps-01 4: the protocols that a client has settings for, and a server's settings. */
function applicationSettings(walk: Walk, speaker: Speaker): string {
  if (speaker === 'client') {
    return list(walk, 'tls.handshake.extensions_alps_len', 2, 'tls.handshake.extensions_alps_alpn_list', (inner) => {
      const length = inner.uint('tls.handshake.extensions_alps_alpn_str_len', 1, (value) => `${value} B`);
      return length === null ? '' : inner.text('tls.handshake.extensions_alps_alpn_str', length);
    });
  }
  walk.rest('tls.handshake.extensions_alps.settings');
  return '';
}
