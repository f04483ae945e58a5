import type { Command, Lab, LabRun, OpenedFile, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const build = (...plugin: string[]): Command[] => [
  library('liblanguage.so', 'language.c'),
  library('libplugin.so', 'plugin.c', ...plugin),
  library('libshim.so', 'shim.c'),
  program('host', 'host.c', '-llanguage', '-ldl'),
];

interface Speech {
  readonly host: string;
  readonly plugin: string;
}

const says = ({ host, plugin }: Speech) => ({
  stdout: [`host: the ${host} dialect`, `the ${plugin} dialect, in the host's country`],
});

const plugin: OpenedFile = { file: 'libplugin.so' };

const shallow = (speech: Speech): Pick<LabRun, 'command' | 'opens' | 'observes'> => ({
  command: ['./host'],
  opens: [plugin],
  observes: says(speech),
});

const deep = (speech: Speech): Pick<LabRun, 'command' | 'opens' | 'observes'> => ({
  command: ['./host', 'deep'],
  opens: [{ ...plugin, deepBind: true }],
  observes: says(speech),
});

const preloaded = { LD_PRELOAD: './libshim.so' };

const conflict: Prediction = {
  kind: 'conflict',
  symbol: 'dialect',
  finding: 'conflict.function',
  severity: 'warning',
  winner: 'libshim.so',
  losers: ['liblanguage.so'],
};

export const lab: Lab = {
  title: "An opened plugin gets the host's definition, and with RTLD_DEEPBIND its own",
  source: { text: SO_COMPATIBILITY, section: '2.1' },
  symbols: ['dialect', 'country'],
  variants: [
    {
      name: 'as-written',
      build: build(),
      runs: [
        { name: 'plain', predicts: [], ...shallow({ host: "host's", plugin: "host's" }) },
        { name: 'deep', predicts: [], ...deep({ host: "host's", plugin: "plugin's" }) },
      ],
    },
    {
      name: 'preloaded',
      build: build(),
      runs: [
        {
          name: 'plain',
          environment: preloaded,
          predicts: [conflict],
          ...shallow({ host: "shim's", plugin: "shim's" }),
        },
        {
          name: 'deep',
          environment: preloaded,
          predicts: [conflict],
          ...deep({ host: "shim's", plugin: "plugin's" }),
        },
      ],
    },
    {
      name: 'mended-by-symbolic-functions',
      build: build('-Wl,-Bsymbolic-functions'),
      runs: [{ predicts: [], ...shallow({ host: "host's", plugin: "plugin's" }) }],
    },
  ],
};
