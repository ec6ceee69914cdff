// Calls in the words of Node's net and dgram, which put some system calls together: what libuv does by itself has no line of its own but
// an aside that says so (a sentence of the catalogue). `once` is that of node:events.

import { never } from '../../base/assert';
import { isPath } from '../endpoint';
import type { Endpoint } from '../event';
import type { Address, Call } from './call';
import { quoted, type Literal } from './literal';

/** Why there is no line: sentences sockets.aside.<name>. */
export type Aside = 'listenIsBind' | 'connectBinds' | 'reuseByItself' | 'noSuchOption' | 'noShutdownRead' | 'noSelect';

export type Spelled = { readonly text: string } | { readonly aside: Aside };

const line = (text: string): Spelled => ({ text });

export function typeScript(call: Call): Spelled {
  switch (call.name) {
    case 'socket': {
      if (call.datagram) return line(`const ${call.v} = dgram.createSocket("${call.family === 'AF_INET6' ? 'udp6' : 'udp4'}");`);
      return line(call.listener ? `const ${call.v} = net.createServer();` : `const ${call.v} = new net.Socket();`);
    }
    case 'setsockopt': return option(call);
    case 'bind': {
      // A client's own address is an option of connect().
      if (!call.datagram && !call.listener) return { aside: 'connectBinds' };
      return line(`${call.v}.${call.datagram ? 'bind' : 'listen'}(${place(call.at)});`);
    }
    // net.Server.listen() is bind() and listen() in one.
    case 'listen': return { aside: 'listenIsBind' };
    case 'accept': return line(`const [${call.into}] = await once(${call.v}, "connection");`);
    case 'connect': return line(`${call.v}.connect(${place(call.to.at)});\nawait once(${call.v}, "connect");`);
    case 'send': {
      if (call.datagram) return line(`${call.v}.send(${data(call.data)});`);
      return line(call.waits ? `if (!${call.v}.write(${data(call.data)}))\n  await once(${call.v}, "drain");` : `${call.v}.write(${data(call.data)});`);
    }
    case 'recv': return line(call.ended ? `await once(${call.v}, "end");` : `const [data] = await once(${call.v}, "data");`);
    case 'recvfrom': return line(`const [data, peer] = await once(${call.v}, "message");`);
    case 'sendto': return line(`${call.v}.send(${data(call.data)}, ${target(call.to)});`);
    case 'shutdown': {
      if (call.how === 'RD') return { aside: 'noShutdownRead' };
      return line(call.how === 'WR' ? `${call.v}.end();` : `${call.v}.destroySoon();`);
    }
    case 'close': return line(call.listener || call.datagram ? `${call.v}.close();` : `${call.v}.${call.abort ? 'resetAndDestroy' : 'destroy'}();`);
    // The event loop is Node's selector: 'readable' and 'drain' are its two sets.
    case 'select': return { aside: 'noSelect' };
    case 'print': return line(`console.log(${quoted(call.text)});`);
    case 'exit': return line(call.how === 'killed' ? '// SIGKILL' : `process.exit(${call.how === 'done' ? 0 : 1});`);
    default: return never(call);
  }
}

const data = ({ text, kind }: Literal): string => (kind === 'binary' ? `Buffer.from("${text.replaceAll('\\x', '')}", "hex")` : `"${text}"`);
/** Node's order; of AF_UNIX the path alone. */
const place = ({ address, port }: Endpoint): string => (isPath(address) ? quoted(address) : `${port}, "${address}"`);
const target = ({ at, how }: Address): string => (how === 'reply' ? 'peer.port, peer.address' : `${at.port}, "${at.address}"`);

function option({ v, option: name, value, datagram }: Extract<Call, { name: 'setsockopt' }>): Spelled {
  const on = value !== 0;
  if (!datagram && name === 'TCP_NODELAY') return line(`${v}.setNoDelay(${on});`);
  if (!datagram && name === 'SO_KEEPALIVE') return line(`${v}.setKeepAlive(${on});`);
  if (datagram && name === 'SO_BROADCAST') return line(`${v}.setBroadcast(${on});`);
  if (datagram && name === 'SO_RCVBUF') return line(`${v}.setRecvBufferSize(${value});`);
  if (datagram && name === 'SO_SNDBUF') return line(`${v}.setSendBufferSize(${value});`);
  return { aside: name === 'SO_REUSEADDR' && !datagram ? 'reuseByItself' : 'noSuchOption' };
}
