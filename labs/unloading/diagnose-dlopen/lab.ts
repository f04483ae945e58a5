import type { OpenMode } from '../../../src/model/dl-call.ts';
import type { BuildStep, Lab } from '../../../src/model/lab.ts';
import { type Attempt, attempter, type Cause, makeAttempts } from '../../attempts.ts';
import { open } from '../../calls.ts';
import { library } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';

/** The message begins with the file's name, unless it is that of another one. */
const refuses = (
  file: string,
  message: string,
  [finding, because]: Cause,
  {
    about = file,
    word = file,
    mode = { now: true },
  }: { about?: string; word?: string; mode?: OpenMode } = {},
): Attempt => ({
  word,
  call: open(file, mode),
  outcome: { finding, message: `${about}: ${message}`, because },
});

/** Overwrites bytes of a file, in printf's notation. */
const patch = (file: string, at: number, bytes: string): BuildStep => [
  'sh',
  '-c',
  `printf '${bytes}' | dd of=${file} bs=1 seek=${at} conv=notrunc 2>/dev/null`,
];

const noFile = 'cannot open shared object file';
const NOT_FOUND = 'load.not-found';
const NO_LIBRARY = 'open.not-a-library';

export const lab: Lab = {
  title: 'Each way in which dlopen fails has its words, and a cause that the words do not name',
  source: { text: KEY_LEAK, section: '确认具体的错误现象' },
  symbols: [],
  variants: [
    {
      name: 'files',
      build: [
        ...attempter,
        library('libpart.so', 'part.c'),
        library('libforbidden.so', 'moved.c', '-Wl,-z,nodlopen'),
        ['cc', '-c', '-fPIC', '-o', 'part.o', 'part.c'],
        ['ar', 'rc', 'libpart.a', 'part.o'],
        ['cp', 'libpart.so', 'libclass.so'],
        patch('libclass.so', 4, String.raw`\001`),
        ['cp', 'libpart.so', 'libmachine.so'],
        patch('libmachine.so', 18, String.raw`\002\000`),
        ['sh', '-c', 'head -c 40 libpart.so > libshort.so'],
        ['sh', '-c', "echo 'INPUT(libpart.so)' > libscript.so"],
        ['ln', '-s', '-f', 'libgone.so.1', 'libgone.so'],
        ['mkdir', '-p', 'libfolder.so'],
        ['cc', '-o', 'plain', 'attempts.c', '-ldl'],
      ],
      runs: [
        {
          ...makeAttempts('by name', [
            refuses('libpart.so', `${noFile}: No such file or directory`, [
              NOT_FOUND,
              'is in the working directory, which is not searched',
            ]),
          ]),
          command: ['./plain', 'libpart.so'],
        },
        makeAttempts('by path', [
          refuses('./libprat.so', `${noFile}: No such file or directory`, [
            NOT_FOUND,
            'spelt nearly so: ./libpart.so',
          ]),
          refuses('./libgone.so', `${noFile}: No such file or directory`, [
            NOT_FOUND,
            'libgone.so is a link to libgone.so.1, which is not there',
          ]),
          refuses('./app/libpart.so', `${noFile}: Not a directory`, [
            NOT_FOUND,
            'app is not there, or is no directory',
          ]),
          refuses('./libfolder.so', 'cannot read file data: Is a directory', [NO_LIBRARY, 'a directory']),
          refuses('./libscript.so', 'file too short', [NO_LIBRARY, 'a linker script']),
          refuses('./libshort.so', 'file too short', ['load.wrong-format', 'a damaged ELF file']),
          refuses('./libpart.a', 'invalid ELF header', [NO_LIBRARY, 'a static archive']),
          refuses('./part.o', 'only ET_DYN and ET_EXEC can be loaded', [NO_LIBRARY, 'not linked yet']),
          refuses('./app', 'cannot dynamically load position-independent executable', [
            'open.program',
            'a position-independent program',
          ]),
          refuses('./libclass.so', 'wrong ELF class: ELFCLASS32', [
            'load.wrong-format',
            '32-bit; this process is for',
          ]),
          refuses('./libmachine.so', `${noFile}: No such file or directory`, [
            'load.wrong-format',
            'a library for SPARC',
          ]),
          refuses('./libforbidden.so', 'shared object cannot be dlopen()ed', [
            'open.forbidden',
            'is marked as not to be opened (DF_1_NOOPEN)',
          ]),
          refuses(
            './libpart.so',
            'invalid mode for dlopen(): Invalid argument',
            ['open.invalid-call', 'neither RTLD_LAZY nor RTLD_NOW'],
            { word: 'mode=./libpart.so', mode: { noBinding: true } },
          ),
        ]),
      ],
    },
    {
      name: 'what-they-need',
      build: [
        ...attempter,
        library('libmoved.so', 'moved.c'),
        library('libneed.so', 'need.c'),
        library('libleft.so', 'part.c', '-Wl,--no-as-needed', '-lmoved'),
        ['rm', 'libmoved.so'],
        library('libpart.so', 'part.c', '-Wl,--version-script=part-2.map'),
        library('libuser.so', 'user.c', '-lpart'),
        library('libpart.so', 'part.c', '-Wl,--version-script=part.map'),
        library('libroom.so', 'room.c'),
      ],
      runs: [
        makeAttempts('one after the other', [
          refuses(
            './libleft.so',
            `${noFile}: No such file or directory`,
            [NOT_FOUND, './libleft.so: needs libmoved.so'],
            { about: 'libmoved.so' },
          ),
          refuses('./libneed.so', 'undefined symbol: elsewhere', [
            'load.undefined-symbol',
            './libneed.so: needs elsewhere',
          ]),
          refuses(
            './libuser.so',
            "version `PART_2' not found (required by ./libuser.so)",
            ['load.missing-version', 'defines PART_1'],
            { about: './libpart.so' },
          ),
          refuses('./libroom.so', 'cannot allocate memory in static TLS block', [
            'open.static-tls',
            'initial-exec',
          ]),
        ]),
      ],
    },
  ],
};
