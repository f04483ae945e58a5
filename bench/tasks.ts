import { execFileSync } from 'node:child_process';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { dynamicExecutables, largestLibrary, mangledNames, twoReleases, which } from './inputs.ts';
import type { Contender, Race, Task } from './task.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const SOLDER = join(ROOT, 'bin/solder');
const NATIVE = join(ROOT, 'bench/native');
const LD_SO_TRACE = join(ROOT, 'test/oracle/ld-so-trace.sh');

/** A distribution's script wants its own interpreter and modules, not those of another Python on PATH. */
const SYSTEM_FIRST = `PATH=/usr/bin:${process.env['PATH']}`;

/** solder exits with 1 when it has findings; its work is done all the same. */
const DONE = [0, 1];

const inspect: Task = {
  name: 'inspect',
  description: 'everything about the largest shared library of the machine',
  targets: 'not slower than readelf, at most half the CPU time of llvm-nm, under 200 MB',
  runs: 5,
  prepare() {
    const library = largestLibrary();
    if (!library) return undefined;
    const { path, size } = library;
    return {
      input: `${path}, ${Math.round(size / 1e6)} MB`,
      ours: [
        // readelf and llvm-nm show names as they are, readelf in the table's order: so does what is held
        // against them.
        {
          name: 'solder inspect --no-demangle --sort table',
          command: [SOLDER, 'inspect', '--no-demangle', '--sort', 'table', path],
          succeeds: DONE,
        },
        { name: 'solder inspect', command: [SOLDER, 'inspect', path], succeeds: DONE },
        {
          name: 'solder inspect --format json',
          command: [SOLDER, 'inspect', '--format', 'json', path],
          succeeds: DONE,
        },
      ],
      peers: [
        {
          name: 'readelf --dyn-syms',
          command: ['readelf', '-W', '--dyn-syms', path],
          needs: 'readelf',
          version: ['readelf', '--version'],
        },
        { name: 'nm -D', command: ['nm', '-D', path], needs: 'nm', version: ['nm', '--version'] },
        {
          name: 'llvm-nm -D',
          command: ['llvm-nm', '-D', path],
          needs: 'llvm-nm',
          version: ['llvm-nm', '--version'],
        },
      ],
    };
  },
};

const bind: Task = {
  name: 'bind',
  description: 'the definition of every reference of every program in /usr/bin',
  targets: "at most half of the loader's own wall time, under 1 GB",
  runs: 2,
  prepare(scratch) {
    const programs = dynamicExecutables('/usr/bin');
    const list = join(scratch, 'programs.txt');
    writeFileSync(list, `${programs.join('\n')}\n`);
    return {
      input: `${programs.length} programs`,
      ours: [
        {
          name: 'solder bind',
          command: [SOLDER, 'bind', '--format', 'tsv', ...programs],
          succeeds: DONE,
        },
      ],
      peers: [
        {
          name: 'ld.so tracing',
          command: ['bash', LD_SO_TRACE, list, join(scratch, 'ld-so-trace')],
          needs: LD_SO_TRACE,
          version: ['ldd', '--version'],
        },
      ],
    };
  },
};

const deps: Task = {
  name: 'deps',
  description: 'the dependency tree of one large program',
  targets: 'at most half the CPU time of lddtree',
  runs: 10,
  prepare() {
    const program = which('gdb') ?? which('cmake') ?? which('ls');
    if (program === undefined) return undefined;
    return {
      input: program,
      ours: [{ name: 'solder deps', command: [SOLDER, 'deps', program], succeeds: DONE }],
      peers: [
        { name: 'lddtree', command: ['env', SYSTEM_FIRST, 'lddtree', program], needs: 'lddtree' },
        { name: 'ldd', command: ['ldd', program], needs: 'ldd', version: ['ldd', '--version'] },
      ],
    };
  },
};

