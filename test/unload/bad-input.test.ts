import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseUnload, deriveLibc, readPluginCode } from '../../src/analyses/unload/index.ts';
import { FormatError, memorySource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { dynamicObject } from '../../src/model/index.ts';
import { hasTools } from '../support/tools.ts';
import { buildPlugin, type Compiler } from './build.ts';
import { PLUGINS } from './plugins.ts';

function analyse(bytes: Uint8Array): 'analysed' | 'refused' {
  try {
    const file = new ElfFile(memorySource(bytes));
    const object = dynamicObject(file, 'damaged.so');
    if (object === undefined) return 'refused';
    const plugin = readPluginCode(file, object, 'damaged.so');
    const { libc, certainty, evidence } = deriveLibc(file, object);
    analyseUnload({
      plugin,
      companions: [],
      libc,
      libcFrom: certainty,
      libcEvidence: evidence,
      host: undefined,
      fate: undefined,
    });
    return 'analysed';
  } catch (error) {
    if (error instanceof FormatError) return 'refused';
    throw error;
  }
}

const compilers: readonly Compiler[] = ['gcc', 'aarch64-linux-gnu-gcc'];

describe.each(compilers)('a damaged library of %s', (compiler) => {
  it.skipIf(!hasTools(compiler))('is refused in a few words, or judged', () => {
    const directory = mkdtempSync(join(tmpdir(), 'solder-damaged-'));
    const plugin = PLUGINS.find(({ name }) => name === 'two keys, one deleted')!;
    const bytes = readFileSync(buildPlugin(directory, 'plugin', plugin, compiler, '-O2'));
    rmSync(directory, { recursive: true });
    expect(analyse(bytes)).toBe('analysed');
    const outcomes = new Set<string>();
    const change = fc.record({
      // Headers and tables stand at the beginning; the rest is code, constants and section headers.
      at: fc.oneof(fc.nat(0x1000), fc.nat(bytes.length - 1)),
      value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
    });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(bytes.length)),
        (changes, end) => {
          const damaged = Uint8Array.from(bytes.subarray(0, end ?? bytes.length));
          for (const { at, value } of changes) if (at < damaged.length) damaged[at] = value;
          outcomes.add(analyse(damaged));
        },
      ),
      { numRuns: 1500, seed: 20240611 },
    );
    expect([...outcomes].sort()).toEqual(['analysed', 'refused']);
  });
});
