import { writeSnapshot } from '../../model/index.ts';
import { openSide } from '../abi-side.ts';
import { text } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT } from '../exit-status.ts';

export const command = defineCommand<Record<never, never>, [string]>({
  description: `Writes what a shared library exports, and what it asks of its process, as text that
diff takes in place of the library: one fact a line, sorted, without addresses.
Commit it beside the sources, and every build can be compared with the release
without keeping the release's files.`,
  examples: [
    { command: 'solder snapshot -o abi/libfoo.abi libfoo.so.1.2.3', does: 'Write a baseline' },
    { command: 'solder diff abi/libfoo.abi build/libfoo.so.1', does: 'Compare a build with it' },
  ],
  formats: ['text'],
  flags: {},
  positional: {
    kind: 'tuple',
    parameters: [{ placeholder: 'FILE', brief: 'A shared library', parse: text }],
  },
  run({ output }, _, path) {
    output.write(writeSnapshot(openSide(path)));
    return EXIT.success;
  },
});
