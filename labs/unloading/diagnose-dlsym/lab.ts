import type { Lab } from '../../../src/model/lab.ts';
import { type Attempt, attempter, type Cause, makeAttempts } from '../../attempts.ts';
import { lookUp, lookUpFrom, lookUpVersion, open } from '../../calls.ts';
import { cxxLibrary, library } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';

const opens = (library: string): Attempt => ({
  word: library,
  call: open(library, { now: true }),
  outcome: library.replace('./', ''),
});

/** Looks up in the library that was opened last. */
const finds = (library: string, symbol: string): Attempt => ({
  word: `${library}=${symbol}`,
  call: lookUp(library, symbol),
  outcome: library.replace('./', ''),
});

const lacks = (library: string, symbol: string, [finding, because]: Cause): Attempt => ({
  word: `${library}=${symbol}`,
  call: lookUp(library, symbol),
  outcome: { finding, message: `${library}: undefined symbol: ${symbol}`, because },
});

const lacksVersion = (
  library: string,
  symbol: string,
  version: string,
  [finding, because]: Cause,
): Attempt => ({
  word: `${library}=${symbol}@${version}`,
  call: lookUpVersion(library, symbol, version),
  outcome: { finding, message: `${library}: undefined symbol: ${symbol}, version ${version}`, because },
});

/** RTLD_DEFAULT. */
const programLacks = (symbol: string, [finding, because]: Cause): Attempt => ({
  word: `default=${symbol}`,
  call: lookUpFrom('default', symbol),
  outcome: { finding, message: `app: undefined symbol: ${symbol}`, because },
});

export const lab: Lab = {
  title: 'Each way in which dlsym fails says "undefined symbol", and has a cause of its own',
  source: { text: KEY_LEAK, section: '确认具体的错误现象' },
  symbols: [],
  variants: [
    {
      name: 'as-written',
      build: [
        ...attempter,
        library('libpart.so', 'part.c', '-Wl,--version-script=part.map'),
        library('libmoved.so', 'moved.c'),
        library('libweak.so', 'weak.c'),
        cxxLibrary('libmangled.so', 'mangled.cpp'),
      ],
      runs: [
        makeAttempts('look-ups', [
          opens('./libpart.so'),
          finds('./libpart.so', 'part_outer'),
          lacks('./libpart.so', 'part_otter', [
            'symbol.misspelt',
            'has part_outer: a name that is spelt nearly so',
          ]),
          lacks('./libpart.so', 'something_else', ['symbol.not-found', 'looked up in ./libpart.so']),
          lacks('./libpart.so', 'part_local', ['symbol.local', 'by a version script']),
          lacks('./libpart.so', 'part_inner', ['symbol.local', 'static in part.c']),
          lacks('./libpart.so', 'has_moved', [
            'symbol.elsewhere',
            'libmoved.so: exports has_moved, and is not loaded',
          ]),
          lacksVersion('./libpart.so', 'part_outer', 'PART_2', [
            'symbol.other-version',
            'exports part_outer@@PART_1 and no other version',
          ]),
          programLacks('part_outer', ['symbol.not-searched', './libpart.so: exports part_outer']),
          programLacks('app_service', ['symbol.not-exported', 'it was linked without -rdynamic']),
          opens('./libweak.so'),
          lacks('./libweak.so', 'nobody', ['symbol.imported', 'needs nobody itself']),
          opens('./libmangled.so'),
          lacks('./libmangled.so', 'plugin_start', ['symbol.mangled', 'has _Z12plugin_starti']),
        ]),
      ],
    },
  ],
};
