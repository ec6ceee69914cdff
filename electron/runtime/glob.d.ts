// `import.meta.glob` as discovery.ts and bundles.ts use it: one export of each module, and files as text.
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true; readonly query?: '?raw'; readonly import: 'default' | 'manifest' }): Record<string, T>;
}
