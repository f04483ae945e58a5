import { describe, expect, it } from 'vitest';
import { compareLibraries } from '../../src/analyses/abi/compare-libraries.ts';
import { checkRelease } from '../../src/analyses/release/index.ts';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { type LibraryExports, readExports } from '../../src/model/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { briefly, type Contents, directoryOf, exporting, MODERN, objectOf, using } from './in-memory.ts';

const side = (fileName: string, spec: ElfSpec): LibraryExports =>
  readExports(new ElfFile(memorySource(assemble(spec))), fileName, fileName)!;

interface Case {
  readonly old?: readonly [name: string, spec: ElfSpec];
  readonly recent: readonly [name: string, spec: ElfSpec];
  readonly links?: Contents;
  readonly programs?: Readonly<Record<string, ElfSpec>>;
}

const OLD = ['libfoo.so.1.2.3', exporting('libfoo.so.1', 'a', 'b')] as const;

function check({ old = OLD, recent, links = {}, programs = {} }: Case) {
  const before = side(...old);
  const after = side(...recent);
  const { facts, findings } = checkRelease({
    old: before,
    recent: after,
    comparison: compareLibraries(before, after),
    directory: directoryOf({ [recent[0]]: recent[1], ...links }),
    rules: MODERN,
    programs: Object.entries(programs).map(([path, spec]) => objectOf(spec, path)),
  });
  return { facts, findings, brief: briefly(findings) };
}

const linked = (file: string): Contents => ({ 'libfoo.so.1': file, 'libfoo.so': 'libfoo.so.1' });

