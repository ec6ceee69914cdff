// Where a client of FTP shall connect to after EPSV: the answer names the port alone, and the address is the one that it came from (RFC 2428 3).

import type { DissectedLayer } from '../../codec/dissect';
import { generated, withChildren } from '../../codec/field';

/** `sender`: the address of the packet. */
export function withPassiveAddress(layer: DissectedLayer, sender: () => string): DissectedLayer {
  const { tree } = layer;
  if (!tree.children.some((line) => line.children.some(isPort))) return layer;
  const address = sender();
  const name = address.includes(':') ? 'ftp.epsv.ipv6' : 'ftp.epsv.ip';
  const children = tree.children.map((line) => {
    const port = line.children.find(isPort);
    return port === undefined ? line : withChildren(line, [generated(name, address, address, port.start, port.length)]);
  });
  return { ...layer, tree: { ...tree, children } };
}

const isPort = ({ name }: { readonly name: string }): boolean => name === 'ftp.epsv.port';
