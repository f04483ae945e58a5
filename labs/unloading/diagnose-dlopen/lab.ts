import type { DlCall } from '../../../src/model/dl-call.ts';
import type { BuildStep, Lab, LabRun, Prediction } from '../../../src/model/lab.ts';
import { lookUp, lookUpFrom, lookUpVersion, open } from '../../calls.ts';
import { cxxLibrary, library, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';

type Failure = Extract<Prediction, { kind: 'failure' }>;

/** A word of the program's command line, and the call that it stands for. */
interface Attempt {
  readonly word: string;
  readonly call: DlCall;
  /** What dlerror says, and why; none: the call succeeds, and this is its result. */
  readonly fails?: Omit<Failure, 'kind' | 'call' | 'severity'>;
  readonly finds?: string;
}

const run = (name: string, attempts: readonly Attempt[], environment?: LabRun['environment']): LabRun => ({
  name,
  command: ['./app', ...attempts.map(({ word }) => word)],
  ...(environment === undefined ? {} : { environment }),
  calls: attempts.map(({ call }) => call),
  predicts: [
    {
      kind: 'calls',
      results: attempts.map(({ fails, finds }) => (fails === undefined ? finds! : `refused: ${fails.message}`)),
    },
    ...attempts.flatMap(({ call, fails }): Failure[] => {
      if (fails === undefined || (call.call !== 'dlopen' && call.call !== 'dlsym')) return [];
      return [{ kind: 'failure', call, severity: 'error', ...fails }];
    }),
  ],
  observes: {
    stdout: attempts.map(({ call, word, fails }) => {
      const name = word.includes('@') ? 'dlvsym' : call.call;
      return `${name}: ${fails?.message ?? 'found'}`;
    }),
  },
});

const noFile = 'cannot open shared object file';

const opens = (file: string): Attempt => ({
  word: file,
  call: open(file, { now: true }),
  finds: file.replace('./', ''),
});

const fails = (
  file: string,
  reason: string,
  finding: Failure['finding'],
  because: string,
): Attempt => ({
  word: file,
  call: open(file, { now: true }),
  fails: { finding, message: reason, because },
});

/** `part.c` in many wrong ways, each by a step that makes it so. */
const files: readonly BuildStep[] = [
  library('libpart.so', 'part.c'),
  ['cc', '-shared', '-fPIC', '-o', 'libother.so', 'moved.c', '-Wl,-z,nodlopen'],
  ['cc', '-c', '-fPIC', '-o', 'part.o', 'part.c'],
  ['ar', 'rc', 'libpart.a', 'part.o'],
  ['cp', 'libpart.so', 'libclass.so'],
  ['sh', '-c', String.raw`printf '\001' | dd of=libclass.so bs=1 seek=4 conv=notrunc 2>/dev/null`],
  ['cp', 'libpart.so', 'libmachine.so'],
  ['sh', '-c', String.raw`printf '\002\000' | dd of=libmachine.so bs=1 seek=18 conv=notrunc 2>/dev/null`],
  ['sh', '-c', 'head -c 40 libpart.so > libshort.so'],
  ['sh', '-c', "echo 'INPUT(libpart.so)' > libscript.so"],
  ['ln', '-s', '-f', 'libgone.so.1', 'libgone.so'],
  ['mkdir', '-p', 'libdirectory.so'],
];

export const lab: Lab = {
  title: 'Every way in which dlopen and dlsym fail has words of its own, and a cause',
  source: { text: KEY_LEAK, section: '确认具体的错误现象' },
  symbols: [],
  tools: ['dd', 'head'],
  variants: [
    {
      name: 'files',
      build: [...files, program('app', 'app.c', '-ldl')],
      runs: [
        run('by name', [
          fails('libpart.so', `libpart.so: ${noFile}: No such file or directory`, 'load.not-found', '?'),
        ]),
        run('by path', [
          fails('./libprat.so', `./libprat.so: ${noFile}: No such file or directory`, 'load.not-found', '?'),
          fails('./libgone.so', `./libgone.so: ${noFile}: No such file or directory`, 'load.not-found', '?'),
          fails('./app/libpart.so', `./app/libpart.so: ${noFile}: Not a directory`, 'load.not-found', '?'),
          fails('./libdirectory.so', './libdirectory.so: cannot read file data: Is a directory', 'open.not-a-library', '?'),
          fails('./libscript.so', './libscript.so: file too short', 'open.not-a-library', '?'),
          fails('./libshort.so', './libshort.so: file too short', 'open.not-a-library', '?'),
          fails('./libpart.a', './libpart.a: invalid ELF header', 'open.not-a-library', '?'),
          fails('./part.o', './part.o: only ET_DYN and ET_EXEC can be loaded', 'open.not-a-library', '?'),
          fails('./app', './app: cannot dynamically load position-independent executable', 'open.program', '?'),
          fails('./libclass.so', './libclass.so: wrong ELF class: ELFCLASS32', 'load.wrong-format', '?'),
          fails('./libmachine.so', `./libmachine.so: ${noFile}: No such file or directory`, 'load.wrong-format', '?'),
          fails('./libother.so', './libother.so: shared object cannot be dlopen()ed', 'open.forbidden', '?'),
          {
            word: 'mode=./libpart.so',
            call: open('./libpart.so', { noBinding: true }),
            fails: { finding: 'open.invalid-call', message: './libpart.so: invalid mode for dlopen(): Invalid argument', because: '?' },
          },
        ]),
      ],
    },
    {
      name: 'needs',
      build: [
        library('libmoved.so', 'moved.c'),
        library('libneed.so', 'need.c'),
        library('libneeds-moved.so', 'part.c', '-Wl,--no-as-needed', '-lmoved'),
        library('libversions.so', 'part.c', '-Wl,--version-script=part.map'),
        library('libroom.so', 'room.c'),
        ['rm', 'libmoved.so'],
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        run('dependencies', [
          fails('./libneeds-moved.so', `libmoved.so: ${noFile}: No such file or directory`, 'load.not-found', '?'),
          fails('./libneed.so', './libneed.so: undefined symbol: elsewhere', 'load.undefined-symbol', '?'),
        ]),
      ],
    },
    {
      name: 'symbols',
      build: [
        library('libpart.so', 'part.c', '-Wl,--version-script=part.map'),
        library('libmoved.so', 'moved.c'),
        cxxLibrary('libmangled.so', 'mangled.cpp'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        run('look-ups', [
          opens('./libpart.so'),
        ]),
      ],
    },
  ],
};
