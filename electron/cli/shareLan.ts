// looplab serve --share: opens everything that the lab serves to the network of one address, because the command line says so, and says on
// standard error what that means. One line for each door; a door that closes is not told.

import type { ShareState } from '../../shared/ipc/contract';
import { offerable, proposedPorts } from '../../shared/lab/offers';
import type { FoundLab } from '../runtime/discovery';
import type { Engine, LabState } from '../runtime/engine';
import { lanPlaces } from '../runtime/share/lan';
import { UsageError, type Io } from './io';

export interface LanShare {
  /** Rejects with the engine's error: EADDRINUSE and the like. */
  begin(engine: Engine, state: LabState): Promise<void>;
  hear(state: ShareState): void;
}

/** Throws UsageError when the address is none of this machine's, or a public one without --public. */
export function shareLan(io: Io, { lab }: FoundLab, address: string, publicly: boolean): LanShare {
  const places = lanPlaces();
  const place = places.find((one) => one.address === address);
  const exist = places.length === 0 ? 'This machine is on no network.\n' : `Its addresses are:\n${places.map((one) => `  ${one.address}/${one.prefix}  ${one.name}, ${one.scope}\n`).join('')}`;
  if (place === undefined) throw new UsageError(`--share ${JSON.stringify(address)} is no address of this machine on a network`, exist);
  if (place.scope === 'public' && !publicly) throw new UsageError(`--share ${address}: a public address may be reachable from far beyond this room; add --public to share there all the same`);
  const told = new Set<string>();
  return {
    begin: async (engine, { run, endpoints }) => {
      const offers = offerable(lab.manifest, endpoints);
      if (offers.length === 0) return;
      const ports = proposedPorts(offers);
      io.err(`looplab: open to every machine of ${address}/${place.prefix}, without a password, until this program ends\n`);
      await engine.share(run, { address, public: publicly, offers: offers.map(({ role, protocol, port }, index) => ({ role, protocol, port: ports[index] ?? port })) });
    },
    hear: ({ share, ended }) => {
      for (const { role, protocol, port } of share?.doors ?? []) {
        const line = JSON.stringify({ role, protocol, address, port, shared: true });
        if (told.has(line)) continue;
        told.add(line);
        void io.out(`${line}\n`);
      }
      if (ended === 'address-gone') io.err(`looplab: ${address} is no address of this machine any more: sharing has ended\n`);
    },
  };
}
