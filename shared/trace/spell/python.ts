// Calls in Python, as after `from socket import *` and `from select import select`: one call, one line or two.

import { never } from '../../base/assert';
import { isPath } from '../endpoint';
import type { Endpoint } from '../event';
import type { Address, Call } from './call';
import { quoted, type Literal } from './literal';
import { levelOf } from './options';

export function python(call: Call): string {
  switch (call.name) {
    case 'socket': return `${call.v} = socket(${call.family}, ${call.datagram ? 'SOCK_DGRAM' : 'SOCK_STREAM'})`;
    case 'setsockopt': return `${call.v}.setsockopt(${levelOf(call.option)}, ${call.option}, ${call.value})`;
    case 'bind': return `${call.v}.bind(${at(call.at)})`;
    case 'listen': return `${call.v}.listen(${call.backlog})`;
    case 'accept': return `${call.into}, peer = ${call.v}.accept()`;
    case 'connect': return `${call.v}.connect(${at(call.to.at)})`;
    case 'send': return `${call.v}.${call.datagram || call.atOnce ? 'send' : 'sendall'}(${bytes(call.data)})`;
    case 'recv': return `data = ${call.v}.recv(${size(call.size)})`;
    case 'recvfrom': return `data, peer = ${call.v}.recvfrom(${size(call.size)})`;
    case 'sendto': return `${call.v}.sendto(${bytes(call.data)}, ${target(call.to)})`;
    case 'shutdown': return `${call.v}.shutdown(SHUT_${call.how})`;
    case 'close': return `${call.abort ? `${call.v}.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))\n` : ''}${call.v}.close()`;
    case 'select': return `r, w, _ = select([${call.read.join(', ')}], [${call.write.join(', ')}], []${call.timeout < 0 ? '' : `, ${call.timeout / 1000}`})`;
    case 'print': return `print(${quoted(call.text)})`;
    case 'exit': return call.how === 'killed' ? '# SIGKILL' : `sys.exit(${call.how === 'done' ? 0 : 1})`;
    default: return never(call);
  }
}

const at = ({ address, port }: Endpoint): string => (isPath(address) ? quoted(address) : `("${address}", ${port})`);
const target = ({ at: to, how }: Address): string => (how === 'reply' ? 'peer' : at(to));
const size = (given: number): string => (given > 0 ? `${given}` : 'bufsize');
/** Only ASCII fits in a bytes literal. */
const bytes = ({ text, kind }: Literal): string => (kind === 'unicode' ? `"${text}".encode()` : `b"${text}"`);
