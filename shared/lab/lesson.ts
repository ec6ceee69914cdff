// A lesson's text in one language, parsed from lesson.<locale>.md. Parsing lives in parseLesson.ts.

export type Locale = 'en' | 'ko' | 'ru';
export const LOCALES = ['en', 'ko', 'ru'] as const satisfies readonly Locale[];

/** Labels and texts, each by the id that the manifest gives. Bodies are Markdown without raw HTML. */
export interface Lesson {
  readonly title: string;
  /** One sentence for Home. */
  readonly summary: string;
  readonly intro: string;
  readonly hosts: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
  readonly steps: ReadonlyMap<string, { readonly title: string; readonly body: string }>;
  readonly predictions: ReadonlyMap<string, { readonly question: string; readonly options: ReadonlyMap<string, string>; readonly because: string }>;
  readonly parameters: ReadonlyMap<string, { readonly label: string; readonly help: string; readonly options: ReadonlyMap<string, string> }>;
  readonly actions: ReadonlyMap<string, { readonly label: string; readonly help: string; readonly arguments: ReadonlyMap<string, string> }>;
  readonly tryIt: ReadonlyMap<string, string>;
}
