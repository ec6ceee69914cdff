// The permits that doors have beyond loopback, and all that there are: to listen at one address and port and answer its network, or to
// connect to one server. Consulted by the capture's guard before the system is.

import type { LanPlace } from '../../../shared/ipc/contract';
import type { Endpoint } from '../../../shared/trace/event';
import type { Permit } from '../../capture/loopback';
import { isMachineOf } from './lan';

const same = (a: Endpoint, b: Endpoint): boolean => a.address === b.address && a.port === b.port;

/** Of a door that lets others in. It connects nowhere; datagrams go out to machines of its network, as answers. */
export const listenPermit = (protocol: 'tcp' | 'udp', at: Endpoint, place: LanPlace): Permit => ({
  listens: (asked, where) => asked === protocol && same(where, at),
  reaches: (asked, to) => protocol === 'udp' && asked === 'udp' && isMachineOf(place, to.address),
});

/** Of a door that leads out, to that server alone. Its datagrams come from a port that the system chooses. */
export const dialPermit = (protocol: 'tcp' | 'udp', to: Endpoint, own: string): Permit => ({
  listens: (asked, where) => protocol === 'udp' && asked === 'udp' && same(where, { address: own, port: 0 }),
  reaches: (asked, where) => asked === protocol && same(where, to),
});
