// For tests: whole scenes that several views and the story's own tests look at.

import { scenario, type Scenario } from './fixture';

const SERVER = { address: '127.0.20.1', port: 7007 };

/** TCP echo: three lines sent, one answer read, then the client closes: bytes lost, reset, and the server's next call fails. */
export function echoClosesEarly(): Scenario {
  const s = scenario('tcp-echo');
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  listener.waits();
  const client = s.role('client', '127.0.20.2', 'client');
  const c = client.connect(SERVER);
  const p = listener.accept();
  if (c === null) throw new Error('refused');
  for (const line of ['GET READY\n', 'GET SET\n', 'GO\n']) c.send(line);
  p.send(p.recv(64));
  c.recv(4);
  c.close();
  p.recv(64);
  p.close();
  client.end();
  listener.waits();
  return s.end();
}

/** TCP echo line by line, ended in good order by a half-close. */
export function echoHalfCloses(): Scenario {
  const s = scenario('tcp-echo');
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  listener.waits();
  const client = s.role('client', '127.0.20.2', 'client');
  const c = client.connect(SERVER);
  const p = listener.accept();
  if (c === null) throw new Error('refused');
  for (const line of ['one\n', 'two\n', 'three\n']) {
    c.send(line);
    p.send(p.recv(16));
    c.recv(16);
  }
  c.shutdown();
  p.recv(16);
  p.close();
  c.recv(16);
  c.close();
  client.end();
  return s.end();
}

/** UDP: two questions answered, the third lost. */
export function udpUppercase(): Scenario {
  const s = scenario('udp-uppercase');
  const at = { address: '127.0.21.1', port: 12000 };
  const server = s.role('server', at.address, 'server').udp(at.port);
  server.waits(2048);
  const client = s.role('client', '127.0.21.2', 'client');
  const c = client.udp();
  for (const word of ['hello', 'world']) {
    c.send(word, at);
    const heard = server.recvReturns();
    server.send(heard.toUpperCase(), c.local);
    server.waits();
    c.recv();
  }
  c.send('lost', at, true);
  c.waits();
  s.wait(50_000);
  c.close();
  client.end();
  return s.end();
}

/** A client that finds nobody listening. */
export function connectRefused(): Scenario {
  const s = scenario('daytime');
  s.host('server', SERVER.address);
  const client = s.role('client', '127.0.20.2', 'client');
  client.connect(SERVER);
  client.end('failed', 'ECONNREFUSED');
  return s.end('reached');
}

/** A server of Looplab's own on Linux: between socket() and bind() its runtime sets SO_REUSEADDR, which nobody sees. */
export function listensOnLinux(): Scenario {
  const s = scenario('daytime', 'linux');
  s.role('server', '127.0.20.1', 'server').listen(7013);
  return s;
}

/** A listener that never accepts, and a client (role 2, socket 90) in connect() to it. */
export function connecting(): Scenario {
  const server = { address: '127.0.20.1', port: 7041 };
  const client = { address: '127.0.10.1', port: 40_001 };
  const s = scenario();
  s.role('silent', server.address, 'server').listen(server.port);
  s.role('client', client.address, 'client');
  s.fact('socket.opened', { role: 2, sock: 90, a: 30, b: 1, text: 'AF_INET' });
  s.fact('socket.bound', { role: 2, sock: 90, local: client });
  s.fact('connect.started', { role: 2, sock: 90, remote: server });
  return s;
}
