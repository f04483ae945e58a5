import type { Lab, LabRun } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const weather = library('libweather.so', 'weather.c');
const rains = { stdout: ['it rains'] };

/** Loads `file` and calls its function. */
const loads = (file: string): Pick<LabRun, 'command' | 'calls' | 'predicts' | 'observes'> => ({
  command: ['./dynload', file, 'rain'],
  calls: [open(file), lookUp(file, 'rain'), close(file)],
  predicts: [{ kind: 'calls', results: ['libweather.so', 'libweather.so', 'unloads libweather.so'] }],
  observes: rains,
});

const fails = (file: string, symbol: string, message: string, ...before: string[]): Omit<LabRun, 'name'> => ({
  command: ['./dynload', file, symbol],
  calls: [open(file), ...(before.length === 0 ? [] : [lookUp(file, symbol)])],
  predicts: [{ kind: 'calls', results: [...before, `refused: ${message}`] }],
  observes: { stdout: [message], ends: { kind: 'status', status: 1 } },
});

export const lab: Lab = {
  title: 'A program loads a library and calls a function by name: a slash makes the name a path',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['rain'],
  variants: [
    {
      name: 'without-runpath',
      build: [weather, ['cc', '-o', 'dynload', 'dynload.c', '-ldl']],
      runs: [
        { name: 'path', ...loads('./libweather.so') },
        {
          name: 'name',
          ...fails(
            'libweather.so',
            'rain',
            'libweather.so: cannot open shared object file: No such file or directory',
          ),
        },
        { name: 'LD_LIBRARY_PATH', environment: { LD_LIBRARY_PATH: '.' }, ...loads('libweather.so') },
        {
          name: 'no such file',
          ...fails(
            './libclimate.so',
            'rain',
            './libclimate.so: cannot open shared object file: No such file or directory',
          ),
        },
        {
          name: 'no such function',
          ...fails('./libweather.so', 'snow', './libweather.so: undefined symbol: snow', 'libweather.so'),
        },
      ],
    },
    {
      name: 'with-runpath',
      build: [weather, program('dynload', 'dynload.c', '-ldl')],
      runs: [{ name: 'name', ...loads('libweather.so') }],
    },
  ],
};
