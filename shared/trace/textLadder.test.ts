import { describe, expect, it } from 'vitest';
import { widthOf } from '../base/textWidth';
import { scenario, type Scenario } from './fixture';
import { connectRefused, echoClosesEarly, echoHalfCloses, udpUppercase } from './fixtureScenes';
import { textLadder, type LadderOptions } from './textLadder';

function ladder(scene: Scenario, options?: LadderOptions): string {
  const { story, trace } = scene.told();
  return textLadder(story, trace, options);
}
const stable = (scene: Scenario): string => ladder(scene, { stable: true });
const line = (text: string, part: string): string => text.split('\n').find((one) => one.includes(part)) ?? '';

describe('textLadder', () => {
  it('tells the client that closes early: what was sent, what was read, the inferred reset', () => {
    expect(`\n${stable(echoClosesEarly())}`).toMatchInlineSnapshot(`
      "
        conn clients                                                      servers
                                                                          server  main()
                                                                server  socket(AF_INET, SOCK_STREAM) → fd
                                                                          server  bind(127.0.20.1:7007)
                                                                          server  listen(511)
                                                                          server  accept() → …
            client  main()
        #1  client  socket(AF_INET, SOCK_STREAM) → fd
        #1  client  connect(127.0.20.1:7007) → …
        #1  client                         ·· SYN ·······················> server
        #1  client                         <·················· SYN, ACK ·· server
        #1  client                         ·· ACK ·······················> server
        #1  client  connect(127.0.20.1:7007) → 0
        #1                                                                server  accept() → fd
        #1  client  send(10) → 10          -- 10 B “GET READY↵” ---------> server
        #1  client  send(8) → 8            -- 8 B “GET SET↵” ------------> server
        #1  client  send(3) → 3            -- 3 B “GO↵” -----------------> server
        #1                                                                server  recv(64) → …
        #1                                                                server  recv(64) → 21
        #1  client                         <------ 21 B “GET READY↵GE…” -- server  send(21) → 21
        #1  client  recv(4) → …
        #1  client  recv(4) → 4
        #1  client  close()
      ! #1  client                         ·· RST ·······················> server
        #1                                                                server  recv(64) → …
      ! #1                                                                server  recv() → ECONNRESET
        #1                                                                server  close()
            client  exit()
                                                                          server  accept() → …
            == the lab reached its end
        evidence: ── captured  -- observed  ·· inferred
      "
    `);
  });

  it('shows times in milliseconds when they are wanted', () => {
    expect(line(ladder(echoHalfCloses()), 'send(6)')).toBe('    0.250    #1  client  send(6) → 6       -- 6 B “three↵” --------------> server');
    expect(line(ladder(echoHalfCloses(), { times: false }), 'send(6)')).toBe('  #1  client  send(6) → 6            -- 6 B “three↵” --------------> server');
  });

  it('gives each datagram its destination, and a lost one an x for an arrowhead', () => {
    const text = stable(udpUppercase());
    expect(line(text, '“HELLO”')).toBe('      client                         <--------- 5 B “HELLO” -- server  sendto(5, 127.0.21.2:e1) → 5');
    expect(line(text, '“lost”')).toBe('      client  sendto(4, 127.0.21.1:12000) → 4 -- 4 B “lost” -------x server');
  });

  it('marks trouble, and names the endpoint where nobody is', () => {
    const text = stable(connectRefused());
    expect(line(text, 'RST')).toBe('! #1  client                         <······················· RST ·· 127.0.20.1:7007');
    expect(line(text, '0 → ECONNREFUSED')).toBe('');
    expect(line(text, '→ ECONNREFUSED')).toBe('! #1  client  connect(127.0.20.1:7007) → ECONNREFUSED');
  });

  it('names ports that the system chose by their order, and leaves out times of day', () => {
    const scene = scenario();
    const server = scene.role('server', '127.0.20.1', 'server');
    const listener = server.listen(7013);
    const foreign = scene.foreignClient(listener);
    const accepted = listener.accept();
    accepted.send('2031-02-03T04:05:06.789Z\n');
    server.print('127.0.0.1:45678, 127.0.0.1:45679, 127.0.0.1:45678');
    expect(foreign).toBeDefined();
    const text = stable(scene.end());
    expect(text).toContain('127.0.0.1:e2, 127.0.0.1:e3, 127.0.0.1:e2');
    expect(text).toContain('25 B “<time>” --');
    expect(text).toMatch(/^ {2}#1 {2}127\.0\.0\.1:e1 +·· SYN/m);
  });

  it('keeps every line within its width, whatever was sent', () => {
    const scene = scenario();
    const server = scene.role('a-server-with-a-long-name-in-this-lab', '127.0.20.1', 'server').udp(12_000);
    const client = scene.role('클라이언트-이름이-깁니다', '127.0.20.2', 'client').udp();
    client.send('안녕하세요 여러분 반갑습니다'.repeat(10), { address: '127.0.20.1', port: 12_000 });
    server.recv();
    for (const width of [40, 80, 100, 160]) {
      for (const one of ladder(scene.end(), { width }).split('\n')) expect(widthOf(one), one).toBeLessThanOrEqual(Math.max(width, 80));
    }
  });

  it('lets nothing from the wire steer the terminal', () => {
    const scene = scenario();
    scene.role('client', '127.0.20.2', 'client').print('\u001b[2J\u202eevil\r\n');
    expect(ladder(scene.end())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });

  it('says how the lab ended', () => {
    expect(stable(scenario().end('stopped'))).toContain('== the lab was stopped');
    expect(stable(scenario().end('failed', 'EADDRINUSE'))).toContain('== the lab failed: EADDRINUSE');
  });
});

it('names ports anew where the system chose one number twice', () => {
  const s = scenario();
  const [one, other] = [s.role('one', '127.0.10.1', 'client'), s.role('other', '127.0.10.2', 'client')];
  void [one, other];
  [[1, '127.0.10.1', 90], [2, '127.0.10.2', 91], [1, '127.0.10.1', 92]].forEach(([role, address, sock]) => {
    s.fact('socket.opened', { role: Number(role), sock: Number(sock), a: 30, b: 2, text: 'AF_INET' });
    s.fact('socket.bound', { role: Number(role), sock: Number(sock), local: { address: String(address), port: 40_001 } });
  });
  expect(stable(s).match(/bind\(.*?\)/g)).toEqual(['bind(127.0.10.1:e1)', 'bind(127.0.10.2:e2)', 'bind(127.0.10.1:e3)']);
});
