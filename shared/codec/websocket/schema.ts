// Field types of WebSocket (RFC 6455), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'websocket': 'protocol', 'websocket.fin': 'bool', 'websocket.mask': 'bool', 'websocket.masked_payload': 'none', 'websocket.masking_key': 'bytes',
  'websocket.opcode': 'uint8', 'websocket.payload': 'none', 'websocket.payload.close': 'none', 'websocket.payload.close.reason': 'string',
  'websocket.payload.close.status_code': 'uint16', 'websocket.payload.ping': 'bytes', 'websocket.payload.pong': 'bytes', 'websocket.payload.text': 'string',
  'websocket.pmc': 'bool', 'websocket.payload_length': 'uint8', 'websocket.payload_length_ext_16': 'uint16', 'websocket.payload_length_ext_64': 'uint64', 'websocket.rsv': 'uint8 hex',
};
