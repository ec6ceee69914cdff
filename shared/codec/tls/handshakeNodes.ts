// The tree of one handshake message with Wireshark's names (RFC 8446 4; RFC 5246 7.4; RFC 8422 5). What a message means may hang on
// others (the version, the key exchange); where the bytes alone tell it, they do, else they stay bytes.

import { readUint } from '../../base/bytes';
import { dateText } from '../dates';
import { group, type FieldNode } from '../field';
import { hex, labelled } from '../layout';
import { certificateNodes } from '../x509/fields';
import { dnameNodes } from '../x509/nameNodes';
import { CIPHER_SUITE_NAMES } from './cipherSuites';
import { extensionNodes, statusNodes } from './extensionNodes';
import { HANDSHAKE_HEAD, handshakeName } from './handshake';
import { decodeClientHello, decodeServerHello } from './hello';
import { ja3Hash, ja3Of, ja3sOf } from './ja3';
import { clientKeyExchange, serverKeyExchange } from './keyExchangeNodes';
import { named } from './labels';
import { CERTIFICATE_TYPE_NAMES, HANDSHAKE, HANDSHAKE_NAMES, isDraft, VERSION_NAMES } from './names';
import { signatureAlgorithm, signatureNodes } from './signature';
import { Walk, type Room } from './walk';

const version = labelled(VERSION_NAMES, hex(4));
const suite = named(CIPHER_SUITE_NAMES);
const seconds = (value: number): string => `${value} s`;

/** `cut`: it goes on in another record. `tls13`: null where nobody knows. `cipher`: the name of the suite, '' where nobody knows. */
interface About {
  readonly cut: boolean;
  readonly tls13: boolean | null;
  readonly cipher: string;
}

/** The message from `at` to the end of `bytes`. */
export function handshakeNodes(bytes: Uint8Array, at: number, base: number, about: About, room: Room): FieldNode {
  const walk = new Walk(bytes, at, bytes.length, base, room);
  const type = walk.uint('tls.handshake.type', 1, labelled(HANDSHAKE_NAMES)) ?? -1;
  const length = walk.uint('tls.handshake.length', 3, (value) => `${value} B`);
  if (about.cut) walk.rest('tls.handshake.fragment');
  else if (length !== null && bytes.length >= at + HANDSHAKE_HEAD) body(walk, type, bytes.subarray(at + HANDSHAKE_HEAD), about);
  const problem = about.cut ? undefined : (walk.problem ?? undefined);
  walk.rest(about.cut ? 'tls.handshake.fragment' : 'tls.malformed.trailing_data');
  return group('tls.handshake', handshakeName(type), base + at, bytes.length - at, walk.nodes, problem);
}

function body(walk: Walk, type: number, bytes: Uint8Array, { tls13, cipher }: About): void {
  switch (type) {
    case HANDSHAKE.clientHello: return clientHello(walk, bytes, tls13);
    case HANDSHAKE.serverHello: return serverHello(walk, bytes, tls13);
    case HANDSHAKE.encryptedExtensions: return extensionNodes(walk, 'server');
    case HANDSHAKE.newSessionTicket: return ticket(walk);
    case HANDSHAKE.certificate: return certificates(walk, bytes, tls13 ?? hasContext(bytes));
    case HANDSHAKE.certificateRequest: return request(walk, tls13 ?? looksLikeRequest13(bytes));
    case HANDSHAKE.serverKeyExchange: return serverKeyExchange(walk, bytes, cipher);
    case HANDSHAKE.clientKeyExchange: return clientKeyExchange(walk, bytes, cipher);
    case HANDSHAKE.certificateVerify: return signatureNodes(walk, 'tls.handshake.client_cert_vrfy.sig');
    case HANDSHAKE.finished: return walk.rest('tls.handshake.verify_data');
    case HANDSHAKE.keyUpdate: return void walk.uint('tls.handshake.key_update.request_update', 1, (value) => (value === 1 ? 'update_requested (1)' : `update_not_requested (${value})`));
    case HANDSHAKE.certificateStatus: return statusNodes(walk);
    default: return walk.rest('tls.handshake.data');
  }
}

/** Up to TLS 1.2 the random begins with the time of day (RFC 5246 7.4.1.2); hardly anybody still writes it there. */
function randomParts(walk: Walk): void {
  walk.uint('tls.handshake.random_time', 4, dateText);
  walk.rest('tls.handshake.random_bytes');
}

function helloStart(walk: Walk, tls13: boolean | null): void {
  walk.uint('tls.handshake.version', 2, version);
  walk.data('tls.handshake.random', 32, tls13 === true ? undefined : randomParts);
}

const sessionId = (walk: Walk): void => walk.opaque('tls.handshake.session_id_length', 1, 'tls.handshake.session_id');

