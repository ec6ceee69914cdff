// Which well-known port an endpoint stands for: a lab's 8053 for 53. What a program does on other ports, only its bytes can tell.

import type { Service } from '../about';

export type PortProtocol = 'dns' | 'http' | 'tls';

/** IANA's service names and port numbers. */
const WELL_KNOWN: ReadonlyMap<number, PortProtocol> = new Map([[53, 'dns'], [80, 'http'], [443, 'tls']]);

export class Ports {
  private readonly meant: ReadonlyMap<string, number>;

  constructor(services: readonly Service[]) {
    this.meant = new Map(services.map((service) => [`${service.protocol} ${service.port}`, service.wellKnown]));
  }

  /** What is spoken at this port; null where nobody said so. */
  at(transport: 'tcp' | 'udp', port: number): PortProtocol | null {
    return WELL_KNOWN.get(this.meant.get(`${transport} ${port}`) ?? port) ?? null;
  }
}
