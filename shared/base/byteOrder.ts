// In which order this machine has the bytes of a number in memory.

/** True: the lowest first, as nearly everywhere. */
export const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
