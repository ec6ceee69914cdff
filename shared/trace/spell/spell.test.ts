import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../fixture';
import { udpUppercase } from '../fixtureScenes';
import { RoleCalls } from './roleCalls';
import { spell, type Language } from './spell';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The whole listing of one role, as the view shows it at the end of the trace, or once fact `until` has happened. */
function listing(scene: Scenario, role: string, language: Language, until = Number.POSITIVE_INFINITY): string[] {
  const { story, trace } = scene.told();
  const model = story.roles.find((one) => one.id === role);
  if (model === undefined) throw new Error(`no role ${role}`);
  const calls = new RoleCalls();
  calls.advance(story, trace, model);
  return Array.from({ length: calls.count }, (_, at) => {
    const line = spell(language, story, trace, calls, at, until);
    const end = line.waits !== null ? `waits: ${line.waits}` : line.errno !== '' ? `! ${line.errno}` : line.ended ? `${line.result} end` : line.result;
    return `${line.aside === null ? line.text.replaceAll('\n', ' ⏎ ') : `(${line.aside})`}  → ${end}`;
  });
}

const SERVER = { address: '127.0.20.1', port: 7007 };

/** Every kind of call of a stream socket: options, a send that waits, half-close, end of stream, what fails. */
function everyStreamCall(): Scenario {
  const s = scenario('tcp-echo', 'linux');
  const server = s.role('server', SERVER.address, 'server');
  const listener = server.listen(SERVER.port);
  const client = s.role('client', '127.0.20.2', 'client');
  const calling = client.dial(SERVER);
  const c = calling.end();
  listener.waits();
  const p = listener.accept();
  if (c === null) throw new Error('refused');
  s.fact('option.set', { role: client.role, sock: c.sock, text: 'TCP_NODELAY=1' });
  s.fact('option.set', { role: client.role, sock: c.sock, text: 'SO_KEEPALIVE=1' });
  s.fact('bytes.sent', { role: client.role, sock: c.sock, a: 4, bytes: utf8('hi “안녕”\n') });
  s.fact('send.ended', { role: client.role, sock: c.sock, a: 10, offset: 14 });
  p.send('ok "\\"\n');
  c.recv(16);
  c.shutdown();
  p.close();
  c.recv(16);
  c.close();
  client.print('ok');
  client.end();
  s.fact('call.failed', { role: server.role, sock: listener.sock, text: 'accept', err: 'EMFILE' });
  return s;
}

describe('what a client calls', () => {
  it('in Python', () => expect(listing(everyStreamCall(), 'client', 'python').join('\n')).toMatchInlineSnapshot(`
    "sock = socket(AF_INET, SOCK_STREAM)  → fd 22
    sock.connect(("127.0.20.1", 7007))  → 0
    sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  → 0
    sock.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)  → 0
    sock.sendall("hi “안녕”\\n".encode())  → 14
    data = sock.recv(16)  → 7 “ok "\\"↵”
    sock.shutdown(SHUT_WR)  → 0
    data = sock.recv(16)  → 0 end
    sock.close()  → 0
    print("ok")  → 
    sys.exit(0)  → "
  `));
  it('in C', () => expect(listing(everyStreamCall(), 'client', 'c').join('\n')).toMatchInlineSnapshot(`
    "int sock = socket(AF_INET, SOCK_STREAM, 0);  → fd 22
    struct sockaddr_in server = {AF_INET, htons(7007), {inet_addr("127.0.20.1")}}; ⏎ if (connect(sock, (SA *)&server, sizeof server) == -1) perror("connect");  → 0
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));  → 0
    setsockopt(sock, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));  → 0
    if (send(sock, "hi “안녕”\\n", 16, 0) == -1) perror("send");  → 14
    if ((n = recv(sock, buf, 16, 0)) == -1) perror("recv");  → 7 “ok "\\"↵”
    if (shutdown(sock, SHUT_WR) == -1) perror("shutdown");  → 0
    if ((n = recv(sock, buf, 16, 0)) == -1) perror("recv");  → 0 end
    close(sock);  → 0
    puts("ok");  → 
    exit(EXIT_SUCCESS);  → "
  `));
  it('in TypeScript', () => expect(listing(everyStreamCall(), 'client', 'typescript').join('\n')).toMatchInlineSnapshot(`
    "const sock = new net.Socket();  → fd 22
    sock.connect(7007, "127.0.20.1"); ⏎ await once(sock, "connect");  → 0
    sock.setNoDelay(true);  → 0
    sock.setKeepAlive(true);  → 0
    if (!sock.write("hi “안녕”\\n")) ⏎   await once(sock, "drain");  → 14
    const [data] = await once(sock, "data");  → 7 “ok "\\"↵”
    sock.end();  → 0
    await once(sock, "end");  → 0 end
    sock.destroy();  → 0
    console.log("ok");  → 
    process.exit(0);  → "
  `));
});

