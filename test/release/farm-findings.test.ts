import { describe, expect, it } from 'vitest';
import { analyseFarm } from '../../src/analyses/release/index.ts';
import { EM } from '../../src/elf/index.ts';
import { briefly, type Contents, directoryOf, exporting, findingsOf, MODERN, using } from './in-memory.ts';

const foo = (...names: string[]) => exporting('libfoo.so.1', 'base', ...names);
const text = (contents: Contents, programs = {}) => briefly(findingsOf(contents, programs));

describe('a directory in order', () => {
  it('has no findings', () => {
    const contents = {
      'libfoo.so.1.2.3': foo(),
      'libfoo.so.1': 'libfoo.so.1.2.3',
      'libfoo.so': 'libfoo.so.1',
      'libfoo.so.1.2': 'libfoo.so.1.2.3',
      'libbar.so.2': exporting('libbar.so.2'),
      'libbaz-1.5.so': exporting('libbaz.so.0'),
      'libbaz.so.0': 'libbaz-1.5.so',
      'libplugin.so': { symbols: [{ name: 'entry' }] },
    };
    expect(text(contents, { app: using('libfoo.so.1', 'base') })).toEqual([]);
  });
});

describe('links', () => {
  it('that are missing: an error where somebody asks for them', () => {
    const contents = { 'libfoo.so.1.2': foo() };
    expect(text(contents)).toEqual(['warning release.link-missing libfoo.so.1']);
    expect(text(contents, { app: using('libfoo.so.1') })).toEqual(['error release.link-missing libfoo.so.1']);
  });

  it('that dangle, with what becomes of them', () => {
    const found = findingsOf({
      'libfoo.so.1.2': foo(),
      'libfoo.so.1': 'libfoo.so.1.1',
      'libold.so.3': 'libold.so.3.0',
      'libold.so': 'libold.so.3',
      'libloop.so.1': 'libloop.so.1',
    });
    expect(briefly(found)).toEqual(
      ['libfoo.so.1', 'libloop.so.1', 'libold.so', 'libold.so.3'].map(
        (name) => `warning release.link-dangling ${name}`,
      ),
    );
    const fixes = new Map(found.map(({ subject, fix }) => [subject, fix]));
    expect(fixes.get('libfoo.so.1')).toMatch('link it to libfoo.so.1.2');
    expect(fixes.get('libold.so.3')).toMatch('--apply');
    expect(fixes.get('libold.so')).toMatch('ldconfig leaves it');
  });

  it('to an older file: an error when a dependant misses what only the newer has', () => {
    const contents = {
      'libfoo.so.1.2': foo(),
      'libfoo.so.1.10': foo('added'),
      'libfoo.so.1': 'libfoo.so.1.2',
    };
    const shared = 'note release.soname-shared libfoo.so.1';
    expect(text(contents)).toEqual([shared, 'warning release.link-outdated libfoo.so.1']);
    const found = findingsOf(contents, { app: using('libfoo.so.1', 'added', 'elsewhere', 'base') });
    expect(briefly(found)).toEqual(['error release.link-outdated libfoo.so.1', shared]);
    const outdated = found.find(({ severity }) => severity === 'error');
    expect(outdated?.evidence).toEqual([{ object: 'app', text: 'would miss added' }]);
    expect(outdated?.message).toBe(
      'libfoo.so.1 leads to libfoo.so.1.2, the newest file of this soname is libfoo.so.1.10',
    );
  });

  it('to another file of an equal version', () => {
    const contents = { 'libfoo.so.1.2': foo(), 'libfoo.so.1.02': foo(), 'libfoo.so.1': 'libfoo.so.1.02' };
    const outdated = findingsOf(contents).find(({ kind }) => kind === 'release.link-outdated');
    expect(outdated?.message).toBe('libfoo.so.1 leads to libfoo.so.1.02, ldconfig would take libfoo.so.1.2');
  });

  it('that cross a major version', () => {
    const contents = {
      'libfoo.so.2.0': exporting('libfoo.so.2'),
      'libfoo.so.2': 'libfoo.so.2.0',
      'libfoo.so.1': 'libfoo.so.2.0',
    };
    expect(text(contents)).toEqual(['warning release.link-crosses-major libfoo.so.1']);
    const app = using('libfoo.so.1');
    expect(text(contents, { app })).toEqual(['error release.link-crosses-major libfoo.so.1']);
  });

  it('that are stale: to another library, to a newer release under an old full version, to no library', () => {
    const contents = {
      'libfoo.so.1.2': foo(),
      'libfoo.so.1': 'libfoo.so.1.2',
      'libalias.so.1': 'libfoo.so.1.2',
      'libfoo.so.1.1': 'libfoo.so.1.2',
      'libdir.so.1': 'sub',
      sub: 'directory',
    } as const;
    expect(text(contents)).toEqual([
      'warning release.link-stale libalias.so.1',
      'warning release.link-stale libdir.so.1',
      'warning release.link-stale libfoo.so.1.1',
    ]);
  });

  it('whose development name ldconfig takes for a file', () => {
    const trap = { 'libimpl.so.9.99': foo(), 'libxfoo.so': 'libimpl.so.9.99' };
    const facts = analyseFarm(directoryOf(trap), MODERN, []).facts;
    expect(facts.sonames).toMatchObject([
      { soname: 'libfoo.so.1', file: 'libimpl.so.9.99', through: 'libxfoo.so' },
    ]);
    expect(facts.changes).toMatchObject([{ name: 'libfoo.so.1', target: 'libxfoo.so' }]);
    expect(text(trap)).toContain('warning release.link-stale libxfoo.so');
    const linked = { ...trap, 'libfoo.so.1': 'libimpl.so.9.99' };
    expect(text(linked)).toContain('note release.link-stale libxfoo.so');
  });

  it('that cannot be made: a file, a directory, a soname that is a path', () => {
    const contents = {
      'libfoo.so.1.2': foo(),
      'libfoo.so.1': foo('old'),
      'libbar.so.2.1': exporting('libbar.so.2'),
      'libbar.so.2': 'directory',
      'libbad.so.1.0': exporting('../libbad.so.1'),
      'libdot.so.1.0': exporting('..'),
    } as const;
    const found = findingsOf(contents).filter(({ kind }) => kind === 'release.link-blocked');
    expect(found.map(({ subject }) => subject).sort()).toEqual([
      '..',
      '../libbad.so.1',
      'libbar.so.2',
      'libfoo.so.1',
    ]);
    expect(analyseFarm(directoryOf(contents), MODERN, []).facts.changes).toEqual([]);
  });
});

