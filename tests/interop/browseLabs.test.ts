// Foreign programs and the labs of pages: curl and wget get the site, dig its names, and curl, nghttp and h2load feel the relay's wire.
import { describe, expect, it } from 'vitest';
import browse from '../../electron/labs/browse-a-page/lab';
import connections from '../../electron/labs/http-connections/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { start } from './support';

const WEB = local('127.0.62.80');
const WIRE = local('127.0.61.2');

describe('browse-a-page', () => {
  it('dig walks to the same answer, curl and wget get the page that the browser gets', async () => {
    const run = await LabTest.serve(browse);
    const dig = await start('dig', `@${local('127.0.62.53')}`, '-p', '5300', '+short', 'm.naver.com').ended;
    expect(dig.output).toBe(`www.naver.com.\n${WEB}\n`);
    const missing = await start('dig', `@${local('127.0.62.53')}`, '-p', '5300', 'www.nowhere.com').ended;
    expect(missing.output).toContain('status: NXDOMAIN');
    const curl = await start('curl', '-sS', '--connect-to', `::${WEB}:8088`, 'http://www.naver.com/').ended;
    expect(curl).toMatchObject({ status: 0 });
    expect(curl.output).toContain('<link rel="stylesheet" href="/style.css">');
    expect(curl.output.endsWith('</html>\n')).toBe(true);
    const wget = await start('wget', '-qO-', '--header', 'Host: www.naver.com', `http://${WEB}:8088/`).ended;
    expect(wget.output).toBe(curl.output);
    await run.until(() => run.story.hosts.some((host) => host.foreign));
  });

  it('curl revalidates the HTML and is told that it still holds', async () => {
    await LabTest.serve(browse);
    const curl = await start('curl', '-sS', '-o', '/dev/null', '-w', '%{http_code} %{size_download}', '-H', 'If-None-Match: "portal-1"', `http://${WEB}:8088/`).ended;
    expect(curl.output).toBe('304 0');
  });

  it('curl over HTTP/2, and to port 80 of the site under TLS', async () => {
    const clear = await LabTest.serve(browse, { version: 'h2' });
    const h2 = await start('curl', '-sS', '--http2-prior-knowledge', '-o', '/dev/null', '-w', '%{http_version} %{http_code}', `http://${WEB}:8088/style.css`).ended;
    expect(h2.output).toBe('2 200');
    await clear.stop();
    const run = await LabTest.serve(browse, { tls: true, version: 'h2' });
    const curl = await start('curl', '-sSkL', '-o', '/dev/null', '-w', '%{http_version} %{http_code} %{num_redirects}', '--connect-to', `:80:${WEB}:8088`, '--connect-to', `:443:${WEB}:8443`, 'http://www.naver.com/').ended;
    expect(curl.output).toBe('2 200 1');
    await run.stop();
  });
});

describe('http-connections', () => {
  it('curl through the relay: connect at once, first byte after two round trips, the next object after one', async () => {
    const run = await LabTest.serve(connections, { delay: 150, bandwidth: 0 });
    const times = '%{time_connect} %{time_starttransfer} %{num_connects}\\n';
    const { output } = await start('curl', '-sS', '-o', '/dev/null', '-w', times, `http://${WIRE}:8088/`, '--next', '-sS', '-o', '/dev/null', '-w', times, `http://${WIRE}:8088/style.css`).ended;
    const [first = [], second = []] = output.trim().split('\n').map((line) => line.split(' ').map(Number));
    expect([first[2], second[2]]).toEqual([1, 0]);
    const [connected = 0, begun = 0] = first;
    expect(begun).toBeGreaterThanOrEqual(0.599);
    // What it waits for comes behind connect().
    expect(begun - connected).toBeGreaterThanOrEqual(0.299);
    expect(second[1]).toBeGreaterThanOrEqual(0.299);
    // How much later a busy machine tells it, is the machine's affair; held were a handshake, and each request once.
    const held = (): readonly string[] => run.facts('fault.applied', 'relay').filter(({ b }) => b === 1).map(({ a, size }) => `${a} ms ${size === 0 ? 'handshake' : 'request'}`);
    await run.until(() => held().length >= 3);
    expect(held()).toEqual(['300 ms handshake', '150 ms request', '150 ms request']);
  });

  it('curl feels the bandwidth', async () => {
    await LabTest.serve(connections, { delay: 0, bandwidth: 500, 'in-the-way': 'large' });
    const { output } = await start('curl', '-sS', '-o', '/dev/null', '-w', '%{size_download} %{time_total}', `http://${WIRE}:8088/pictures/6.png`).ended;
    const [size = 0, seconds = 0] = output.split(' ').map(Number);
    expect(size).toBeGreaterThan(100_000);
    expect(size / seconds).toBeLessThan(550_000);
  });

  it('nghttp fetches the page and its objects as streams of one connection', async () => {
    await LabTest.serve(connections, { delay: 2, bandwidth: 0, 'in-the-way': 'none' });
    const { output } = await start('nghttp', '-nas', `http://${WIRE}:8089/`).ended;
    expect(output).toContain('/style.css');
    expect(output).toContain('/gallery.js');
  });

  it('h2load: a hundred requests on one connection, none fails', async () => {
    await LabTest.serve(connections, { delay: 2, bandwidth: 0, 'in-the-way': 'none' });
    const { output } = await start('h2load', '-n', '100', '-c', '1', '-m', '10', `http://${WIRE}:8089/style.css`).ended;
    expect(output).toMatch(/requests: 100 total, 100 started, 100 done, 100 succeeded, 0 failed/);
  });
});
