import { describe, expect, it } from 'vitest';
import { LabTest } from '../run.fixture';
import lab from './lab';

describe('one request in clear, one under TLS', () => {
  it.each(['TLSv1.3', 'TLSv1.2'])('%s: both are answered; the secret is on the wire once', async (version) => {
    const run = await LabTest.play(lab, { version });
    expect(run.prints('client-clear-1').at(-1)).toBe('200 Welcome back. Your balance is 1 234.56.');
    expect(run.prints('client-tls-1').at(-1)).toBe('200 Welcome back. Your balance is 1 234.56.');
    const onTheWire = run.facts('bytes.sent', 'client*').filter((fact) => run.text(fact).includes('open-sesame'));
    expect(onTheWire).toHaveLength(1);
    const plaintext = run.facts('plaintext.sent', 'client*').filter((fact) => run.text(fact).includes('open-sesame'));
    expect(plaintext).toHaveLength(1);
    expect(JSON.parse(run.facts('tls.secured', 'client*')[0]?.text ?? '{}')).toMatchObject({ version, serverName: 'www.example.test', alpn: 'http/1.1', authorized: true });
    expect([run.verdict('outcome'), run.verdict('secret')]).toEqual(['answered', 'clear-only']);
    expect(run.stepsDone()).toEqual(['clear', 'connect', 'client-hello', 'server-hello', 'certificate', 'finished', 'request', 'sealed', 'answer']);
  });

  it('speaks HTTP/2 where that was agreed on', async () => {
    const run = await LabTest.play(lab, { protocol: 'h2', compare: 'tls' });
    expect(run.prints('client-tls-1').at(-1)).toBe('200 Welcome back. Your balance is 1 234.56.');
    expect(JSON.parse(run.facts('tls.secured', 'client*')[0]?.text ?? '{}')).toMatchObject({ alpn: 'h2' });
    expect(run.verdict('secret')).toBe('nowhere');
  });

  it('without TLS there is nothing to refuse', async () => {
    const run = await LabTest.play(lab, { compare: 'clear', certificate: 'expired' });
    expect(run.facts('tls.secured')).toEqual([]);
    expect([run.verdict('outcome'), run.verdict('secret')]).toEqual(['clear', 'clear-only']);
  });

  it('goes on with an earlier session: no second certificate', async () => {
    const run = await LabTest.play(lab, { resume: true, compare: 'tls' });
    expect(run.facts('tls.secured', 'client-tls-1').map(({ a }) => a)).toEqual([0]);
    expect(run.facts('tls.secured', 'client-tls-2').map(({ a }) => a)).toEqual([1]);
    const certificates = run.app.sessions.map((session) => session.messages.filter(({ name }) => name === 'Certificate').length);
    expect(certificates).toEqual([1, 0]);
  });
});

describe('a certificate that is no good', () => {
  it.each([
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID', 'name'],
    ['expired', 'CERT_HAS_EXPIRED', 'time'],
    ['not-yet', 'CERT_NOT_YET_VALID', 'time'],
    ['unknown-issuer', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'issuer'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'issuer'],
  ])('%s: %s, and no request is sent', async (certificate, code, verdict) => {
    const run = await LabTest.play(lab, { certificate, compare: 'tls' });
    expect(run.facts('tls.failed', 'client*').map(({ err }) => err)).toEqual([code]);
    expect(run.prints('client-tls-1').at(-1)).toContain(code);
    expect(run.facts('plaintext.sent', 'client*')).toEqual([]);
    expect([run.verdict('outcome'), run.verdict('secret')]).toEqual([verdict, 'nowhere']);
    expect(run.stepsDone()).toContain('refused');
  });
});

describe('keys', () => {
  it('are in the trace only when they were asked for, and open what was sealed', async () => {
    const without = await LabTest.play(lab, { keys: false, compare: 'tls' });
    expect(without.facts('key.logged')).toEqual([]);
    expect(without.app.sessions.map(({ keys }) => keys)).toEqual([false]);
    await without.stop();

    const run = await LabTest.play(lab, { compare: 'tls' });
    expect(run.facts('key.logged').length).toBeGreaterThan(3);
    const [session] = run.app.sessions;
    const sealed = session?.messages.filter(({ name, dir }) => name.startsWith('Application Data') && dir === 'up') ?? [];
    const opened = sealed.map(({ record }) => new TextDecoder().decode(run.app.opened(record)?.bytes));
    expect(opened.join('')).toContain('GET /account HTTP/1.1');
    expect(opened.join('')).toContain('open-sesame');
  });
});

describe('by hand', () => {
  it('another name is refused by the certificate that was good before', async () => {
    const run = await LabTest.play(lab);
    await run.act('ask', { scheme: 'https', name: 'bank.example.test', path: '/account' });
    expect(run.facts('tls.failed', 'client-tls-2').map(({ err }) => err)).toEqual(['ERR_TLS_CERT_ALTNAME_INVALID']);
    await run.act('kill-server');
    await run.act('ask', { scheme: 'https', name: 'www.example.test', path: '/account' });
    expect(run.errors('client-tls-3')).toEqual(['ECONNREFUSED']);
    await run.act('start-server');
    await run.act('ask', { scheme: 'https', name: 'www.example.test', path: '/nothing' });
    expect(run.prints('client-tls-4').at(-1)).toContain('404');
  });
});