describe('files', () => {
  it('that share a soname in doubt: equal versions, different names, different machines', () => {
    const doubts = (a: string, b: string, more = {}) =>
      findingsOf({ [a]: foo(), [b]: { ...foo(), ...more }, 'libfoo.so.1': a })
        .filter(({ kind }) => kind === 'release.soname-shared')
        .map(({ severity, message }) => `${severity} ${message}`);
    expect(doubts('libfoo.so.1.2', 'libfoo.so.1.02')).toEqual([
      'warning libfoo.so.1: libfoo.so.1.2 wins over libfoo.so.1.02; their versions are equal, so the order of the directory decides',
    ]);
    expect(doubts('libgoo.so.1.2', 'libfoo.so.1.3')).toEqual([
      'warning libfoo.so.1: libgoo.so.1.2 wins over libfoo.so.1.3; their names are those of different libraries',
    ]);
    expect(doubts('libfoo.so.1.2', 'libfoo.so.1.1', { class: 32, machine: EM['386'] })).toEqual([
      'warning libfoo.so.1: libfoo.so.1.2 wins over libfoo.so.1.1; they are for different machines',
    ]);
  });

  it('without a soname, or with one that does not fit', () => {
    const contents = {
      'libfoo.so.1.2': { symbols: [{ name: 'base' }] },
      'libbar.so.1.2': exporting('libbar.so.2'),
      'libbar.so.2': 'libbar.so.1.2',
      'libbazaar.so': exporting('libbaz.so.1'),
      'libbaz.so.1': 'libbazaar.so',
    };
    expect(text(contents)).toEqual([
      'note release.file-name libbar.so.1.2',
      'note release.file-name libbazaar.so',
      'warning release.no-soname libfoo.so.1.2',
    ]);
  });

  it('swapped: a newer name with an older build', () => {
    const contents = {
      'libfoo.so.1.1': foo('added'),
      'libfoo.so.1.2': foo(),
      'libfoo.so.1': 'libfoo.so.1.2',
    };
    expect(text(contents)).toContain('warning release.files-swapped libfoo.so.1');
    const found = findingsOf(contents, { app: using('libfoo.so.1', 'added') });
    expect(briefly(found)).toContain('error release.files-swapped libfoo.so.1');
    expect(found.find(({ severity }) => severity === 'error')?.evidence).toEqual([
      { object: 'app', text: 'would miss added' },
    ]);
  });

  it('of one soname that are incompatible', () => {
    const contents = {
      'libfoo.so.1.1': foo('gone'),
      'libfoo.so.1.2': foo('new'),
      'libfoo.so.1': 'libfoo.so.1.2',
    };
    expect(text(contents)).toContain('warning release.soname-kept libfoo.so.1');
    expect(text(contents, { app: using('libfoo.so.1', 'gone') })).toContain(
      'error release.soname-kept libfoo.so.1',
    );
    // The other major is somebody else's
    expect(text(contents, { app: using('libfoo.so.2', 'gone') })).toContain(
      'warning release.soname-kept libfoo.so.1',
    );
  });

  it('count versions of symbols where both sides have them', () => {
    const versioned = (...versions: string[]) => ({
      soname: 'libfoo.so.1',
      symbols: versions.map((version, at) => ({ name: 'base', version, hidden: at > 0 })),
    });
    const app = {
      needed: ['libfoo.so.1'],
      symbols: [{ name: 'base', section: 'UND', version: 'V1', from: 'libfoo.so.1' }],
    };
    const contents = {
      'libfoo.so.1.1': versioned('V1'),
      'libfoo.so.1.2': versioned('V2'),
      'libfoo.so.1': 'libfoo.so.1.2',
    };
    expect(text(contents, { app })).toContain('error release.soname-kept libfoo.so.1');
    // The same name and version of another library
    const [{ from: _, ...symbol }] = app.symbols as [(typeof app.symbols)[0]];
    const other = { needed: ['libfoo.so.1', 'libbar.so.1'], symbols: [{ ...symbol, from: 'libbar.so.1' }] };
    expect(text(contents, { other })).toContain('warning release.soname-kept libfoo.so.1');
    expect(text({ ...contents, 'libfoo.so.1.2': versioned('V2', 'V1') }, { app })).toEqual([
      'note release.soname-shared libfoo.so.1',
    ]);
  });
});

