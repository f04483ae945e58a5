import type { Command, Lab, LabRun, Prediction } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
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

const PLUGIN = './libplugin.so';

/** The plugin is opened and says both words. */
const speaking = (deepBind: boolean) => [
  open(PLUGIN, { now: true, deepBind }),
  lookUp(PLUGIN, 'plugin_speak'),
];

const shallow = (speech: Speech): Pick<LabRun, 'command' | 'calls' | 'observes'> => ({
  command: ['./host'],
  calls: speaking(false),
  observes: says(speech),
});

const deep = (speech: Speech): Pick<LabRun, 'command' | 'calls' | 'observes'> => ({
  command: ['./host', 'deep'],
  calls: speaking(true),
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
