// Multicast DNS (RFC 6762): messages of the DNS to all hosts of a link, on a port of its own. The top bit of a class says something else
// here: "answer me alone" in a question (5.4), "forget what you knew" in a record (10.2).

import type { Codec } from '../codec';
import { codec as dns } from '../dns/codec';
import { dnsFields } from '../dns/fields';
import type { DnsMessage } from '../dns/records';

export const codec: Codec<DnsMessage> = {
  ...dns,
  protocol: 'mdns',
  title: 'mDNS',
  claims: ['udp.port:5353'],
  fields: (bytes, _context, base) => dnsFields(bytes, false, base, true),
};