describe('dependants', () => {
  const contents = { 'libfoo.so.1.2.3': foo(), 'libfoo.so.1': 'libfoo.so.1.2.3' };

  it('that name a full version: an error when it is gone', () => {
    const all = { ...contents, 'libuser.so': using('libfoo.so.1.2.3') };
    const found = findingsOf(all, { app: using('libfoo.so.1.2.2') });
    expect(briefly(found)).toEqual([
      'error release.full-version-needed libfoo.so.1.2.2',
      'warning release.full-version-needed libfoo.so.1.2.3',
    ]);
    expect(found.map(({ object }) => object).sort()).toEqual(['app', 'lib/libuser.so']);
  });

  it('whose need nothing satisfies; other libraries may be elsewhere', () => {
    const app = { needed: ['libfoo.so.2', 'libc.so.6', '/opt/libfoo.so.3'] };
    expect(text(contents, { app })).toEqual(['error release.need-unsatisfied libfoo.so.2']);
  });
});

describe('facts', () => {
  it('say for each soname who wins and why', () => {
    const { facts } = analyseFarm(
      directoryOf({
        'libfoo.so.1.9': foo(),
        'libfoo.so.1.10': foo(),
        'libfoo.so.1': 'libfoo.so.1.9',
        'libbar.so.2': exporting('libbar.so.2'),
        'libbaz.so.3.1': exporting('libbaz.so.3'),
        'libfoo.so': 'libfoo.so.1',
      }),
      MODERN,
      [],
    );
    expect(facts.sonames).toEqual([
      { soname: 'libbar.so.2', file: 'libbar.so.2', why: 'only', others: [], link: 'itself' },
      { soname: 'libbaz.so.3', file: 'libbaz.so.3.1', why: 'only', others: [], link: 'missing' },
      {
        soname: 'libfoo.so.1',
        file: 'libfoo.so.1.10',
        why: 'newest',
        others: ['libfoo.so.1.9'],
        link: 'wrong',
      },
    ]);
    expect(facts.changes).toEqual([
      { action: 'link', name: 'libbaz.so.3', target: 'libbaz.so.3.1', outcome: 'planned' },
      {
        action: 'link',
        name: 'libfoo.so.1',
        target: 'libfoo.so.1.10',
        was: 'libfoo.so.1.9',
        outcome: 'planned',
      },
    ]);
  });
});
