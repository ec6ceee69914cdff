// A lesson that does not fit its manifest is told so, id by id.
import { describe, expect, it } from 'vitest';
import { checkLesson, roleFamily } from './checkLesson';
import type { LabManifest } from './manifest';
import { parseLesson } from './parseLesson';

const manifest: LabManifest = {
  id: 'x', group: 'sockets', order: 1, stage: ['hosts'], specifications: [],
  parameters: [{ type: 'choice', id: 'kind', options: ['a', 'b'], value: 'a' }],
  hosts: [{ id: 'server', address: '127.0.20.1' }],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7000 }],
  actions: [{ id: 'send', arguments: [{ type: 'text', id: 'text', maxLength: 9, value: '' }] }],
  steps: [{ id: 'one', match: { fact: 'bytes.sent' }, predict: 'guess' }],
  predictions: [{ id: 'guess', options: [{ id: 'yes', when: { always: true } }, { id: 'no', when: { always: true } }] }],
  tryIt: [{ id: 'nc', endpoint: 'server', command: 'nc' }],
};

const FITTING = `# T
> S

I

## host: server
S
## role: server
S
## role: client
C
## step: one
### t
b
## predict: guess
### q
- [yes] y
- [no] n
#### because
b
## parameter: kind
L
h
- [a] A
- [b] B
## action: send
L
h
- [text] T
## try: nc
t
`;

const faults = (source: string, roles = ['client']): string[] => checkLesson(manifest, parseLesson(source), roles);

it('knows the parameters that a step is for', () => {
  const step = (only: Record<string, string[]>) => checkLesson({ ...manifest, steps: [{ id: 'one', match: { fact: 'bytes.sent' }, predict: 'guess', only }] }, parseLesson(FITTING), ['client']);
  expect(step({ kind: ['b'] })).toEqual([]);
  expect(step({ kind: ['b', 'c'] })).toEqual(['step "one" is for kind = c, which is not in the lab']);
  expect(step({ sort: ['b'] })).toEqual(['step "one" is for sort, which is not in the lab']);
});

describe('checkLesson', () => {
  it('has nothing to say of a lesson that fits', () => expect(faults(FITTING)).toEqual([]));

  it.each([
    ['## step: one\n### t\nb\n', '', ['step "one" has no text']],
    ['## try: nc', '## try: curl', ['try "nc" has no text', 'try "curl" is not in the lab']],
    ['- [b] B', '- [c] C', ['parameter "kind" option "b" has no text', 'parameter "kind" option "c" is not in the lab']],
    ['- [text] T\n', '', ['action "send" argument "text" has no text']],
    ['- [no] n', '- [maybe] n', ['predict "guess" option "no" has no text', 'predict "guess" option "maybe" is not in the lab']],
    ['## host: server', '## host: sever', ['host "server" has no text', 'host "sever" is not in the lab']],
  ])('names what is missing and what is left over: %j -> %j', (from, to, expected) => expect(faults(FITTING.replace(from, to))).toEqual(expected));

  it('lets members of a family of hosts have names of their own, but no others', () => {
    const family: LabManifest = { ...manifest, hosts: [{ id: 'server', address: '127.0.20.1', count: 3 }] };
    const named = `${FITTING}\n## host: server-1\nA\n## role: server-1\nA\n`;
    expect(checkLesson(family, parseLesson(named), ['client'])).toEqual([]);
    expect(faults(named)).toEqual(['host "server-1" is not in the lab', 'role "server-1" is not in the lab']);
  });

  it('asks for the roles that the lab starts, once for all of a family', () => {
    expect(faults(FITTING, ['client-1', 'client-2', 'relay'])).toEqual(['role "relay" has no text']);
    expect(roleFamily('client-12')).toBe('client');
    expect(roleFamily('server')).toBe('server');
  });
});
