// Which well-known port an endpoint stands for: a lab's 8053 for 53. What a program does on other ports, only its bytes can tell.

import type { PortProtocol } from '../../codec/recognize';
import type { Service } from '../about';

/** IANA's service names and port numbers; 6969 is the one that trackers are given, over UDP (BEP 15) and HTTP. */
const WELL_KNOWN: Readonly<Record<'tcp' | 'udp', ReadonlyMap<number, PortProtocol>>> = {
  tcp: new Map([[53, 'dns'], [80, 'http'], [443, 'tls']]),
  udp: new Map([[53, 'dns'], [80, 'http'], [443, 'tls'], [6969, 'bt-tracker']]),
};

export class Ports {
  private readonly meant: ReadonlyMap<string, number>;

  constructor(services: readonly Service[]) {
    this.meant = new Map(services.map((service) => [`${service.protocol} ${service.port}`, service.wellKnown]));
  }

  /** What is spoken at this port; null where nobody said so. */
  at(transport: 'tcp' | 'udp', port: number): PortProtocol | null {
    return WELL_KNOWN[transport].get(this.meant.get(`${transport} ${port}`) ?? port) ?? null;
  }
}
