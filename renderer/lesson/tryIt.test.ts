// The command for the user's own program names what really listens, and what is planned before it does.
import { describe, expect, it } from 'vitest';
import type { LabManifest } from '../../shared/lab/manifest';
import { commandOf } from './tryIt';

const manifest = {
  hosts: [{ id: 'server', address: '127.0.20.1' }],
  endpoints: [{ role: 'server', host: 'server', protocol: 'tcp', port: 7007, wellKnown: 7 }],
} as unknown as LabManifest;
const spec = { id: 'nc', endpoint: 'server', command: 'nc {address} {port}' };

describe('try it yourself', () => {
  it('names the planned address before the run', () => {
    expect(commandOf(spec, manifest, [])).toEqual({ id: 'nc', text: 'nc 127.0.20.1 7007', live: false, wellKnown: 7, port: 7007 });
  });
  it('names the endpoint that listens', () => {
    const live = [{ role: 'server', protocol: 'tcp' as const, address: '127.0.0.1', port: 41_000 }];
    expect(commandOf(spec, manifest, live)).toMatchObject({ text: 'nc 127.0.0.1 41000', live: true });
  });
});