describe('a release', () => {
  it.each([
    ['a bug fix', 'libfoo.so.1.2.4', ['a', 'b'], 'identical', 'patch'],
    ['a rebuild', 'libfoo.so.1.2.3', ['a', 'b'], 'identical', 'patch'],
    ['an addition', 'libfoo.so.1.3.0', ['a', 'b', 'c'], 'compatible', 'minor'],
  ])('that is right: %s', (_, name, symbols, verdict, bump) => {
    const spec = exporting('libfoo.so.1', ...symbols);
    const { facts, brief } = check({ recent: [name, spec], links: linked(name) });
    expect(brief).toEqual([]);
    expect(facts).toMatchObject({ verdict, bump, fileName: { found: name, wanted: name } });
    expect(facts.links.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'libfoo.so.1 right',
      'libfoo.so right',
    ]);
  });

  it('whose number is too low for what was added', () => {
    const name = 'libfoo.so.1.2.4';
    const spec = exporting('libfoo.so.1', 'a', 'b', 'c');
    const { facts, brief } = check({ recent: [name, spec], links: linked(name) });
    expect(brief).toEqual(['warning release.version-too-low libfoo.so.1.2.4']);
    expect(facts.fileName).toEqual({ found: name, wanted: 'libfoo.so.1.3.0' });
  });

  it('that keeps its soname over a removal, and who breaks', () => {
    const name = 'libfoo.so.1.3.0';
    const programs = {
      breaks: using('libfoo.so.1', 'a', 'b'),
      survives: using('libfoo.so.1', 'a'),
      other: using('libbar.so.1', 'b'),
    };
    const { facts, findings, brief } = check({
      recent: [name, exporting('libfoo.so.1', 'a')],
      links: linked(name),
      programs,
    });
    expect(brief).toEqual([
      'error release.program-breaks libfoo.so.1',
      'error release.soname-kept libfoo.so.1',
      'warning release.version-too-low libfoo.so.1.3.0',
    ]);
    expect(findings.find(({ kind }) => kind === 'release.program-breaks')?.object).toBe('breaks');
    expect(facts).toMatchObject({
      soname: { status: 'must-change', wanted: 'libfoo.so.2' },
      fileName: { wanted: 'libfoo.so.2.0.0' },
      programs: [
        { path: 'breaks', needs: true, uses: 2, breaks: ['b'] },
        { path: 'survives', needs: true, uses: 1, breaks: [] },
        { path: 'other', needs: false, uses: 0, breaks: [] },
      ],
    });
  });

  it('with the new soname that a removal asks for: programs go on with the old file', () => {
    const name = 'libfoo.so.2.0.0';
    const { facts, brief } = check({
      recent: [name, exporting('libfoo.so.2', 'a')],
      links: { 'libfoo.so.2': name, 'libfoo.so': 'libfoo.so.2' },
      programs: { app: using('libfoo.so.1', 'b') },
    });
    expect(brief).toEqual([]);
    expect(facts.soname.status).toBe('changed-as-it-must');
    expect(facts.programs[0]?.breaks).toEqual(['b']);
  });

  it('with a new soname without cause', () => {
    const name = 'libfoo.so.2.0.0';
    const { facts, brief } = check({
      recent: [name, exporting('libfoo.so.2', 'a', 'b')],
      links: { 'libfoo.so.2': name, 'libfoo.so': 'libfoo.so.2' },
      programs: { app: using('libfoo.so.1', 'a') },
    });
    expect(brief).toEqual([
      'warning release.program-breaks libfoo.so.1',
      'warning release.soname-changed libfoo.so.1',
    ]);
    expect(facts.soname.wanted).toBe('libfoo.so.1');
  });

  it('whose file name tells nothing, or something else than the soname', () => {
    const unversioned = check({
      recent: ['libfoo.so', exporting('libfoo.so.1', 'a', 'b')],
      links: { 'libfoo.so.1': 'libfoo.so' },
    });
    expect(unversioned.brief).toEqual(['warning release.file-name libfoo.so']);
    expect(unversioned.facts.fileName.wanted).toBe('libfoo.so.1.2.3');
    const other = check({
      recent: ['libfoo.so.2.0.0', exporting('libfoo.so.1', 'a', 'b')],
      links: linked('libfoo.so.2.0.0'),
    });
    expect(other.brief).toEqual(['warning release.file-name libfoo.so.2.0.0']);
  });

  it('with links that are missing or lead elsewhere; those of other libraries are not its business', () => {
    const name = 'libfoo.so.1.2.4';
    const spec = exporting('libfoo.so.1', 'a', 'b');
    const missing = check({ recent: [name, spec], links: { 'libbar.so.1.0': exporting('libbar.so.1') } });
    expect(missing.brief).toEqual(['warning release.link-missing libfoo.so.1']);
    const old = { 'libfoo.so.1.2.3': OLD[1], 'libfoo.so.1': 'libfoo.so.1.2.3', 'libfoo.so': 'libfoo.so.1' };
    const outdated = check({ recent: [name, spec], links: old });
    expect(outdated.brief).toEqual(['warning release.link-outdated libfoo.so.1']);
    expect(outdated.facts.links.map(({ state }) => state)).toEqual(['wrong', 'wrong']);
  });

  it('takes symbols of other libraries for no use of this one', () => {
    const versioned = (...names: string[]) => ({
      soname: 'libfoo.so.1',
      symbols: names.map((name) => ({ name, version: 'V1' })),
    });
    const symbol = { name: 'b', section: 'UND', version: 'V1' };
    const { facts } = check({
      old: ['libfoo.so.1.2.3', versioned('a', 'b')],
      recent: ['libfoo.so.1.2.4', versioned('a')],
      programs: {
        here: { needed: ['libfoo.so.1'], symbols: [{ ...symbol, from: 'libfoo.so.1' }] },
        elsewhere: {
          needed: ['libfoo.so.1', 'libbar.so.1'],
          symbols: [{ ...symbol, from: 'libbar.so.1' }],
        },
      },
    });
    expect(facts.programs.map(({ breaks }) => breaks)).toEqual([['b'], []]);
  });

  it('without versions in any name is told none', () => {
    const names = exporting('libfoo.so', 'a', 'b');
    const { brief, facts } = check({ old: ['libfoo.so', names], recent: ['libfoo.so', names] });
    expect(brief).toEqual([]);
    expect(facts.fileName).toEqual({ found: 'libfoo.so' });
  });

  it('without sonames is judged by the names of the files', () => {
    const { facts, brief } = check({
      old: ['libfoo.so.1', { symbols: [{ name: 'a' }] }],
      recent: ['libfoo.so.1', { symbols: [{ name: 'b' }] }],
      programs: { app: using('libfoo.so.1', 'a') },
    });
    expect(facts.verdict).toBe('incompatible');
    expect(facts.links).toEqual([]);
    expect(facts.programs[0]).toMatchObject({ needs: true, breaks: ['a'] });
    expect(brief).toEqual([
      'error release.program-breaks libfoo.so.1',
      'warning release.no-soname libfoo.so.1',
      'warning release.version-too-low libfoo.so.1',
    ]);
  });
});
