// The well-known ports that those of a run's lab stand for, as dissections take them.

import type { KnownPorts } from '../codec/dissect';
import type { Story } from './story';

export const knownPorts = ({ lab }: Story): KnownPorts => new Map((lab?.services ?? []).map(({ protocol, port, wellKnown }) => [`${protocol}.port:${port}`, wellKnown]));
