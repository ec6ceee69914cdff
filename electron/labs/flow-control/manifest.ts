// What the flow-control lab says of itself. Pure data; the code that runs is in lab.ts, the words in lesson.<locale>.md.

import type { LabManifest } from '../../../shared/lab/manifest';
import type { Matcher } from '../../../shared/trace/match';

/** send() did not take all that it was given. */
const STOPPED: Matcher = { fact: 'bytes.sent', role: 'sender', short: true };
const SENDS: Matcher = { fact: 'bytes.sent', role: 'sender' };
const READS: Matcher = { fact: 'bytes.received', role: 'receiver' };
const ASKS: Matcher = { fact: 'select.started', role: 'sender' };
const NEVER: Matcher = { fact: 'bytes.sent', role: 'nobody' };
/** Bytes: what a receive buffer begins with is below it, what a send buffer grows to above. */
const SMALL = 256 * 1024;

export const manifest: LabManifest = {
  id: 'flow-control',
  group: 'stack',
  order: 9,
  parameters: [
    { type: 'choice', id: 'mode', options: ['blocking', 'non-blocking', 'select'], value: 'blocking' },
    { type: 'integer', id: 'total', min: 1, max: 65_536, windowMax: 32_768, value: 6144, unit: 'KiB' },
    { type: 'integer', id: 'chunk', min: 1, max: 8192, value: 256, unit: 'KiB' },
    { type: 'integer', id: 'start', min: 0, max: 20_000, value: 1500, unit: 'ms' },
    { type: 'integer', id: 'read-size', min: 1, max: 1024, value: 128, unit: 'KiB' },
    { type: 'integer', id: 'pause', min: 0, max: 5000, value: 20, unit: 'ms' },
  ],
  hosts: [
    { id: 'sender', address: '127.0.77.1' },
    { id: 'receiver', address: '127.0.77.2' },
  ],
  endpoints: [
    { role: 'receiver', host: 'receiver', protocol: 'tcp', port: 7080 },
    { role: 'source', host: 'sender', protocol: 'tcp', port: 7081 },
  ],
  roles: ['sender'],
  actions: [
    { id: 'hold', arguments: [] },
    { id: 'go-on', arguments: [] },
    { id: 'send', arguments: [{ type: 'integer', id: 'total', min: 1, max: 65_536, value: 6144, unit: 'KiB' }] },
  ],
  steps: [
    { id: 'connect', match: { fact: 'connect.ended', role: 'sender', err: '' }, predict: 'taken' },
    { id: 'asks', match: ASKS, only: { mode: ['select'] } },
    { id: 'taken', match: { ...SENDS, short: false } },
    { id: 'stopped', match: STOPPED, predict: 'how', only: { mode: ['blocking', 'non-blocking'] } },
    { id: 'refused', match: { ...STOPPED, err: 'EAGAIN' }, only: { mode: ['non-blocking'] } },
    { id: 'reads', match: READS },
    { id: 'goes-on', match: { fact: 'send.ended', role: 'sender' }, only: { mode: ['blocking'] } },
    { id: 'end', match: { fact: 'stream.ended', role: 'receiver' } },
  ],
  predictions: [
    {
      id: 'taken',
      options: [
        {
          id: 'all',
          when: {
            all: [
              { not: { exists: STOPPED } },
              // With select() no send() is ever cut short: it did not stop if nothing was left to send once somebody read.
              { any: [{ not: { exists: ASKS } }, { compare: '>=', left: { taken: SENDS, until: READS }, right: { taken: SENDS, until: NEVER } }] },
            ],
          },
        },
        { id: 'nothing', when: { compare: '=', left: { taken: SENDS, until: STOPPED }, right: 0 } },
        { id: 'little', when: { compare: '<=', left: { taken: SENDS, until: STOPPED }, right: SMALL } },
        { id: 'much', when: { always: true } },
      ],
    },
    {
      id: 'how',
      options: [
        { id: 'never', when: { not: { exists: STOPPED } } },
        { id: 'refuses', when: { exists: { ...STOPPED, err: 'EAGAIN' } } },
        { id: 'waits', when: { exists: { fact: 'send.ended', role: 'sender' } } },
        { id: 'short', when: { always: true } },
      ],
    },
  ],
  tryIt: [
    { id: 'nc', endpoint: 'receiver', command: 'head -c 8000000 /dev/zero | nc -N {address} {port}' },
    {
      id: 'python',
      endpoint: 'source',
      command: `python3 -c "import socket, time; s = socket.create_connection(('{address}', {port})); time.sleep(5); print(sum(len(b) for b in iter(lambda: s.recv(65536), b'')))"`,
    },
  ],
  stage: ['window', 'hosts', 'sockets', 'streams'],
  specifications: ['RFC 9293', 'RFC 1122'],
};
