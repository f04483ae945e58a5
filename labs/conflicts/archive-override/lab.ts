import type { BuildStep, Command, Lab } from '../../../src/model/lab.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const compile = (source: string, ...options: string[]): Command => [
  'cc',
  '-c',
  '-o',
  `${source}.o`,
  `${source}.c`,
  ...options,
];

/** One archive with the caller and the function in a member each. */
const archive = (name: string, ...options: string[]): Command[] => [
  compile(name, ...options),
  compile(`${name}_unit`, ...options),
  ['ar', 'rcs', `lib${name}.a`, `${name}.o`, `${name}_unit.o`],
];

const METRIC = ['libmetric.a(metric.o)', 'libmetric.a(metric_unit.o)'];
const IMPERIAL = ['libimperial.a(imperial.o)', 'libimperial.a(imperial_unit.o)'];
const CALLERS = ['libimperial.a(imperial.o)', 'libmetric.a(metric.o)'];

const link = (program: string, takes: readonly string[], ...archives: string[]): BuildStep => ({
  links: ['cc', '-o', 'app', `${program}.o`, ...archives],
  takes,
});

const metricFirst = ['libmetric.a', 'libimperial.a'];

export const lab: Lab = {
  title: 'Two archives define one function: the first serves all, unless more is needed of the second',
  source: { text: SO_COMPATIBILITY, section: '2.4' },
  symbols: ['unit'],
  variants: [
    {
      name: 'as-written',
      build: [
        ...archive('metric'),
        ...archive('imperial'),
        compile('app'),
        link('app', [...METRIC, 'libimperial.a(imperial.o)'], ...metricFirst),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [],
          observes: { stdout: ['metric: 3 metres', 'imperial: 10 metres'] },
        },
      ],
    },
    {
      name: 'link-order-swapped',
      build: [
        ...archive('metric'),
        ...archive('imperial'),
        compile('app'),
        link('app', [...IMPERIAL, 'libmetric.a(metric.o)'], 'libimperial.a', 'libmetric.a'),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [],
          observes: { stdout: ['metric: 3 feet', 'imperial: 10 feet'] },
        },
      ],
    },
    {
      name: 'programs-own',
      build: [
        ...archive('metric'),
        ...archive('imperial'),
        compile('own'),
        link('own', CALLERS, ...metricFirst),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [],
          observes: { stdout: ['metric: 3 parsecs', 'imperial: 10 parsecs'] },
        },
      ],
    },
    {
      name: 'more-is-needed',
      build: [
        ...archive('metric', '-DWITH_SYMBOL'),
        ...archive('imperial', '-DWITH_SYMBOL'),
        compile('labelled'),
        {
          links: ['cc', '-o', 'app', 'labelled.o', ...metricFirst],
          takes: [...IMPERIAL, ...METRIC],
          doubles: ['unit'],
        },
        // Mended by renaming one.
        ...archive('imperial', '-DWITH_SYMBOL', '-Dunit=imperial_unit'),
        link('labelled', [...IMPERIAL, ...METRIC], ...metricFirst),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [],
          observes: { stdout: ['metric: 3 metres', 'imperial: 10 feet', 'f'] },
        },
      ],
    },
  ],
};