const diff: Task = {
  name: 'diff',
  description: 'the exported symbols of two releases of a large library',
  targets: 'at most a second, at most a fifth of the CPU time of abidiff',
  runs: 2,
  prepare() {
    const libraries = twoReleases();
    if (libraries === undefined) return undefined;
    return {
      input: libraries.join(' and '),
      ours: [{ name: 'solder diff', command: [SOLDER, 'diff', ...libraries], succeeds: DONE }],
      peers: [
        {
          // It takes many minutes for a library of LLVM's: what is shown is the least that it takes.
          name: 'abidiff, for 30 s at most',
          command: ['timeout', '30', 'abidiff', ...libraries],
          needs: 'abidiff',
          succeeds: [0, 4, 8, 12, 124],
          version: ['abidiff', '--version'],
        },
      ],
    };
  },
};

/** A tool that writes each word by itself pays for it in a pipeline and in a file; /dev/null takes it for nothing. */
const demangleTask = (name: string, where: string, outputIn: (scratch: string) => string): Task => ({
  name,
  description: `the C++ and Rust names of the largest libraries, from a file ${where}`,
  targets: 'at most twice the CPU time of c++filt',
  runs: 9,
  prepare(scratch) {
    const names = mangledNames(75_000);
    if (names.length === 0) return undefined;
    const file = join(scratch, 'names.txt');
    writeFileSync(file, `${names.join('\n')}\n`);
    const filter = 'out=$1; shift; exec "$@" < "$0" > "$out"';
    const reading = (...command: string[]) => ['sh', '-c', filter, file, outputIn(scratch), ...command];
    return {
      input: `${names.length} names`,
      ours: [{ name: 'solder demangle', command: reading(SOLDER, 'demangle') }],
      peers: ['c++filt', 'llvm-cxxfilt'].map((tool) => ({
        name: tool,
        command: reading(tool),
        needs: tool,
        version: [tool, '--version'],
      })),
    };
  },
});

const script: Task = {
  name: 'script',
  description: 'a version script of 50,000 names against an object with 100,000 symbols',
  targets: 'under a second of CPU time for the prediction',
  runs: 5,
  prepare(scratch) {
    if (which('as') === undefined) return undefined;
    const names = Array.from({ length: 100_000 }, (_, index) =>
      index % 4 === 3 ? `_ZN1N${String(index).length + 1}f${index}Ev` : `name_${index}`,
    );
    const source = join(scratch, 'names.s');
    const object = join(scratch, 'names.o');
    const map = join(scratch, 'names.map');
    writeFileSync(source, `.text\n${names.map((name) => `.globl ${name}\n${name}: nop\n`).join('')}`);
    execFileSync('as', ['-o', object, source]);
    const exact = names.filter((name) => name.startsWith('name_')).slice(0, 50_000);
    writeFileSync(map, `V1 { global: ${exact.join(';\n')}; extern "C++" { N::*; }; priv_*; local: *; };\n`);
    const link = (linker: string) => ({
      name: linker,
      command: [linker, '-shared', '-o', join(scratch, 'names.so'), `--version-script=${map}`, object],
      needs: linker,
      version: [linker, '--version'],
    });
    return {
      input: '50,000 names and three wildcards',
      ours: [
        {
          name: 'solder script test',
          command: [SOLDER, 'script', 'test', '--format', 'tsv', map, object],
          succeeds: DONE,
        },
      ],
      peers: ['ld.bfd', 'ld.gold', 'ld.lld'].map(link),
    };
  },
};

/** The same loop over a small library three times: in a host process, in Node itself, and from C. */
function loadingRace(
  scratch: string,
  count: number,
  loops: readonly [string, ...string[]],
  loopInC: string,
): Race | undefined {
  const compiler = which('cc');
  if (compiler === undefined) return undefined;
  const library = join(scratch, 'libadd.so');
  const program = join(scratch, 'dl-loop');
  execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, join(NATIVE, 'add.c')]);
  execFileSync(compiler, ['-O2', '-o', program, join(NATIVE, 'dl-loop.c'), '-ldl']);
  const contender = (place: string, loop: string): Contender => ({
    name: `solder, ${place}, ${loop}`,
    command: [process.execPath, join(ROOT, 'bench/dl-loop.ts'), place, loop, String(count), library],
  });
  const [first, ...others] = loops;
  return {
    input: `${count} ${loopInC}`,
    ours: [
      contender('host', first),
      ...others.map((loop) => contender('host', loop)),
      // Nothing is ever on the way there: a call is over when it returns.
      contender('in-process', first),
    ],
    peers: [{ name: 'C', command: [program, loopInC, String(count), library], needs: program }],
  };
}

