// Listens and never accepts: the kernel finishes the handshake for as many clients as its queue holds (`backlog`), and lets the others
// try again until they give up.

import { numberOf } from './options';
import type { Program } from './program';

/** Options: port, backlog. */
export const silentListener: Program = (role, options) =>
  role.blocking.listenOnly({ port: numberOf(options, 'port', 0), backlog: numberOf(options, 'backlog', 1) }, (endpoint) => role.listening({ protocol: 'tcp', ...endpoint }));
