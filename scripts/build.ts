/** Builds the library (tsc: modules and declarations) and the command (esbuild: one file) into dist/. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build, type Plugin } from 'esbuild';
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
 * Takes from Node's own modules what is imported, and no more. An `import` of `node:util` or `node:fs` makes Node
 * evaluate every getter of the module for its namespace, which loads streams, sockets and worker threads: a
 * third of the start-up time of a command that uses none of them. The bundler's own form does the same, and
 * makes files of a few bytes, each of which takes a millisecond to load.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^import (\w+|\{[^}]*\}) from '(node:[^']+)';/gm,
        (_, names: string, module: string) => {
          const taken = names.replace(/\btype \w+,?/g, '').replaceAll(' as ', ': ');
          return `const ${taken} = process.getBuiltinModule('${module}');`;
        },
      ),
      loader: 'ts',
    }));
    // CommonJS, for whose `require` there is nothing in a module.
    onLoad({ filter: /\/node_modules\/cli-progress\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/\brequire\('(\w+)'\)/g, "process.getBuiltinModule('$1')"),
    }));
  },
};
/**
 * Makes the tables of numbers constant again, of which the bundler makes `var`: V8 then knows where they are,
 * and the demangler, which works on nothing else, takes a twentieth less time.
 */
const constantTables: Plugin = {
  name: 'constant-tables',
  setup({ onEnd }) {
    onEnd(({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const table = /^var (?=\w+ = (?:new \w+Array|new DataView|Buffer\.alloc|text\.subarray)\()/gm;
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text.replace(table, 'const '));
      }
    });
  },
};
// `solder lab` reads the descriptions when it runs: one module for each, as in labs/.
const labs = Object.fromEntries(
  globSync('labs/*/*/lab.ts', { cwd: root }).map((path) => [path.replace(/\.ts$/, ''), `${root}${path}`]),
);
await build({
  entryPoints: { cli: `${root}src/cli/main.ts`, ...labs },
  outdir: `${root}dist`,
  bundle: true,
  // Commands are imported when they run, so that `--help` does not pay for the analyses.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22',
  format: 'esm',
  write: false,
  logLevel: 'warning',
  plugins: [plainBuiltins, constantTables],
  // The build of yaml for Node is CommonJS that requires Node's modules at run time; this one is plain ESM.
  alias: { yaml: `${root}node_modules/yaml/browser/dist/index.js` },
  define: { SOLDER_VERSION: JSON.stringify(version) },
  // A native module cannot be bundled; it is loaded when a file needs it.
  external: ['koffi', ...Object.keys(dependencies).filter((name) => name.startsWith('@napi-rs/'))],
});
// Without a compiler here, the host is compiled where one is when it is first needed.
const sources = new URL('..', import.meta.url);
try {
  await compileHost(sources, defaultCompiler(), builtHost(sources));
  await compileRecorder(sources, defaultCompiler(), builtRecorder(sources));
} catch (error) {
  console.error(`build: the native host is left out: ${(error as Error).message.split('\n')[0]}`);
}
