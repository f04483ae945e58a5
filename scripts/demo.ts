/**
 * Shows what solder does, on a lab and on three programs that are installed anyway: `npm run demo`. Builds
 * solder first when that is due. Exits 0 when everything worked, whatever the checks found.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, rmSync, statSync } from 'node:fs';
import { styleText } from 'node:util';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);

const LAB = 'function-override';
const PLAYGROUND = 'build/demo';
const BUILT = `${PLAYGROUND}/conflicts/${LAB}/as-written`;

/** Whether something that goes into dist/ has changed since it was built. */
function isBuildDue(): boolean {
  if (!existsSync('dist/cli.cjs')) return true;
  const built = statSync('dist/cli.cjs').mtimeMs;
  const inputs = [
    'package.json',
    ...globSync(['src/**/*.ts', 'labs/**/*.ts', 'native/**/*.[ch]', 'scripts/build.ts']),
  ];
  return inputs.some((path) => statSync(path).mtimeMs > built);
}

function heading(text: string): void {
  console.log(`\n${styleText('bold', `── ${text} `.padEnd(80, '─'))}\n`);
}

/** Shows a command, runs it and shows its exit status; a status above `highest` ends the demonstration. */
function solder(args: readonly string[], highest: number): void {
  console.log(styleText('cyan', `$ solder ${args.join(' ')}`));
  const { status, error } = spawnSync(`${root}bin/solder`, args, { stdio: 'inherit' });
  if (error) throw error;
  console.log(styleText('dim', `(exit status ${status})\n`));
  if (status === null || status > highest) {
    console.error(`demo: solder ${args[0]} failed`);
    process.exit(1);
  }
}

/** Three programs of a machine that can run this: the ones of the list that are there, the first three. */
function installedPrograms(): string[] {
  const compiler = spawnSync(process.env['CXX'] ?? 'c++', ['-print-prog-name=cc1plus'], {
    encoding: 'utf8',
  }).stdout?.trim();
  const candidates = [compiler, '/usr/bin/git', '/usr/bin/perl', '/usr/bin/ld', '/usr/bin/bash', '/bin/ls'];
  return candidates.filter((path) => path !== undefined && existsSync(path)).slice(0, 3) as string[];
}

if (isBuildDue()) {
  heading('Building solder (once)');
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
rmSync(PLAYGROUND, { recursive: true, force: true });

heading('An experiment: predicted from the files, then built, run and traced');
solder(['lab', LAB, '--keep', PLAYGROUND], 0);

if (!existsSync(`${BUILT}/app`)) {
  console.error('demo: the experiment was not built; install a C compiler (gcc) and run it again');
  process.exit(1);
}

heading('The main job, on the program of that experiment');
solder(['check', `${BUILT}/app`], 1);

heading('The same question for one symbol: who wins, who loses');
solder(['bind', '--symbol', 'unit', `${BUILT}/app`], 0);

heading('Three programs that are installed anyway');
for (const program of installedPrograms()) solder(['check', program], 1);

heading('Opened, called and closed in a clean process: each step beside its prediction');
solder(['load', 'libm.so.6', 'cos:double(double)', '0'], 1);

heading('What the real loader did with a program, held against the files');
solder(['trace', '--verify', '--', installedPrograms().at(-1)!, '--version'], 1);

heading('What to type next');
console.log(`Put bin/ on your PATH, or type bin/solder:

  solder check ./your-program             what will go wrong in it
  solder deps /usr/bin/git                what is loaded, from where, and why
  solder conflicts ${BUILT}/app
  solder explain conflict.function        what such a finding means and how to mend it
  solder unload ./plugin.so               will dlclose unload it, and what stays behind
  solder lab                              every experiment; --list shows what they claim
  solder --help                           all commands
`);
