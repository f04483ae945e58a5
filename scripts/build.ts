/** Builds the library (tsc: modules and declarations) and the command (rolldown: a file for what each command needs) into dist/. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { build, type Plugin } from 'rolldown';
import { Kind, Qualifier } from '../src/demangle/kinds.ts';
import { defaultCompiler } from '../src/run/compiler.ts';
import { builtHost, compileHost } from '../src/run/native-host/compile-host.ts';
import { builtRecorder, compileRecorder } from '../src/run/soak/recorder-library.ts';

const root = new URL('..', import.meta.url).pathname;
const { version, dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}tsconfig.build.json`], { stdio: 'inherit' });
/**
 * Takes from Node's own modules what is imported, and no more: the bundler makes a copy of the whole module, name
 * by name, in every file that takes something from it.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  transform: {
    filter: { id: /\/src\/.*\.ts$/ },
    handler: (source) =>
      source.replace(/^import (\w+|\{[^}]*\}) from '(node:[^']+)';/gm, (_, names: string, module: string) => {
        const taken = names.replace(/\btype \w+,?/g, '').replaceAll(' as ', ': ');
        return `const ${taken} = process.getBuiltinModule('${module}');`;
      }),
  },
};
/** Writes numbers for the constants of the demangler: less to compile, and a `switch` over them is one jump. */
const plainNumbers: Plugin = {
  name: 'plain-numbers',
  transform: {
    filter: { id: /\/src\/demangle\/.*\.ts$/ },
    handler: (source) =>
      source
        .replace(/\bKind\.(\w+)\b/g, (_, name: keyof typeof Kind) => String(Kind[name]))
        .replace(/\bQualifier\.(\w+)\b/g, (_, name: keyof typeof Qualifier) => String(Qualifier[name])),
  },
};
// `solder lab` reads the descriptions when it runs: one module for each, as in labs/.
const labs = Object.fromEntries(
  globSync('labs/*/*/lab.ts', { cwd: root }).map((path) => [path.replace(/\.ts$/, ''), `${root}${path}`]),
);
await build({
  input: { cli: `${root}src/cli/main.ts`, ...labs },
  platform: 'node',
  plugins: [plainBuiltins, plainNumbers],
  transform: { target: 'node22', define: { SOLDER_VERSION: JSON.stringify(version) } },
  // A native module cannot be bundled; it is loaded when a file needs it.
  external: ['koffi', ...Object.keys(dependencies).filter((name) => name.startsWith('@napi-rs/'))],
  output: {
    dir: `${root}dist`,
    // Node starts a third faster on CommonJS than on ECMAScript modules, and finds constants where it runs.
    format: 'cjs',
    // Commands are imported when they run, so that `--help` does not pay for the analyses.
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name]-[hash].cjs',
    comments: false,
  },
});
// Without a compiler here, the host is compiled where one is when it is first needed.
const sources = new URL('..', import.meta.url);
try {
  await compileHost(sources, defaultCompiler(), builtHost(sources));
  await compileRecorder(sources, defaultCompiler(), builtRecorder(sources));
} catch (error) {
  console.error(`build: the native host is left out: ${(error as Error).message.split('\n')[0]}`);
}
