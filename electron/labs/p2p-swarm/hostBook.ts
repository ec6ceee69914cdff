// Which hosts of the lab's families have a peer now: a new peer gets the next one that never had any, and later one whose peer is gone.
// A peer that comes to a host for the second time is a new process, and so a new role there: 'peer-4-2'.

export type Family = 'peer' | 'seeder' | 'hostile';

export interface Place {
  readonly family: Family;
  /** From 1. */
  readonly number: number;
  /** 'peer-4'. */
  readonly host: string;
  /** The id of the role that is there now. */
  readonly role: string;
}

interface Seat {
  taken: boolean;
  times: number;
}

export class HostBook {
  private readonly seats: Readonly<Record<Family, readonly Seat[]>>;

  /** How many hosts each family has. */
  constructor(counts: Readonly<Record<Family, number>>) {
    const seats = (count: number): Seat[] => Array.from({ length: count }, () => ({ taken: false, times: 0 }));
    this.seats = { peer: seats(counts.peer), seeder: seats(counts.seeder), hostile: seats(counts.hostile) };
  }

  /** Throws RangeError when every host of the family has a peer. */
  take(family: Family): Place {
    const seats = this.seats[family];
    const unused = seats.findIndex(({ times }) => times === 0);
    const at = unused >= 0 ? unused : seats.findIndex(({ taken }) => !taken);
    if (at < 0) throw new RangeError(`all ${seats.length} ${family} hosts are taken`);
    return this.sit(family, at);
  }

  /** That very host. Throws RangeError when somebody is there. */
  at({ family, number }: Pick<Place, 'family' | 'number'>): Place {
    if (!this.isFree({ family, number })) throw new RangeError(`${family}-${number} is not free`);
    return this.sit(family, number - 1);
  }

  isFree({ family, number }: Pick<Place, 'family' | 'number'>): boolean {
    return this.seats[family][number - 1]?.taken === false;
  }

  free({ family, number }: Place): void {
    const seat = this.seats[family][number - 1];
    if (seat !== undefined) seat.taken = false;
  }

  private sit(family: Family, at: number): Place {
    const seat = this.seats[family][at];
    if (seat === undefined) throw new RangeError(`no ${family} host ${at + 1}`);
    seat.taken = true;
    seat.times++;
    const host = `${family}-${at + 1}`;
    return { family, number: at + 1, host, role: seat.times === 1 ? host : `${host}-${seat.times}` };
  }
}
