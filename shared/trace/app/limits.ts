// The bounds of the application fold, in one table. Past them it stops to dissect, and the story says so (AppStory.full).

export const APP_LIMITS = {
  /** Messages that an application story keeps, of all protocols: some 600 bytes each, and a swarm has a hundred thousand. */
  messages: 200_000,
  /** Bytes of a direction that are looked at before it is given up to tell its protocol. */
  recognize: 8192,
  /** Bytes that bytes() and body() put together at the most. */
  bytes: 16 * 1024 * 1024,
  /** Field trees and opened records that are kept for the next who asks. */
  cached: 64,
  /** Notes of all roles. */
  notes: 100_000,
} as const;

/** Those that tests make smaller. */
export type AppLimits = { readonly [K in keyof typeof APP_LIMITS]: number };
