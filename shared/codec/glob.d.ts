// The one thing of the bundler that shared code uses: `import.meta.glob`, by which dissect.ts finds the codecs' folders.
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true }): Record<string, T>;
}
