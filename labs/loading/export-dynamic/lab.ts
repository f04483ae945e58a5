import type { Lab, LabRun } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const GUEST = './libguest.so';
const guest = library('libguest.so', 'guest.c');
const noHost = './libguest.so: undefined symbol: host_name';

const greets: LabRun = {
  command: ['./app'],
  calls: [open(GUEST, { now: true }), lookUp(GUEST, 'guest_greet')],
  predicts: [{ kind: 'calls', results: ['libguest.so', 'libguest.so'] }],
  observes: { stdout: ['good evening to the host'] },
};

export const lab: Lab = {
  title: 'A library that a program opens can call the program when that was linked with --export-dynamic',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['host_name', 'guest_greet'],
  variants: [
    {
      name: 'as-written',
      build: [guest, program('app', 'app.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [open(GUEST, { now: true })],
          predicts: [{ kind: 'calls', results: [`refused: ${noHost}`] }],
          observes: { stdout: [noHost], ends: { kind: 'status', status: 1 } },
        },
      ],
    },
    {
      name: 'export-dynamic',
      build: [guest, program('app', 'app.c', '-Wl,--export-dynamic', '-ldl')],
      runs: [greets],
    },
    {
      name: 'rdynamic',
      build: [guest, program('app', 'app.c', '-rdynamic', '-ldl')],
      runs: [greets],
    },
    {
      name: 'dynamic-list',
      build: [guest, program('app', 'app.c', '-Wl,--dynamic-list=names.list', '-ldl')],
      runs: [
        {
          ...greets,
          predicts: [{ kind: 'exports', object: 'app', symbols: ['host_name'] }, ...greets.predicts],
        },
      ],
    },
  ],
};
