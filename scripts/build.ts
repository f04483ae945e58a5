/** Builds the library (tsc: modules and declarations) and the command (esbuild: one file) into dist/. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const { version, dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}tsconfig.build.json`], { stdio: 'inherit' });
await build({
  entryPoints: { cli: `${root}src/cli/main.ts` },
  outdir: `${root}dist`,
  bundle: true,
  // Commands are imported when they run, so that `--help` does not pay for the analyses.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22',
  format: 'esm',
  minifySyntax: true,
  logLevel: 'warning',
  define: { SOLDER_VERSION: JSON.stringify(version) },
  // A native module cannot be bundled; it is loaded when a file needs it.
  external: Object.keys(dependencies).filter((name) => name.startsWith('@napi-rs/')),
});
