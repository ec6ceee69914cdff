// Real programs for tests of the web's codecs: dig, kdig and drill ask a small server, curl, wget and Python fetch from one. What they
// sent and got is taken at the sockets, byte for byte. Programs that are not installed are left out, and said.

import { execFile, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { framed } from '../../shared/codec/dns/codec';
import { decodeMessage, encodeMessage } from '../../shared/codec/dns/message';
import { parseZone } from '../../shared/codec/dns/zoneText';
import { NETWORK } from '../../electron/labs/network.fixture';
import { start } from './support';

/** Where a port that TCP has free is free for UDP too: nobody else is there. */
const HERE = `${NETWORK}252.1`;

const has = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined;

/** Runs it to its end; what it wrote to its standard output. Rejects with what it said on its standard error when it fails. */
const run = async (program: string, args: readonly string[]): Promise<string> => (await promisify(execFile)(program, args)).stdout;

const { records } = parseZone('www.example.test. 300 IN A 127.0.40.1\nwww.example.test. 300 IN TXT "hello"');

/** The answer to any query: the records, or nothing when it is no query. */
function answerTo(query: Uint8Array): Uint8Array | null {
  const message = decodeMessage(query);
  if ('error' in message || message.flags.qr) return null;
  return encodeMessage({ ...message, flags: { ...message.flags, qr: true, aa: true, ra: true, ad: false }, answers: records, additionals: message.additionals.slice(0, 1) });
}

export async function askedByPrograms(): Promise<{ readonly datagrams: Uint8Array[]; readonly messages: Uint8Array[]; readonly programs: string[] }> {
  const datagrams: Uint8Array[] = [];
  const messages: Uint8Array[] = [];
  const programs: string[] = [];
  const udp = createSocket('udp4');
  udp.on('message', (query, from) => {
    datagrams.push(Uint8Array.from(query));
    const answer = answerTo(query);
    if (answer === null) return;
    datagrams.push(answer);
    udp.send(answer, from.port, from.address);
  });
  const tcp = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (part) => {
      held = Buffer.concat([held, part]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const query = Uint8Array.from(held.subarray(2, 2 + held.readUInt16BE(0)));
        held = held.subarray(2 + query.length);
        messages.push(query);
        const answer = answerTo(query);
        if (answer !== null) socket.write(framed(answer));
      }
    });
  });
  tcp.listen(0, HERE);
  await once(tcp, 'listening');
  const port = String((tcp.address() as AddressInfo).port);
  udp.bind(Number(port), HERE);
  await once(udp, 'listening');
  const calls: readonly (readonly [string, readonly string[]])[] = [
    ['dig', [`@${HERE}`, '-p', port, 'www.example.test', 'A']], ['dig', [`@${HERE}`, '-p', port, '+tcp', '+dnssec', 'www.example.test', 'TXT']],
    ['dig', [`@${HERE}`, '-p', port, '+norec', '+noedns', '-x', '127.0.40.1']], ['dig', [`@${HERE}`, '-p', port, '+nsid', '+subnet=10.0.0.0/8', '+padding=64', 'example.test', 'HTTPS']],
    ['kdig', [`@${HERE}`, '-p', port, '+edns', '+bufsize=1232', 'www.example.test', 'MX']], ['kdig', [`@${HERE}`, '-p', port, '+tcp', '+cdflag', 'WwW.eXample.test', 'SOA']],
    ['drill', ['-p', port, 'www.example.test', `@${HERE}`, 'AAAA']], ['drill', ['-p', port, '-t', '-D', 'example.test', `@${HERE}`, 'NS']],
  ];
  try {
    for (const [program, args] of calls) {
      if (!has(program, '-v')) continue;
      const said = await run(program, args);
      if (!said.includes('127.0.40.1')) throw new Error(`${program} ${args.join(' ')} did not take our answer: ${said}`);
      if (!programs.includes(program)) programs.push(program);
    }
  } finally {
    udp.close();
    tcp.close();
  }
  return { datagrams, messages, programs };
}

