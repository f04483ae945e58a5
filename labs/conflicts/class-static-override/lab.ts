import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { cxxLibrary, cxxProgram } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

function build(reader: readonly string[], writer: readonly string[] = reader): Command[] {
  return [
    cxxLibrary('libreader.so', 'reader.cpp', ...reader),
    cxxLibrary('libwriter.so', 'writer.cpp', ...writer),
    cxxProgram('app', 'app.cpp', '-lreader', '-lwriter'),
  ];
}

const conflict: Prediction = {
  kind: 'conflict',
  symbol: '_ZN4Pool6sharedE',
  finding: 'conflict.class-static',
  severity: 'error',
  winner: 'libreader.so',
  losers: ['libwriter.so'],
};

/** The libraries are initialised last needed first. */
const built = ['writer builds a pool', 'reader builds a pool'];
const together = [...built, 'one pool', 'reader destroys a pool', 'reader destroys a pool'];
const apart = [...built, 'two pools', 'reader destroys a pool', 'writer destroys a pool'];

export const lab: Lab = {
  title: 'Two libraries define one static member: one object, constructed twice and destroyed twice',
  source: { text: SO_COMPATIBILITY, section: '2.3' },
  symbols: ['_ZN4Pool6sharedE'],
  variants: [
    {
      name: 'as-written',
      build: build([]),
      runs: [{ command: ['./app'], predicts: [conflict], observes: { stdout: together } }],
    },
    {
      name: 'with-an-owning-pointer',
      build: build(['-DOWNING']),
      runs: [
        {
          command: ['./app'],
          predicts: [conflict],
          observes: { stdout: together, stderr: 'double free', ends: { kind: 'signal', signal: 'SIGABRT' } },
        },
      ],
    },
    {
      name: 'mended-by-hidden-visibility',
      build: build(['-DOWNING', '-fvisibility=hidden']),
      runs: [{ command: ['./app'], predicts: [], observes: { stdout: apart } }],
    },
    {
      name: 'mended-by-renaming',
      symbols: ['_ZN10ReaderPool6sharedE', '_ZN10WriterPool6sharedE'],
      build: build(['-DOWNING', '-DPool=ReaderPool'], ['-DOWNING', '-DPool=WriterPool']),
      runs: [{ command: ['./app'], predicts: [], observes: { stdout: apart } }],
    },
  ],
};
