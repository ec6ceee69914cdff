// The bounds of a comparison, in one place.

export const COMPARE_LIMITS = {
  /** Moments of each run that are compared; later ones are left out, and it is said so. */
  steps: 50_000,
  /** How many steps two roles may differ in before the search begins anew from where it has come. */
  search: 1000,
  /** From how many ms on a step counts as later (or earlier) than the other run's: less is chance. */
  later: 20,
  /** Characters of payload and of text in a field. */
  preview: 24,
  text: 200,
} as const;
