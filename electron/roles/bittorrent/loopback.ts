// The edge of the swarm: addresses of this machine's loopback interface, IPv4, and no others. The network of the host refuses the rest
// too; here they are refused before they are dialled or told to anybody, with a word about it.

/** True for 127.0.0.0/8 as text (RFC 1122 3.2.1.3 (g)), each number without leading zeros. Compact peers (BEP 23) have no other family. */
export function isLoopback(address: string): boolean {
  const numbers = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  return numbers !== null && numbers.slice(1).every((text) => String(Number(text)) === text && Number(text) <= 255);
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port <= 65_535;
