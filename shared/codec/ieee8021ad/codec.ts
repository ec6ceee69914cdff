// A provider's tag of a virtual LAN (IEEE 802.1ad, today 802.1Q 9.6): the outer tag of two, before the customer's.

import { tagCodec } from '../vlan/tag';

export const codec = tagCodec('ieee8021ad', 'Provider VLAN', ['ethertype:34984']);
