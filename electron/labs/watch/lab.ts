// The user's own programs, watched: the kernel's packets of some loopback ports, with no relay and no change to the programs. Needs the right to
// record; without it the run says what is missing, and shows nothing that it has not seen.

import type { Lab } from '../../roles/lab';
import { manifest } from './manifest';

/** Ports of a text: '8080, 3000'. */
export function portsOf(text: string): readonly number[] {
  return [...new Set((text.match(/\d+/g) ?? []).map(Number).filter((port) => port >= 1 && port <= 65_535))].slice(0, 64);
}

const lab: Lab = {
  manifest,

  async serve(lab) {
    const ports = portsOf(lab.text('ports'));
    if (ports.length === 0) throw new Error(`no port number in ${JSON.stringify(lab.text('ports'))}`);
    // What speaks against it is in the state of the run, for whoever looks at it.
    await lab.watchPorts(ports).catch(() => undefined);
  },

  async play(lab) {
    // Without a time it is the user who ends it.
    if (lab.number('seconds') === 0) return 'open';
    await lab.sleep(lab.number('seconds') * 1000);
    return undefined;
  },
};

export default lab;
