import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { demangle } from '../../src/demangle/index.ts';
import { BEYOND_THE_TOOLS, FORMS } from './forms.ts';
import { FORMS_OF_GCC } from './forms-of-gcc.ts';
import { explain, KNOWN_DIFFERENCES } from './known-differences.ts';
import { filter, hasTool, type Style, TOOLS } from './tools.ts';

const STYLES: readonly Style[] = ['gnu', 'llvm'];
const hasBoth = STYLES.every(hasTool);

for (const style of STYLES) {
  const printed = hasTool(style) ? filter(style, FORMS) : [];
  describe.skipIf(!hasTool(style))(`forms of the grammar, ${style}`, () => {
    test.each(FORMS.map((name, index) => [name, printed[index]!] as const))('%s', (name, tool) => {
      const ours = demangle(name, { style });
      if (ours !== tool) expect(explain(style, name, tool), `${tool} <> ${ours}`).toBeDefined();
    });
  });
}

const BEYOND = [...BEYOND_THE_TOOLS, ...FORMS_OF_GCC];

describe('names beyond the installed tools', () => {
  test.each(BEYOND)('%s', (name, gnu, llvm) => {
    expect(demangle(name)).toBe(gnu);
    expect(demangle(name, { style: 'llvm' })).toBe(llvm);
  });

  test.skipIf(!hasBoth)('are names that a tool really gets wrong', () => {
    const names = BEYOND.map(([name]) => name);
    const gnu = filter('gnu', names);
    const llvm = filter('llvm', names);
    for (const [index, [name, ours, theirs]] of BEYOND.entries()) {
      expect(gnu[index] === ours && llvm[index] === theirs, name).toBe(false);
    }
  });
});

describe.skipIf(!hasBoth)('known differences', () => {
  test.each(KNOWN_DIFFERENCES)('$style: $reason', (known) => {
    const [name, ours] = known.example;
    const [tool] = filter(known.style, [name]);
    expect(demangle(name, { style: known.style })).toBe(ours);
    expect(tool).not.toBe(ours);
    expect(explain(known.style, name, tool!)).toBe(known);
  });
});

describe.skipIf(!hasBoth)('identifiers beyond ASCII', () => {
  // In their input the tools look for names of ASCII only, so these are given as arguments.
  test.each(['_Z2\u00e9v', '_ZN3\u00e9a3\u65e5Ev', '_Z4\u{1f600}v', '_Z1fN1a2\u00f1E2\u00e9'])(
    '%s',
    (name) => {
      for (const style of ['gnu', 'llvm'] as const) {
        expect(demangle(name, { style })).toBe(
          execFileSync(TOOLS[style], [name], { encoding: 'utf8' }).trim(),
        );
      }
    },
  );
});

describe.skipIf(!hasTool('gnu'))('options', () => {
  const names = FORMS.filter((name) => name.startsWith('_Z') && !/^_ZG|^_ZT|17h/.test(name));
  const options = [
    ['-p', { params: false }],
    ['-i', { verbose: false }],
  ] as const;
  test.each(options)('c++filt %s', (flag, option) => {
    const plain = filter('gnu', names);
    const printed = filter('gnu', names, [flag]);
    for (const [index, name] of names.entries()) {
      // Names that the tool cannot read have no say here: of those it prints the part that it can.
      if (plain[index] !== demangle(name) || plain[index] === name || printed[index] === name) continue;
      expect(demangle(name, option), name).toBe(printed[index]);
    }
  });

  test('return types can be left out', () => {
    expect(demangle('_Z1fIiEPFvvET_', { returnTypes: false })).toBe('f<int>(int)');
    expect(demangle('_Z1fIiEPFvvET_', { returnTypes: false, style: 'llvm' })).toBe('f<int>(int)');
    expect(demangle('_Z1fIiEvT_', { params: false, style: 'llvm' })).toBe('f<int>');
  });
});
