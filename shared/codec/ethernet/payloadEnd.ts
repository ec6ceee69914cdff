// Where the packet of a frame ends when it says so itself and has no codec here: what follows is padding, a trailer or the check sequence. Only
// lengths are read, nothing is dissected: LLDP (IEEE 802.1AB 8.1), PTP (IEEE 1588 13.3.2), EAPOL (IEEE 802.1X 11.3).

import { readUint } from '../../base/bytes';

const TYPE = { eapol: 0x888e, lldp: 0x88cc, ptp: 0x88f7 } as const;
/** Version, type and length of EAPOL; the place of PTP's length in its header. */
const EAPOL_HEAD = 4;
const PTP_LENGTH = 2;

/** End of the packet that begins at `start` in a frame of this type; null: it does not say, or says more than there is. */
export function payloadEnd(type: number, bytes: Uint8Array, start: number): number | null {
  const end = endOf(type, bytes, start);
  return end === null || end > bytes.length ? null : end;
}

function endOf(type: number, bytes: Uint8Array, start: number): number | null {
  switch (type) {
    case TYPE.eapol: return bytes.length < start + EAPOL_HEAD ? null : start + EAPOL_HEAD + readUint(bytes, start + 2, 2);
    case TYPE.ptp: return bytes.length < start + PTP_LENGTH + 2 ? null : start + readUint(bytes, start + PTP_LENGTH, 2);
    case TYPE.lldp: return lldpEnd(bytes, start);
    default: return null;
  }
}

/** Seven bits of type and nine of length before each value; type 0 ends them. */
function lldpEnd(bytes: Uint8Array, start: number): number | null {
  for (let at = start; at + 2 <= bytes.length;) {
    const head = readUint(bytes, at, 2);
    at += 2 + (head & 0x1ff);
    if (head >> 9 === 0) return at;
  }
  return null;
}
