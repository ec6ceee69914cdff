// What filters know of an open capture without a look at its bytes.

import type { FlowTable } from '../flows/flowTable';
import type { PacketTable } from '../packetTable';
import type { FlowTalks } from './flowTalks';

/** The columns of an open capture. */
export interface CaptureColumns {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  /** True once the `analysis` column of all packets is filled. */
  analysed(): boolean;
  /** In which packets no message of a stream ends that is known; left out: in all one may. */
  readonly talks?: FlowTalks | null;
}
