// SSDP: HTTP in datagrams.

import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes';
import { latin1Bytes } from '../http/chars';
import { dissectPayload } from '../dissect';
import { findField } from '../field';
import { keepsPromises } from '../promises.fixture';
import { codec } from './codec';
import { column } from './column';

const SEARCH = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n';

describe('a search', () => keepsPromises({ codec, bytes: toHex(latin1Bytes(SEARCH)), datagram: true, value: { kind: 'request', method: 'M-SEARCH', target: '*' } }, 60));

it('has the fields of HTTP, and its line', () => {
  const [layer] = dissectPayload(latin1Bytes(SEARCH), ['udp.port:1900'], { transport: 'udp' });
  expect([layer?.protocol, layer?.tree.name, layer === undefined ? '' : column.info(layer.tree)]).toEqual(['ssdp', 'ssdp', 'M-SEARCH * HTTP/1.1']);
  expect(layer === undefined ? null : findField(layer.tree, 'http.request.method')?.value).toBe('M-SEARCH');
});

it('what begins otherwise is data', () => {
  expect(dissectPayload(latin1Bytes('GET / HTTP/1.1\r\n\r\n'), ['udp.port:1900'], { transport: 'udp' })[0]?.protocol).toBe('data');
});