describe('what a server calls', () => {
  it('in Python', () => expect(listing(everyStreamCall(), 'server', 'python').join('\n')).toMatchInlineSnapshot(`
    "listener = socket(AF_INET, SOCK_STREAM)  → fd 21
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)  → 0
    listener.bind(("127.0.20.1", 7007))  → 0
    listener.listen(511)  → 0
    conn, peer = listener.accept()  → fd 23
    conn.sendall(b"ok \\"\\\\\\"\\n")  → 7
    conn.close()  → 0
    conn, peer = listener.accept()  → ! EMFILE"
  `));
  it('in C', () => expect(listing(everyStreamCall(), 'server', 'c').join('\n')).toMatchInlineSnapshot(`
    "int listener = socket(AF_INET, SOCK_STREAM, 0);  → fd 21
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));  → 0
    struct sockaddr_in at = {AF_INET, htons(7007), {inet_addr("127.0.20.1")}}; ⏎ if (bind(listener, (SA *)&at, sizeof at) == -1) perror("bind");  → 0
    if (listen(listener, 511) == -1) perror("listen");  → 0
    int conn = accept(listener, NULL, NULL);  → fd 23
    if (send(conn, "ok \\"\\\\\\"\\n", 7, 0) == -1) perror("send");  → 7
    close(conn);  → 0
    int conn = accept(listener, NULL, NULL);  → ! EMFILE"
  `));
  it('in TypeScript', () => expect(listing(everyStreamCall(), 'server', 'typescript').join('\n')).toMatchInlineSnapshot(`
    "const listener = net.createServer();  → fd 21
    (reuseByItself)  → 0
    listener.listen(7007, "127.0.20.1");  → 0
    (listenIsBind)  → 0
    const [conn] = await once(listener, "connection");  → fd 23
    conn.write("ok \\"\\\\\\"\\n");  → 7
    conn.destroy();  → 0
    const [conn] = await once(listener, "connection");  → ! EMFILE"
  `));
});

describe('datagrams', () => {
  it('in Python', () => expect(listing(udpUppercase(), 'client', 'python').join('\n')).toMatchInlineSnapshot(`
    "sock = socket(AF_INET, SOCK_DGRAM)  → fd 22
    sock.sendto(b"hello", ("127.0.21.1", 12000))  → 5
    data, peer = sock.recvfrom(2048)  → 5 “HELLO” ← 127.0.21.1:12000
    sock.sendto(b"world", ("127.0.21.1", 12000))  → 5
    data, peer = sock.recvfrom(2048)  → 5 “WORLD” ← 127.0.21.1:12000
    sock.sendto(b"lost", ("127.0.21.1", 12000))  → 4
    data, peer = sock.recvfrom(2048)  → waits: datagram
    sock.close()  → 0
    sys.exit(0)  → "
  `));
  it('in C', () => expect(listing(udpUppercase(), 'client', 'c').join('\n')).toMatchInlineSnapshot(`
    "int sock = socket(AF_INET, SOCK_DGRAM, 0);  → fd 22
    struct sockaddr_in server = {AF_INET, htons(12000), {inet_addr("127.0.21.1")}}; ⏎ if (sendto(sock, "hello", 5, 0, (SA *)&server, sizeof server) == -1) perror("sendto");  → 5
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → 5 “HELLO” ← 127.0.21.1:12000
    if (sendto(sock, "world", 5, 0, (SA *)&server, sizeof server) == -1) perror("sendto");  → 5
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → 5 “WORLD” ← 127.0.21.1:12000
    if (sendto(sock, "lost", 4, 0, (SA *)&server, sizeof server) == -1) perror("sendto");  → 4
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → waits: datagram
    close(sock);  → 0
    exit(EXIT_SUCCESS);  → "
  `));
  it('in TypeScript', () => expect(listing(udpUppercase(), 'client', 'typescript').join('\n')).toMatchInlineSnapshot(`
    "const sock = dgram.createSocket("udp4");  → fd 22
    sock.send("hello", 12000, "127.0.21.1");  → 5
    const [data, peer] = await once(sock, "message");  → 5 “HELLO” ← 127.0.21.1:12000
    sock.send("world", 12000, "127.0.21.1");  → 5
    const [data, peer] = await once(sock, "message");  → 5 “WORLD” ← 127.0.21.1:12000
    sock.send("lost", 12000, "127.0.21.1");  → 4
    const [data, peer] = await once(sock, "message");  → waits: datagram
    sock.close();  → 0
    process.exit(0);  → "
  `));
  it('are answered to where they came from, in Python', () => expect(listing(udpUppercase(), 'server', 'python').join('\n')).toMatchInlineSnapshot(`
    "sock = socket(AF_INET, SOCK_DGRAM)  → fd 21
    sock.bind(("127.0.21.1", 12000))  → 0
    data, peer = sock.recvfrom(2048)  → 5 “hello” ← 127.0.21.2:40001
    sock.sendto(b"HELLO", peer)  → 5
    data, peer = sock.recvfrom(2048)  → 5 “world” ← 127.0.21.2:40001
    sock.sendto(b"WORLD", peer)  → 5
    data, peer = sock.recvfrom(2048)  → waits: datagram"
  `));
  it('are answered to where they came from, in C', () => expect(listing(udpUppercase(), 'server', 'c').join('\n')).toMatchInlineSnapshot(`
    "int sock = socket(AF_INET, SOCK_DGRAM, 0);  → fd 21
    struct sockaddr_in at = {AF_INET, htons(12000), {inet_addr("127.0.21.1")}}; ⏎ if (bind(sock, (SA *)&at, sizeof at) == -1) perror("bind");  → 0
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → 5 “hello” ← 127.0.21.2:40001
    if (sendto(sock, "HELLO", 5, 0, (SA *)&peer, sizeof peer) == -1) perror("sendto");  → 5
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → 5 “world” ← 127.0.21.2:40001
    if (sendto(sock, "WORLD", 5, 0, (SA *)&peer, sizeof peer) == -1) perror("sendto");  → 5
    if ((n = recvfrom(sock, buf, 2048, 0, (SA *)&peer, &len)) == -1) perror("recvfrom");  → waits: datagram"
  `));
  it('are answered to where they came from, in TypeScript', () => expect(listing(udpUppercase(), 'server', 'typescript').join('\n')).toMatchInlineSnapshot(`
    "const sock = dgram.createSocket("udp4");  → fd 21
    sock.bind(12000, "127.0.21.1");  → 0
    const [data, peer] = await once(sock, "message");  → 5 “hello” ← 127.0.21.2:40001
    sock.send("HELLO", peer.port, peer.address);  → 5
    const [data, peer] = await once(sock, "message");  → 5 “world” ← 127.0.21.2:40001
    sock.send("WORLD", peer.port, peer.address);  → 5
    const [data, peer] = await once(sock, "message");  → waits: datagram"
  `));
});

