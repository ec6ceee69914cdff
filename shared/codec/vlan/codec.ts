// The customer's tag of a virtual LAN (IEEE 802.1Q): 0x8100, and 0x9100, which older switches wrote for the outer of two tags.

import { tagCodec } from './tag';

export const codec = tagCodec('vlan', 'VLAN', ['ethertype:33024', 'ethertype:37120']);
