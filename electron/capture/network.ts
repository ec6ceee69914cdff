// Makes the network that a role gets: TCP, UDP and what stands on TCP as roles/host.ts describes them, bound to the host's address, kept to loopback, and
// tapped object by object into the recorder. First station of the way of the data. With no recorder nothing is wrapped.

import type { Http2Network, HttpNetwork, TcpNetwork, TlsNetwork, UdpNetwork, UnixNetwork } from '../roles/host';
import { createHttp2Network } from './http2Network';
import { createHttpNetwork } from './httpNetwork';
import { keyLogOf } from './keyLog';
import { createOpenSockets, type NetworkOptions } from './openSockets';
import type { Recorder } from './recorder';
import { createTcpNetwork } from './tcpNetwork';
import { createTcpSockets, type TcpSockets } from './tcpSockets';
import { createTlsNetwork, createTlsSockets } from './tlsNetwork';
import { createUdpNetwork } from './udpNetwork';
import { createUnixNetwork } from './unixNetwork';

export interface Network {
  readonly net: TcpNetwork;
  readonly dgram: UdpNetwork;
  readonly unix: UnixNetwork;
  readonly tls: TlsNetwork;
  readonly http: HttpNetwork;
  readonly http2: Http2Network;
  /** What its TCP stands on, for calls of another shape (blocking/). */
  readonly sockets: TcpSockets;
  /** Gives up every descriptor of the role at once, in the order in which they were made: what the system does when a process is killed. */
  closeAll(): void;
}

export function createNetwork(recorder: Recorder | null, options: NetworkOptions): Network {
  const open = createOpenSockets(options.host);
  const sockets = createTcpSockets(recorder, options, open);
  const secure = createTlsSockets(sockets, keyLogOf(recorder));
  return {
    sockets,
    net: createTcpNetwork(sockets, options.address, recorder, options.role),
    dgram: createUdpNetwork(recorder, options, open),
    unix: createUnixNetwork(sockets),
    tls: createTlsNetwork(secure),
    http: createHttpNetwork(sockets, secure),
    http2: createHttp2Network(sockets, secure),
    closeAll: () => open.closeAll(),
  };
}