/** Calls that no ordinary program of the labs makes, and how they fail. */
function oddCalls(): Scenario {
  const s = scenario('odd');
  const { role } = s.role('client', '::1', 'client');
  const six = { address: '::1', port: 7007 };
  s.fact('socket.opened', { role, sock: 1, a: 7, b: 1, text: 'AF_INET6' });
  s.fact('connect.started', { role, sock: 1, remote: six });
  s.fact('connect.ended', { role, sock: 1, local: { address: '::1', port: 4 }, remote: six });
  s.fact('option.set', { role, sock: 1, text: 'IPV6_V6ONLY=1', err: 'EINVAL' });
  s.fact('bytes.sent', { role, sock: 1, a: 3, bytes: new Uint8Array([0, 255, 1]) });
  s.fact('bytes.sent', { role, sock: 1, a: -1, bytes: utf8('x'), err: 'EPIPE' });
  s.fact('stream.shutdown', { role, sock: 1, a: 0 });
  s.fact('stream.shutdown', { role, sock: 1, a: 2, err: 'ENOTCONN' });
  s.fact('recv.started', { role, sock: 1, a: 0 });
  s.fact('call.failed', { role, sock: 1, text: 'recv', err: 'ECONNRESET' });
  s.fact('socket.closed', { role, sock: 1, a: 1 });
  s.fact('socket.opened', { role, sock: 2, a: 8, b: 2, text: 'AF_INET6' });
  s.fact('option.set', { role, sock: 2, text: 'SO_BROADCAST=1' });
  s.fact('connect.started', { role, sock: 2, remote: { address: 'fe80::1', port: 53 } });
  s.fact('connect.ended', { role, sock: 2, remote: { address: 'fe80::1', port: 53 } });
  s.fact('datagram.sent', { role, sock: 2, a: 2, b: 1, remote: { address: 'fe80::1', port: 53 }, bytes: utf8('hi') });
  s.fact('role.ended', { role, text: 'killed' });
  return s;
}

