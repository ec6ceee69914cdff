// Frames of ISL, between Cisco's switches, which look like Ethernet: behind their source come a length and their own numbers, then the frame that they
// carry. They are known by where they go (0100.0c00.00xx or 0300.0c00.00xx) and told no further.

/** By the first four bytes of a frame, as a number, and the fifth. */
export const isIsl = (four: number, fifth: number): boolean => (four & 0xfdff_ffff) === 0x0100_0c00 && fifth === 0;
