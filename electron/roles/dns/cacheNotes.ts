// A cache of names whose doings its role notes, so that the trace tells what it kept, answered and forgot.

import type { RoleContext } from '../lab';
import { DnsCache } from './cache';
import type { LabClock } from './labClock';

export const noteCache = (role: RoleContext, clock: LabClock): DnsCache => new DnsCache(clock, (event) => role.note({ topic: 'dns.cache', ...event }));
