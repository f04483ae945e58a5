import { readSync } from 'node:fs';
import type { DemangleOptions } from '../../demangle/index.ts';
import { demangleBytes } from '../../report/demangle-bytes.ts';
import { demangleText } from '../../report/demangle-text.ts';
import { oneOf, text } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, systemMessage } from '../errors.ts';
import { EXIT } from '../exit-status.ts';

const STYLES = ['gnu', 'llvm'] as const;

interface Flags {
  readonly style: (typeof STYLES)[number];
  readonly params: boolean;
  readonly returnTypes: boolean;
  readonly verbose: boolean;
}

/** What stdin holds, in pieces that are cut at the ends of lines. A piece is gone when the next is asked for. */
function* stdinBlocks(): Generator<Uint8Array> {
  let block = new Uint8Array(1 << 16);
  let filled = 0;
  for (;;) {
    const size = readBlock(block.subarray(filled));
    if (size === 0) break;
    const end = block.subarray(0, filled + size).lastIndexOf(0x0a) + 1;
    filled += size;
    if (end > 0) {
      yield block.subarray(0, end);
      block.copyWithin(0, end, filled);
      filled -= end;
    } else if (filled === block.length) {
      const larger = new Uint8Array(2 * block.length);
      larger.set(block);
      block = larger;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function readBlock(block: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, block);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw new InputError(`stdin: ${systemMessage(error)}`);
      // A terminal or pipe that somebody else set to non-blocking has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function stdinNames(): string[] {
  return Buffer.concat(Array.from(stdinBlocks(), (block) => Buffer.from(block)))
    .toString()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export const command = defineCommand<Flags, string[]>({
  description: `Shows mangled names of C++ and Rust as a person would write them. Without NAME it
reads stdin and replaces every mangled name in it, as c++filt does. A name that is
not mangled, or not validly, comes back unchanged; as json the reason stands beside
it, and for the others the syntax tree and what it says of the symbol.`,
  examples: [
    { command: 'solder demangle _ZNSt6vectorIiSaIiEE9push_backEOi', does: 'One name' },
    { command: 'nm -D libfoo.so | solder demangle', does: 'Every name in the output of another tool' },
    { command: 'solder demangle --format json _ZTV3Foo', does: 'What a name says of its symbol' },
  ],
  formats: ['text', 'json'],
  flags: {
    style: {
      kind: 'parsed',
      parse: oneOf(STYLES),
      proposeCompletions: () => STYLES,
      default: 'gnu',
      placeholder: 'STYLE',
      brief: 'Write as c++filt does (gnu) or as llvm-cxxfilt does (llvm)',
    },
    params: { kind: 'boolean', default: true, brief: 'Leave out the parameters of functions' },
    returnTypes: {
      kind: 'boolean',
      default: true,
      brief: 'Leave out the return types of function templates',
    },
    verbose: {
      kind: 'boolean',
      default: true,
      brief: 'Write std::string and its like short, Rust without hashes',
    },
  },
  positional: {
    kind: 'array',
    parameter: { placeholder: 'NAME', brief: 'A mangled name; none: read stdin', parse: text },
  },
  async run(context, { style, params, returnTypes, verbose }, ...names) {
    const { format, output } = context;
    const options: DemangleOptions = { style, params, returnTypes, verbose };
    if (format === 'json') {
      const { writeDemangleReport } = await import('../demangle-report.ts');
      writeDemangleReport(context, names, names.length > 0 ? names : stdinNames(), options);
    } else if (names.length === 0) {
      for (const block of stdinBlocks()) demangleBytes(block, options, (piece) => output.write(piece));
    } else {
      for (const mangled of names) output.write(`${demangleText(mangled, options)}\n`);
    }
    return EXIT.success;
  },
});
