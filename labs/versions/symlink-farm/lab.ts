import type { Command, Lab, LabRun } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

/** One file of the farm, which tells its version when it is asked. */
const clock = (version: string, major: 1 | 2): Command =>
  library(
    `farm/libclock.so.${version}`,
    'clock.c',
    `-DRELEASE="${version}"`,
    `-Wl,-soname,libclock.so.${major}`,
  );

const link = (name: string, target: string): Command => ['ln', '-s', '-f', target, `farm/${name}`];

/** A program linked with the first release of all. */
const start: Command[] = [['mkdir', '-p', 'farm'], clock('1.2.0', 1)];
const app = program('app', 'app.c', '-Lfarm', '-l:libclock.so.1.2.0');

/** ldconfig(8) in the farm alone, and then the program. */
function runs(links: Readonly<Record<string, string>>, release: string, warning?: string): [LabRun, LabRun] {
  return [
    {
      name: 'ldconfig',
      command: ['ldconfig', '-n', 'farm'],
      predicts: [{ kind: 'links', directory: 'farm', links }],
      observes: { stdout: [], ...(warning === undefined ? {} : { stderr: warning }) },
    },
    {
      name: 'app',
      command: ['./app'],
      environment: { LD_LIBRARY_PATH: 'farm' },
      predicts: [{ kind: 'lookup-order', objects: ['app', 'farm/libclock.so.1'] }],
      observes: { stdout: [`release ${release}`] },
    },
  ];
}

export const lab: Lab = {
  title: 'The newest file of a major version gets the link, and links stay within their major version',
  source: { text: SO_COMPATIBILITY, section: '3.4, 4.2' },
  symbols: ['clock_print'],
  variants: [
    {
      name: 'first-release',
      build: [...start, app],
      runs: runs({ 'libclock.so.1': 'libclock.so.1.2.0' }, '1.2.0'),
    },
    {
      name: 'newer-releases-and-a-new-major-version',
      build: [
        ...start,
        app,
        link('libclock.so.1', 'libclock.so.1.2.0'),
        clock('1.9.0', 1),
        clock('1.10.0', 1),
        clock('2.0.0', 2),
      ],
      runs: runs({ 'libclock.so.1': 'libclock.so.1.10.0', 'libclock.so.2': 'libclock.so.2.0.0' }, '1.10.0'),
    },
    {
      name: 'soname-against-file-name',
      build: [...start, app, clock('2.1.0', 1), clock('2.0.0', 2)],
      runs: runs({ 'libclock.so.1': 'libclock.so.2.1.0', 'libclock.so.2': 'libclock.so.2.0.0' }, '2.1.0'),
    },
    {
      name: 'link-to-nowhere',
      build: [...start, app, link('libclock.so.0', 'libclock.so.0.9.0')],
      runs: runs({ 'libclock.so.1': 'libclock.so.1.2.0' }, '1.2.0'),
    },
    {
      name: 'a-file-in-the-way',
      build: [...start, app, ['cp', 'farm/libclock.so.1.2.0', 'farm/libclock.so.1'], clock('1.10.0', 1)],
      runs: runs({}, '1.2.0', 'is not a symbolic link'),
    },
  ],
};
