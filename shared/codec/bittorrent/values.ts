// Names of values of BitTorrent that a filter may say, in Wireshark's spelling (tests/interop/filters.test.ts compares them with tshark's).

import type { ProtocolValues } from '../values';

export const values: ProtocolValues = {
  'bittorrent.msg.type': {
    0: 'Choke', 1: 'Unchoke', 2: 'Interested', 3: 'Not Interested', 4: 'Have', 5: 'Bitfield', 6: 'Request', 7: 'Piece', 8: 'Cancel', 9: 'Port', 13: 'Suggest Piece',
    14: 'Have All', 15: 'Have None', 16: 'Reject Request', 17: 'Allowed Fast', 20: 'Extended', 256: 'Azureus Handshake', 257: 'Keepalive', 258: 'Azureus BitTorrent Handshake',
    259: 'Azureus Peer Exchange', 260: 'Azureus PeerCache Hello', 261: 'Azureus PeerCache Reply',
  },
};
