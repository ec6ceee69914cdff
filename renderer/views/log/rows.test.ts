import { expect, it } from 'vitest';
import { echoClosesEarly, listensOnLinux } from '../../../shared/trace/fixtureScenes';
import { logRow } from './rows';

it('says in words what the ladder draws: who, what, to whom, and how it is known', () => {
  const { story, trace } = echoClosesEarly().told();
  const rows = Array.from({ length: story.moments.count }, (_unused, index) => logRow(story, trace, index));

  const send = rows.find((row) => row.what.startsWith('send('));
  expect(send).toMatchObject({ host: 'client', role: 'client', to: 'server', evidence: 'observed', trouble: false, rule: '' });
  expect(send?.sends).toContain('10 B');

  const syn = rows.find((row) => row.what.startsWith('SYN'));
  expect(syn).toMatchObject({ host: 'client', to: 'server', evidence: 'inferred', rule: 'tcp.handshake.connected' });

  expect(rows.some((row) => row.trouble)).toBe(true);
  expect(rows.filter((row) => row.what === '').map((row) => row.ended)).toEqual(['reached']);
  expect(rows.every((row, index) => index === 0 || row.t >= (rows[index - 1]?.t ?? 0))).toBe(true);
});

it('gives the rule of a call that nobody saw', () => {
  const { story, trace } = listensOnLinux().told();
  const rows = Array.from({ length: story.moments.count }, (_unused, index) => logRow(story, trace, index));
  expect(rows.map((row) => row.what).filter((what) => /^(socket|setsockopt|bind)/.test(what))).toEqual(['socket(AF_INET, SOCK_STREAM) → fd 21', 'setsockopt(SO_REUSEADDR=1)', 'bind(127.0.20.1:7013)']);
  expect(rows.find((row) => row.what.startsWith('setsockopt'))).toMatchObject({ host: 'server', role: 'server', to: '', evidence: 'inferred', rule: 'socket.reuseaddr', trouble: false });
});
