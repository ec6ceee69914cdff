// The bounds of a trace (quality.md, "Limits"), in one table. Nothing in the recorder or the stores grows past these.

export const LIMITS = {
  /** Bytes of one payload that the trace keeps; size stays exact. */
  payloadPreview: 64 * 1024,
  /** Bytes of payload that a trace keeps in memory; then new payloads are thinned to `thinnedPreview` and the trace says so. */
  payloadTotal: 256 * 1024 * 1024,
  /** Bytes kept of each payload once the trace is thinned. */
  thinnedPreview: 64,
  /**
   * Of a thinned trace: payloads of at most so many bytes are kept whole all the same, until they make a quarter of
   * `payloadTotal`. Programs say small things with them (a swarm's requests), without which what follows on a connection could not be read.
   */
  thinnedWhole: 1024,
  /** Facts that a trace keeps; then recording stops with a visible outcome. */
  events: 20_000_000,
  /** Connections of one server at the most; fewer where the system allows few descriptors (electron/capture/descriptors.ts). */
  connectionsPerServer: 20_000,
} as const;

/** Those that the writer keeps; tests give smaller ones. */
export type TraceLimits = Readonly<Record<'payloadPreview' | 'payloadTotal' | 'thinnedPreview' | 'events', number>> & { readonly thinnedWhole?: number };
