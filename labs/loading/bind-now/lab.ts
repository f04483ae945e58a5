import type { Lab, LabRun } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const DOOR = './libdoor.so';
const noLock = './libdoor.so: undefined symbol: lock_turn';

const opens: Pick<LabRun, 'command' | 'calls' | 'predicts' | 'observes'> = {
  command: ['./app'],
  calls: [open(DOOR), lookUp(DOOR, 'door_open')],
  predicts: [{ kind: 'calls', results: ['libdoor.so', 'libdoor.so'] }],
  observes: { stdout: ['the door is open'] },
};

const fails: typeof opens = {
  command: ['./app'],
  calls: [open(DOOR)],
  predicts: [{ kind: 'calls', results: [`refused: ${noLock}`] }],
  observes: { stdout: [noLock], ends: { kind: 'status', status: 1 } },
};

export const lab: Lab = {
  title: 'LD_BIND_NOW overrides RTLD_LAZY',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['lock_turn', 'door_open'],
  variants: [
    {
      name: 'bound-lazily',
      build: [library('libdoor.so', 'door.c', '-Wl,-z,lazy'), program('app', 'app.c', '-ldl')],
      runs: [
        { name: 'not set', ...opens },
        { name: 'empty', environment: { LD_BIND_NOW: '' }, ...opens },
        { name: 'set', environment: { LD_BIND_NOW: '1' }, ...fails },
        { name: 'set to 0', environment: { LD_BIND_NOW: '0' }, ...fails },
      ],
    },
    {
      name: 'linked-with-now',
      build: [library('libdoor.so', 'door.c', '-Wl,-z,now'), program('app', 'app.c', '-ldl')],
      runs: [fails],
    },
  ],
};
