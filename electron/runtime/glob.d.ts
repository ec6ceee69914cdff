// `import.meta.glob` as discovery.ts uses it: the default exports of modules, and files as text.
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true; readonly query?: '?raw'; readonly import: 'default' }): Record<string, T>;
}