describe('what is odd or fails', () => {
  it('in Python', () => expect(listing(oddCalls(), 'client', 'python').join('\n')).toMatchInlineSnapshot(`
    "sock = socket(AF_INET6, SOCK_STREAM)  → fd 7
    sock.connect(("::1", 7007))  → 0
    sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)  → ! EINVAL
    sock.sendall(b"\\x00\\xff\\x01")  → 3
    sock.sendall(b"x")  → ! EPIPE
    sock.shutdown(SHUT_RD)  → 0
    sock.shutdown(SHUT_RDWR)  → ! ENOTCONN
    data = sock.recv(bufsize)  → ! ECONNRESET
    sock.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)) ⏎ sock.close()  → 0
    sock2 = socket(AF_INET6, SOCK_DGRAM)  → fd 8
    sock2.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)  → 0
    sock2.connect(("fe80::1", 53))  → 0
    sock2.send(b"hi")  → 2
    # SIGKILL  → "
  `));
  it('in C', () => expect(listing(oddCalls(), 'client', 'c').join('\n')).toMatchInlineSnapshot(`
    "int sock = socket(AF_INET6, SOCK_STREAM, 0);  → fd 7
    struct sockaddr_in6 server = {AF_INET6, htons(7007), 0, in6addr_loopback}; ⏎ if (connect(sock, (SA *)&server, sizeof server) == -1) perror("connect");  → 0
    setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));  → ! EINVAL
    if (send(sock, "\\x00\\xff\\x01", 3, 0) == -1) perror("send");  → 3
    if (send(sock, "x", 1, 0) == -1) perror("send");  → ! EPIPE
    if (shutdown(sock, SHUT_RD) == -1) perror("shutdown");  → 0
    if (shutdown(sock, SHUT_RDWR) == -1) perror("shutdown");  → ! ENOTCONN
    if ((n = recv(sock, buf, sizeof buf, 0)) == -1) perror("recv");  → ! ECONNRESET
    setsockopt(sock, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger)); ⏎ close(sock);  → 0
    int sock2 = socket(AF_INET6, SOCK_DGRAM, 0);  → fd 8
    setsockopt(sock2, SOL_SOCKET, SO_BROADCAST, &(int){1}, sizeof(int));  → 0
    struct sockaddr_in6 server = {AF_INET6, htons(53)}; ⏎ inet_pton(AF_INET6, "fe80::1", &server.sin6_addr); ⏎ if (connect(sock2, (SA *)&server, sizeof server) == -1) perror("connect");  → 0
    if (send(sock2, "hi", 2, 0) == -1) perror("send");  → 2
    /* SIGKILL */  → "
  `));
  it('in TypeScript', () => expect(listing(oddCalls(), 'client', 'typescript').join('\n')).toMatchInlineSnapshot(`
    "const sock = new net.Socket();  → fd 7
    sock.connect(7007, "::1"); ⏎ await once(sock, "connect");  → 0
    (noSuchOption)  → ! EINVAL
    sock.write(Buffer.from("00ff01", "hex"));  → 3
    sock.write("x");  → ! EPIPE
    (noShutdownRead)  → 0
    sock.destroySoon();  → ! ENOTCONN
    const [data] = await once(sock, "data");  → ! ECONNRESET
    sock.resetAndDestroy();  → 0
    const sock2 = dgram.createSocket("udp6");  → fd 8
    sock2.setBroadcast(true);  → 0
    sock2.connect(53, "fe80::1"); ⏎ await once(sock2, "connect");  → 0
    sock2.send("hi");  → 2
    // SIGKILL  → "
  `));
});

describe('a line', () => {
  it('says only what had happened: before its return it waits', () => {
    const s = everyStreamCall();
    const { trace } = s.told();
    const accepting = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'accept.started') ?? -1;
    expect(listing(s, 'server', 'typescript', accepting)[4]).toBe('const [conn] = await once(listener, "connection");  → waits: client');
    const sending = Array.from({ length: trace.count }, (_, seq) => seq).find((seq) => trace.kind(seq) === 'bytes.sent') ?? -1;
    expect(listing(s, 'client', 'c', sending)[4]).toMatch(/→ waits: room$/);
  });

  it('of a send() that returned short, and was called again, did not wait', () => {
    const s = scenario();
    const { role } = s.role('client', '127.0.0.1', 'client');
    for (const a of [2, 4]) s.fact('bytes.sent', { role, sock: 1, a, bytes: utf8('abcd') });
    expect(listing(s, 'client', 'python').map((line) => line.split('→ ')[1])).toEqual(['2', '4']);
  });

  it('grows with a live trace as it would have been read at once', () => {
    const s = everyStreamCall();
    const { story, trace } = s.told();
    const role = story.roles[1];
    if (role === undefined) throw new Error('no client');
    const [whole, parts] = [new RoleCalls(), new RoleCalls()];
    whole.advance(story, trace, role);
    for (let length = 0; length <= role.facts.length; length++) parts.advance(story, trace, { ...role, facts: { length, at: (index) => role.facts.at(index) } });
    const read = (calls: RoleCalls) => Array.from({ length: calls.count }, (_, at) => spell('c', story, trace, calls, at, Number.POSITIVE_INFINITY));
    expect(read(parts)).toEqual(read(whole));
    expect(parts.toldOf(2).options.map(({ text, inferred }) => [text, inferred])).toEqual([['TCP_NODELAY=1', null], ['SO_KEEPALIVE=1', null]]);
  });
});
