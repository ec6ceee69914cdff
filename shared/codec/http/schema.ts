// Field types of HTTP/1 (RFC 9112), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'http': 'protocol', 'http.accept': 'string', 'http.accept_encoding': 'string', 'http.accept_language': 'string', 'http.authbasic': 'string',
  'http.authorization': 'string', 'http.bad_header_name': 'none', 'http.cache_control': 'string', 'http.chat': 'none', 'http.chunk_boundary': 'bytes',
  'http.chunk_data': 'bytes', 'http.chunk_size': 'uint32', 'http.chunked_trailer_part': 'string', 'http.connection': 'string', 'http.content_encoding': 'string',
  'http.content_length': 'uint64', 'http.content_length_header': 'string', 'http.content_type': 'string', 'http.cookie': 'string', 'http.cookie_pair': 'string',
  'http.date': 'string', 'http.decompression_failed': 'none', 'http.file_data': 'string', 'http.host': 'string', 'http.http2_settings': 'string',
  'http.last_modified': 'string', 'http.leading_crlf': 'none', 'http.location': 'string', 'http.next_request_in': 'frame',
  'http.next_response_in': 'frame', 'http.notification': 'bool', 'http.prev_request_in': 'frame',
  'http.prev_response_in': 'frame', 'http.proxy_authenticate': 'string', 'http.proxy_authorization': 'string',
  'http.referer': 'string', 'http.request': 'bool', 'http.request.full_uri': 'string', 'http.request.line': 'string',
  'http.request.method': 'string', 'http.request.uri': 'string', 'http.request.uri.path': 'string', 'http.request.uri.query': 'string',
  'http.request.uri.query.parameter': 'string', 'http.request.version': 'string', 'http.request_in': 'frame', 'http.request_number': 'uint32',
  'http.response': 'bool', 'http.response.code': 'uint16', 'http.response.code.desc': 'string', 'http.response.line': 'string', 'http.response.phrase': 'string',
  'http.response.version': 'string', 'http.response_for.uri': 'string', 'http.response_in': 'frame', 'http.response_number': 'uint32',
  'http.sec_websocket_accept': 'string', 'http.sec_websocket_extensions': 'string', 'http.sec_websocket_key': 'string', 'http.sec_websocket_protocol': 'string',
  'http.sec_websocket_version': 'string', 'http.server': 'string', 'http.set_cookie': 'string', 'http.te_and_length': 'none', 'http.te_unknown': 'none',
  'http.time': 'reltime', 'http.transfer_encoding': 'string', 'http.unknown_header': 'string', 'http.upgrade': 'string', 'http.user_agent': 'string',
  'http.www_authenticate': 'string', 'http.x_forwarded_for': 'string',
  // Ours: Wireshark shows these bytes without a name.
  'http.chunk': 'none', 'http.chunk_extension': 'string', 'http.coded_data': 'bytes', 'http.colon': 'string', 'http.data': 'bytes', 'http.head_end': 'string', 'http.header.name': 'string',
  'http.header.value': 'string', 'http.line_end': 'string', 'http.space': 'string', 'http.trailer_end': 'string',
};