/** Passes connections on to `port`, and keeps what went each way, once closed: all of it. */
async function recorder(port: number, requests: Uint8Array[], responses: Uint8Array[]): Promise<{ readonly port: number; close(): Promise<void> }> {
  const closed: Promise<unknown>[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    keep(near, far, requests);
    keep(far, near, responses);
    for (const socket of [near, far]) closed.push(new Promise((done) => socket.once('close', done)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await new Promise((done) => server.close(done));
      await Promise.all(closed);
    },
  };
}

function keep(from: Socket, to: Socket, kept: Uint8Array[]): void {
  const parts: Buffer[] = [];
  from.on('data', (part) => {
    parts.push(part);
    to.write(part);
  });
  from.on('end', () => to.end());
  from.on('close', () => {
    if (parts.length > 0) kept.push(Uint8Array.from(Buffer.concat(parts)));
    to.destroy();
  });
  from.on('error', () => to.destroy());
}

const PYTHON = 'import sys, http.client\nc = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))\nc.request("PUT", "/put?x=1", body="hello", headers={"X-From": "python", "Content-Type": "text/plain"})\nprint(c.getresponse().status)\n';
const PYTHON_SERVER = `import sys, http.server
class H(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    self.send_response(200)
    self.send_header("Content-Type", "text/plain")
    self.end_headers()
    self.wfile.write(b"until the close")
  def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
print(s.server_port, flush=True)
s.serve_forever()
`;

/** Each a whole message; a connection carries one exchange. */
export async function exchangedByPrograms(): Promise<{ readonly requests: Uint8Array[]; readonly responses: Uint8Array[]; readonly programs: string[] }> {
  const requests: Uint8Array[] = [];
  const responses: Uint8Array[] = [];
  const programs = ['node'];
  const origin = createHttpServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('Connection', 'close');
      if (request.url === '/chunked') {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.write('first, ');
        response.end('second');
      } else if (request.url === '/moved') response.writeHead(302, { Location: '/posts', 'Set-Cookie': 'seen=1; Path=/' }).end();
      else response.writeHead(request.url === '/none' ? 404 : 200, { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=60', 'Content-Length': 14 }).end('{"name":"Ada"}');
    });
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const near = await recorder((origin.address() as AddressInfo).port, requests, responses);
  const port = String(near.port);
  const base = `http://127.0.0.1:${port}`;
  const calls: readonly (readonly [string, string, readonly string[]])[] = [
    ['curl', '--version', ['-sS', `${base}/api/user?id=1&name=Ada`]], ['curl', '--version', ['-sS', '-d', 'a=1&b=2', '-b', 'a=b; c=d', '-e', `${base}/from`, `${base}/form`]],
    ['curl', '--version', ['-sS', '-H', 'Transfer-Encoding: chunked', '-H', 'Content-Type: text/plain', '-H', 'Expect:', '-d', 'sent in chunks', `${base}/chunked`]], ['curl', '--version', ['-sS', '--http1.0', '-H', 'X-Empty;', `${base}/none`]],
    ['curl', '--version', ['-sS', '--compressed', `${base}/moved`]], ['wget', '--version', ['-nv', '-O', '-', `${base}/chunked`]], ['python3', '--version', ['-c', PYTHON, port]],
  ];
  const python = has('python3', '--version') ? start('python3', '-c', PYTHON_SERVER) : null;
  try {
    for (const [program, flag, args] of calls) {
      if (!has(program, flag)) continue;
      await run(program, args);
      if (!programs.includes(program)) programs.push(program);
    }
    if (python !== null && has('curl', '--version')) {
      const second = await recorder(Number(await python.printed(/(\d+)\n/)), requests, responses);
      await run('curl', ['-sS', `http://127.0.0.1:${second.port}/`]);
      await second.close();
    }
  } finally {
    python?.kill();
    await near.close();
    await new Promise((done) => origin.close(done));
  }
  return { requests, responses, programs };
}