const dlCalls: Task = {
  name: 'dl',
  description: 'calls of a function in a library that was opened',
  targets: 'at most 30 µs a call that is awaited, at least 100,000 calls a second otherwise',
  runs: 5,
  prepare: (scratch) => loadingRace(scratch, 100_000, ['awaited', 'pipelined'], 'calls'),
};

const dlCycles: Task = {
  name: 'dl-open',
  description: 'dlopen, dlsym and dlclose, again and again',
  targets: 'at most three round trips a cycle more than C',
  runs: 5,
  prepare: (scratch) => loadingRace(scratch, 10_000, ['cycles'], 'cycles'),
};

/** The rounds of a plugin, measured, and from C without measuring anything. */
const soakTask = (name: string, rounds: number, threads: number): Task => ({
  name,
  description: `rounds of dlopen, a call with ${threads} threads, dlclose`,
  targets: 'at least 80 % of the rounds a second that C makes, half of them with --attribute',
  runs: 5,
  prepare(scratch) {
    const compiler = which('cc');
    if (compiler === undefined) return undefined;
    const plugin = join(scratch, 'soak-plugin.so');
    const soakLoop = join(scratch, 'soak-loop');
    const source = (file: string) => join(NATIVE, file);
    execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-pthread', '-o', plugin, source('soak-plugin.c')]);
    execFileSync(compiler, ['-O2', '-o', soakLoop, source('soak-loop.c'), '-ldl', '-lpthread']);
    const args = [plugin, String(rounds), String(threads)];
    return {
      input: `${rounds} rounds`,
      ours: [
        { name: 'solder soak', command: [SOLDER, 'soak', ...args] },
        { name: 'solder soak --attribute', command: [SOLDER, 'soak', '--attribute', ...args] },
      ],
      peers: [{ name: 'C', command: [soakLoop, ...args], needs: soakLoop }],
    };
  },
});

/** How often one log is repeated: about a gigabyte for the largest program. */
const REPEATED_LOG = 1 << 30;

const trace: Task = {
  name: 'trace',
  description: 'a log of LD_DEBUG=all, once and again and again up to a gibibyte',
  targets: '200,000 events a second; memory that has an upper limit, whatever the length of the log',
  runs: 1,
  prepare(scratch) {
    const program = ['gdb', 'curl', 'openssl', 'ls'].map(which).find((path) => path !== undefined);
    if (program === undefined) return undefined;
    for (const name of readdirSync(scratch)) rmSync(join(scratch, name));
    const env = { ...process.env, LD_DEBUG: 'all', LD_DEBUG_OUTPUT: join(scratch, 'once') };
    execFileSync(program, ['--version'], { env, stdio: 'ignore' });
    const [name] = readdirSync(scratch).sort(
      (a, b) => statSync(join(scratch, b)).size - statSync(join(scratch, a)).size,
    );
    const once = join(scratch, name!);
    const text = readFileSync(once);
    const large = join(scratch, name!.replace('once', 'large'));
    const times = Math.ceil(REPEATED_LOG / text.length);
    const file = openSync(large, 'w');
    for (let at = 0; at < times; at++) writeSync(file, text);
    closeSync(file);
    const events = text.toString('latin1').split('\n').length;
    const contender = (label: string, path: string) => ({
      name: label,
      command: [SOLDER, 'trace', '--file', path],
    });
    return {
      input: `${events} lines of ${program}, ${times} times`,
      ours: [
        contender(`solder trace, ${events * times} lines`, large),
        contender(`solder trace, ${events} lines`, once),
      ],
      peers: [{ name: 'wc -lw of the large one', command: ['wc', '-lw', large], needs: 'wc' }],
    };
  },
};

export const TASKS: readonly Task[] = [
  inspect,
  bind,
  deps,
  diff,
  demangleTask('demangle', 'into a file', (scratch) => join(scratch, 'demangled.txt')),
  demangleTask('demangle-discarded', 'to nowhere', () => '/dev/null'),
  script,
  dlCalls,
  dlCycles,
  soakTask('soak', 10_000, 8),
  soakTask('soak-open', 50_000, 0),
  trace,
];
