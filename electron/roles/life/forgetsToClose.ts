// A client that connects and comes to its end without close(): a process of its own, so that it is the system that closes what it has open.

import type { Program } from '../programs/program';
import { numberOf } from '../programs/options';

/** Options: address, port. */
export const forgetsToClose: Program = async (role, options) => {
  await role.host.net.dial({ address: String(options['address']), port: numberOf(options, 'port', 0) });
  role.print('the program ends here, and has not called close()');
};
