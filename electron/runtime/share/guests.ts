// Who is in at a door: counted, let in only from where the door is open to, and no more than the bounds allow.

import type { Endpoint } from '../../../shared/trace/event';
import { SHARE_LIMITS } from './limits';

/** Of all doors of a run together. */
export interface Room {
  held: number;
}

export class Guests {
  now = 0;
  total = 0;
  /** Turned away. */
  refused = 0;
  private readonly byAddress = new Map<string, number>();

  /** `admits`: whether that address may come in at all. `changed`: the numbers have. */
  constructor(private readonly room: Room, private readonly admits: (address: string) => boolean, private readonly changed: () => void) {}

  /** False: turned away. Who is let in leaves once. */
  enter({ address }: Endpoint): boolean {
    const mine = this.byAddress.get(address) ?? 0;
    const may = this.admits(address) && mine < SHARE_LIMITS.perAddress && this.now < SHARE_LIMITS.connections && this.room.held < SHARE_LIMITS.connectionsInAll;
    if (may) {
      this.byAddress.set(address, mine + 1);
      this.now++;
      this.total++;
      this.room.held++;
    } else this.refused++;
    this.changed();
    return may;
  }

  leave({ address }: Endpoint): void {
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
    this.now--;
    this.room.held--;
    this.changed();
  }
}
