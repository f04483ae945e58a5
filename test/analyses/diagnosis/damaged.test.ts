import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnoseOpen, diagnoseSymbol } from '../../../src/analyses/index.ts';
import { diagnosisFiles, loadContext } from '../../../src/host/index.ts';
import { assemble } from '../../support/assembler/index.ts';

const ROUNDS = 120;
const NOW = { now: true } as const;

/** Numbers below 2^32 that are the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

test('damaged files are explained, or said nothing of: nothing is thrown', () => {
  const directory = mkdtempSync(join(tmpdir(), 'solder-damaged-'));
  try {
    const symbols = [
      { name: 'lib_one', version: 'V1' },
      { name: '_Z3twoi' },
      { name: 'gone', section: 'UND' },
    ];
    const symtab = [{ name: 'lib_local', binding: 0 }, { name: 'lib_one' }];
    const library = assemble({ soname: 'libx.so', symbols, symtab, rela: [{ type: 1, symbol: 'gone' }] });
    const hostPath = join(directory, 'host');
    writeFileSync(
      hostPath,
      assemble({ interpreter: '/lib64/ld-linux-x86-64.so.2', symbols: [{ name: 'main' }] }),
    );
    const host = loadContext({}).openTarget(hostPath);
    if (host.kind !== 'dynamic') throw new Error('no host');
    const hostObject = host.object;
    const random = numbers(7);
    const next = (): number => random.next().value as number;
    const files = diagnosisFiles();
    const file = join(directory, 'libx.so');
    const messages = [
      'invalid ELF header',
      'undefined symbol: lib_onne',
      'undefined symbol: two',
      "version `V2' not found (required by /x)",
      'cannot allocate memory in static TLS block',
      'failed to map segment from shared object',
      'ELF load command address/offset not page-aligned',
      'cannot enable executable stack as shared object requires',
    ].map((text) => `${file}: ${text}`);
    let explained = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = library.slice(0, round % 5 === 0 ? next() % library.length : library.length);
      for (let change = 0; change < 1 + (round % 6) && bytes.length > 0; change++) {
        bytes[next() % bytes.length] = next() >>> 24;
      }
      writeFileSync(file, bytes);
      const system = loadContext({});
      const settings = { ...system.settingsFor(hostObject), cache: new Map() };
      const context = { ...system, settingsFor: () => settings };
      const program = context.openTarget(hostPath);
      if (program.kind !== 'dynamic') throw new Error('no host');
      explained += diagnoseOpen({ context, files, program, file, mode: NOW }).length;
      for (const message of messages) {
        explained += diagnoseOpen({ context, files, program, file, mode: NOW, message }).length;
      }
      const target = context.openTarget(file);
      if (target.kind !== 'dynamic') continue;
      const common = {
        context,
        files,
        program,
        place: { library: target },
        scope: [target],
        loaded: [target],
      };
      for (const name of ['lib_one', 'lib_local', 'gone', 'two', 'lib_onne']) {
        explained += diagnoseSymbol({ ...common, name }).length;
      }
    }
    expect(explained).toBeGreaterThan(ROUNDS * messages.length);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
