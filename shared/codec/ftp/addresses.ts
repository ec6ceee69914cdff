// Where FTP's data connections go, as its commands and answers say: PORT and 227 (RFC 959 4.1.2), EPRT and 229 (RFC 2428 2, 3).

import { ipv6Bytes, ipv6Text } from '../address';
import type { FieldNode } from '../field';
import type { WireLine } from '../lines';

const PASSIVE = 227;
const EXTENDED_PASSIVE = 229;
/** h1,h2,h3,h4,p1,p2 */
const SIX = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/;

/** Nodes of the address and the port that stand in a line of this command or answer; none when there are none. */
export function addressNodes(kind: string | number, line: WireLine, base: number): FieldNode[] {
  const at = base + line.start;
  const { text } = line;
  if (kind === PASSIVE) return six(text, at, 'ftp.passive.ip', 'ftp.passive.port');
  if (kind === EXTENDED_PASSIVE) {
    const port = /\((.)\1\1(\d{1,5})\1\)/.exec(text);
    return port === null ? [] : number('ftp.epsv.port', port[2] ?? '', at + port.index + 4);
  }
  if (typeof kind !== 'string') return [];
  if (kind.toUpperCase() === 'PORT') return six(text, at, 'ftp.active.cip', 'ftp.active.port');
  return kind.toUpperCase() === 'EPRT' ? extended(text, at) : [];
}

function six(text: string, at: number, ip: string, port: string): FieldNode[] {
  const found = SIX.exec(text);
  if (found === null) return [];
  const numbers = found.slice(1).map(Number);
  if (numbers.some((value) => value > 255)) return [];
  const address = numbers.slice(0, 4).join('.');
  const length = found.slice(1, 5).join(',').length;
  const value = (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0);
  const start = at + found.index;
  return [
    { name: ip, value: address, display: address, start, length, children: [] },
    { name: port, value, display: String(value), start: start + length + 1, length: found[0].length - length - 1, children: [] },
  ];
}

function number(name: string, digits: string, start: number): FieldNode[] {
  const value = Number(digits);
  return value > 0xffff ? [] : [{ name, value, display: digits, start, length: digits.length, children: [] }];
}

/** |1|132.235.1.2|6275| or |2|1080::8:800:200C:417A|5282| */
function extended(text: string, at: number): FieldNode[] {
  const found = /^(\w+ )(.)([12])\2([0-9A-Fa-f:.]+)\2(\d{1,5})\2/.exec(text);
  if (found === null) return [];
  const [, word = '', , family = '', address = '', port = ''] = found;
  const start = at + word.length + 1;
  const shown = family === '1' ? address : canonical(address);
  if (shown === null) return [];
  return [
    { name: 'ftp.eprt.af', value: Number(family), display: family === '1' ? 'IPv4 (1)' : 'IPv6 (2)', start, length: 1, children: [] },
    { name: family === '1' ? 'ftp.eprt.ip' : 'ftp.eprt.ipv6', value: shown, display: shown, start: start + 2, length: address.length, children: [] },
    ...number('ftp.eprt.port', port, start + 3 + address.length),
  ];
}

function canonical(address: string): string | null {
  try {
    return ipv6Text(ipv6Bytes(address));
  } catch {
    return null;
  }
}
