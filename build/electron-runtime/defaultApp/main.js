// Stands where Electron's own default app stands, in an Electron that came without one: runs the app whose folder or file is the first
// argument, with that app's path, name and version, and honours -r/--require. It is copied into the runtime, never into the product.
import { existsSync, readFileSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, dialog } from 'electron';

const given = readArguments(process.argv.slice(1));
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
if (given.preload.length > 0) Module._preloadModules(given.preload);
await run(resolve(given.target ?? '.'));

function readArguments(args) {
  const preload = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (word === '-r' || word === '--require') preload.push(args[(at += 1)]);
    else if (!word.startsWith('-')) return { preload, target: word };
  }
  return { preload, target: undefined };
}

async function run(path) {
  try {
    await import(pathToFileURL(prepare(path)).href);
  } catch (error) {
    console.error('App threw an error during load');
    console.error(error?.stack ?? error);
    if (process.env.CI === undefined) dialog.showErrorBox('App threw an error during load', String(error?.stack ?? error));
    app.exit(1);
  }
}

/** Names the app after its package.json and returns the file to run. */
function prepare(path) {
  if (!existsSync(path)) throw new Error(`Cannot find an app at ${path}`);
  if (statSync(path).isFile()) {
    app.setAppPath(dirname(path));
    return path;
  }
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  app.setDesktopName?.(manifest.desktopName ?? `${name}.desktop`);
  app.setAppPath(path);
  return createRequire(join(path, 'package.json')).resolve(path);
}
