// An authoritative name server as a role: it knows its zones and nothing else, asks nobody and remembers no client.

import { HEADER_LENGTH } from '../../../shared/codec/dns/message';
import type { DnsRecord } from '../../../shared/codec/dns/records';
import type { RoleContext } from '../lab';
import { answerFrom, zoneTable } from './authority';
import { serveDns } from './dnsFront';
import { DNS_LIMITS } from './limits';
import { encodeReply, receive, type Answerer } from './reply';
import type { Zone } from './zone';

export interface ZoneServerOptions {
  /** UDP and TCP, at the host's address. */
  readonly port: number;
  readonly zones: readonly Zone[];
  /** Milliseconds before each answer. */
  readonly delay?: number;
  /** Records that it adds to every answer, asked for or not: how a dishonest server tries to be believed about names that are not its own. */
  readonly smuggled?: readonly DnsRecord[];
}

/** Serves until the role ends. Rejects with the system's error when it cannot listen. */
export function zoneServer(role: RoleContext, options: ZoneServerOptions): Promise<void> {
  const answer = authorityAnswerer(options);
  const delay = options.delay ?? 0;
  if (delay === 0) return serveDns(role, options, answer);
  return serveDns(role, options, async (bytes, from, transport) => {
    const made = await answer(bytes, from, transport);
    await role.sleep(delay).catch(() => undefined); // the role may end meanwhile: then nothing is sent
    return made;
  });
}

/** The same question has the same answer until the zones change: what was made once is kept ready, all but its id. */
export function authorityAnswerer(options: Pick<ZoneServerOptions, 'zones' | 'smuggled'>): Answerer {
  const zones = zoneTable(options.zones);
  const ready = new Map<string, Uint8Array>();
  const smuggled = options.smuggled ?? [];
  return (bytes, _from, transport) => {
    if (bytes.length < HEADER_LENGTH) return null;
    const key = transport + Buffer.from(bytes.buffer, bytes.byteOffset + 2, bytes.length - 2).toString('latin1');
    const known = ready.get(key);
    if (known !== undefined) {
      const copy = new Uint8Array(known);
      copy[0] = bytes[0] ?? 0;
      copy[1] = bytes[1] ?? 0;
      return copy;
    }
    const received = receive(bytes, false);
    if (received.kind === 'silence') return null;
    if (received.kind === 'answer') return received.bytes;
    const reply = answerFrom(zones, received.question);
    const made = encodeReply(received.query, smuggled.length === 0 ? reply : { ...reply, additionals: [...reply.additionals, ...smuggled] }, transport);
    if (ready.size >= DNS_LIMITS.readyAnswers) ready.clear();
    ready.set(key, made);
    return made;
  };
}