function clientHello(walk: Walk, bytes: Uint8Array, tls13: boolean | null): void {
  helloStart(walk, tls13);
  sessionId(walk);
  walk.vector('tls.handshake.cipher_suites_length', 2, 'tls.handshake.ciphersuites', (inner) => {
    let count = 0;
    for (; inner.left >= 2 && inner.more; count++) inner.uint('tls.handshake.ciphersuite', 2, suite);
    return `${count}`;
  });
  walk.vector('tls.handshake.comp_methods_length', 1, 'tls.handshake.comp_methods', (inner) => {
    while (inner.more) inner.uint('tls.handshake.comp_method', 1, (value) => (value === 0 ? 'null (0)' : `${value}`));
    return '';
  });
  if (walk.left > 0) extensionNodes(walk, 'client');
  const hello = decodeClientHello(bytes);
  if (hello === null) return;
  const text = ja3Of(hello);
  walk.infer('tls.handshake.ja3_full', text);
  walk.infer('tls.handshake.ja3', ja3Hash(text));
}

function serverHello(walk: Walk, bytes: Uint8Array, tls13: boolean | null): void {
  const short = isDraft(walk.peek(2) ?? 0);
  helloStart(walk, short || tls13);
  // Drafts of TLS 1.3 up to 21 left out what means nothing any more.
  if (!short) sessionId(walk);
  walk.uint('tls.handshake.ciphersuite', 2, suite);
  if (!short) walk.uint('tls.handshake.comp_method', 1, (value) => (value === 0 ? 'null (0)' : `${value}`));
  if (walk.left > 0) extensionNodes(walk, 'server');
  const hello = decodeServerHello(bytes);
  if (hello === null) return;
  const text = ja3sOf(hello);
  walk.infer('tls.handshake.ja3s_full', text);
  walk.infer('tls.handshake.ja3s', ja3Hash(text));
}

/** RFC 8446 4.6.1, or RFC 5077 3.3: there the length of the ticket stands behind the lifetime. */
function ticket(walk: Walk): void {
  const old = walk.peek(2, 4) === walk.left - 6;
  walk.uint('tls.handshake.session_ticket_lifetime_hint', 4, seconds);
  if (!old) {
    walk.uint('tls.handshake.session_ticket_age_add', 4);
    walk.opaque('tls.handshake.session_ticket_nonce_length', 1, 'tls.handshake.session_ticket_nonce');
  }
  walk.opaque('tls.handshake.session_ticket_length', 2, 'tls.handshake.session_ticket');
  if (!old && walk.left > 0) extensionNodes(walk, 'ticket');
}

/** TLS 1.3 (RFC 8446 4.4.2) has a context before the list: then the first three bytes are not the length of all that follows. */
const hasContext = (bytes: Uint8Array): boolean => bytes.length >= 4 && readUint(bytes, 0, 3) !== bytes.length - 3;
/** RFC 8446 4.3.2: context and extensions only. */
const looksLikeRequest13 = (bytes: Uint8Array): boolean => bytes.length >= 3 && bytes.length >= 3 + (bytes[0] ?? 0) && readUint(bytes, 1 + (bytes[0] ?? 0), 2) === bytes.length - 3 - (bytes[0] ?? 0);

function certificates(walk: Walk, bytes: Uint8Array, tls13: boolean): void {
  if (tls13) walk.opaque('tls.handshake.certificate_request_context_length', 1, 'tls.handshake.certificate_request_context');
  walk.vector('tls.handshake.certificates_length', 3, 'tls.handshake.certificates', (inner) => {
    let count = 0;
    for (; inner.more; count++) {
      const length = inner.uint('tls.handshake.certificate_length', 3, (value) => `${value} B`);
      if (length === null) break;
      inner.part('tls.handshake.certificate', length, (part) => part.other('tls.handshake.certificate', certificateNodes));
      if (tls13) extensionNodes(inner, 'server');
    }
    return `${count}`;
  });
}

function request(walk: Walk, tls13: boolean): void {
  if (tls13) {
    walk.opaque('tls.handshake.certificate_request_context_length', 1, 'tls.handshake.certificate_request_context');
    return extensionNodes(walk, 'client');
  }
  walk.vector('tls.handshake.cert_types_count', 1, 'tls.handshake.cert_types', (inner) => {
    while (inner.more) inner.uint('tls.handshake.cert_type', 1, labelled(CERTIFICATE_TYPE_NAMES));
    return '';
  });
  walk.vector('tls.handshake.sig_hash_alg_len', 2, 'tls.handshake.sig_hash_algs', (inner) => {
    while (inner.left >= 2 && inner.more) signatureAlgorithm(inner);
    return '';
  });
  walk.vector('tls.handshake.dnames_len', 2, 'tls.handshake.dnames', (inner) => {
    while (inner.more) inner.vector('tls.handshake.dname_len', 2, 'tls.handshake.dname', (part) => part.other('tls.handshake.dname', dnameNodes));
    return '';
  });
}
