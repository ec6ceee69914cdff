// Names of values of HTTP/2 that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues, ValueNames } from '../values';

const HTTP2_GOAWAY_ERROR: ValueNames = {
  0: 'NO_ERROR', 1: 'PROTOCOL_ERROR', 2: 'INTERNAL_ERROR', 3: 'FLOW_CONTROL_ERROR', 4: 'SETTINGS_TIMEOUT', 5: 'STREAM_CLOSED', 6: 'FRAME_SIZE_ERROR', 7: 'REFUSED_STREAM',
  8: 'CANCEL', 9: 'COMPRESSION_ERROR', 10: 'CONNECT_ERROR', 11: 'ENHANCE_YOUR_CALM', 12: 'INADEQUATE_SECURITY', 13: 'HTTP_1_1_REQUIRED',
};

export const values: ProtocolValues = {
  'http2.goaway.error': HTTP2_GOAWAY_ERROR, 'http2.rst_stream.error': HTTP2_GOAWAY_ERROR,
  'http2.settings.id': {
    1: 'Header table size', 2: 'Enable PUSH', 3: 'Max concurrent streams', 4: 'Initial Windows size', 5: 'Max frame size', 6: 'Max header list size', 8: 'Extended CONNECT',
  },
  'http2.type': {
    0: 'DATA', 1: 'HEADERS', 2: 'PRIORITY', 3: 'RST_STREAM', 4: 'SETTINGS', 5: 'PUSH_PROMISE', 6: 'PING', 7: 'GOAWAY', 8: 'WINDOW_UPDATE', 9: 'CONTINUATION', 10: 'ALTSVC',
    11: 'BLOCKED', 12: 'ORIGIN', 16: 'PRIORITY_UPDATE',
  },
};
