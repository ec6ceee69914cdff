// What reads a direction of a stream in the application fold.

/** Reads one direction of a stream as one protocol. Bytes come in order, without gaps but those that it could skip. */
export interface Dissector {
  feed(bytes: Uint8Array, offset: number): void;
  /** The trace lacks `size` bytes here: how many of them it can do without (a body whose length is known). */
  skip(size: number, offset: number): number;
  /** Bytes are missing that it cannot do without, and will not come: nothing more is read. */
  gap(): void;
  /** Nothing more comes. `clean`: the sender has ended the stream in order. */
  end(clean: boolean): void;
}
