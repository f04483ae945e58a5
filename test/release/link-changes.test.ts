import { once } from 'node:events';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyseFarm, type LinkChange, planLinks } from '../../src/analyses/release/index.ts';
import { readLibraryDirectory } from '../../src/host/library-directory.ts';
import { applyLinkChanges } from '../../src/host/link-changes.ts';
import { assemble } from '../support/assembler/index.ts';
import { MODERN } from './in-memory.ts';

let parent = '';
let farm = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'solder-links-'));
  farm = join(parent, 'farm');
  mkdirSync(farm);
});
afterEach(() => rmSync(parent, { recursive: true }));

const library = (name: string, soname: string) => writeFileSync(join(farm, name), assemble({ soname }));
const link = (name: string, target: string) => symlinkSync(target, join(farm, name));

/** Plans and applies; gives what went wrong. */
function apply(): string[] {
  const { changes } = planLinks(readLibraryDirectory(farm).directory, MODERN);
  return applyLinkChanges(farm, changes).flatMap(({ change, problem }) =>
    problem === undefined ? [] : [`${change.name}: ${problem}`],
  );
}

/** Everything outside the farm, and what is no link inside, with its contents. */
function untouchable(): string[] {
  const walk = (directory: string): string[] =>
    readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) return [path, ...walk(path)];
      if (stat.isSymbolicLink()) return directory === farm ? [] : [`${path} -> ${readlinkSync(path)}`];
      return [`${path} ${readFileSync(path, 'base64')}`];
    });
  return walk(parent).sort();
}

describe('applying links', () => {
  it('keeps hands off everything else, whatever names and sonames say', () => {
    mkdirSync(join(parent, 'outside'));
    writeFileSync(join(parent, 'outside', 'libkept.so.1'), 'kept');
    writeFileSync(join(parent, 'libup.so.1'), 'kept');
    mkdirSync(join(farm, 'sub'));
    library('libup.so.1.2', '../libup.so.1');
    library('libsub.so.1.2', 'sub/libsub.so.1');
    library('libabs.so.1.2', join(parent, 'outside', 'libkept.so.1'));
    library('libdots.so.1.2', '..');
    library('libdot.so.1.2', '.');
    library('libnone.so.1.2', '');
    library('libline.so.1.2', 'libline.so.1\nlibline.so.2');
    library('libdash.so.1.2', '-rf');
    library('lib\n.so.1.2', 'libfoo.so.1');
    library('libdir.so.1.2', 'libdir.so.1');
    mkdirSync(join(farm, 'libdir.so.1'));
    writeFileSync(join(farm, 'libdir.so.1', 'inside'), 'kept');
    library('libfile.so.1.2', 'libfile.so.1');
    writeFileSync(join(farm, 'libfile.so.1'), 'kept');
    library('libout.so.1.2', 'libout.so.1');
    link('libout.so.1', '../outside/libkept.so.1');
    link('libgone.so.1', '../outside/gone');
    link('libtodir.so.1', '../outside');
    const before = untouchable();
    expect(apply()).toEqual([]);
    expect(untouchable()).toEqual(before);
    const links = readdirSync(farm).filter((name) => lstatSync(join(farm, name)).isSymbolicLink());
    expect(Object.fromEntries(links.sort().map((name) => [name, readlinkSync(join(farm, name))]))).toEqual({
      '-rf': 'libdash.so.1.2',
      'libfoo.so.1': 'lib\n.so.1.2',
      'libline.so.1\nlibline.so.2': 'libline.so.1.2',
      'libout.so.1': 'libout.so.1.2',
      'libtodir.so.1': '../outside',
    });
    const { findings } = analyseFarm(readLibraryDirectory(farm).directory, MODERN, []);
    const blocked = findings
      .filter(({ kind }) => kind === 'release.link-blocked')
      .map(({ subject }) => subject);
    expect(blocked.sort()).toEqual(
      [
        '',
        '.',
        '..',
        '../libup.so.1',
        'libdir.so.1',
        'libfile.so.1',
        'sub/libsub.so.1',
        join(parent, 'outside', 'libkept.so.1'),
      ].sort(),
    );
  });

  it('is done when it was done', () => {
    library('libfoo.so.1.2', 'libfoo.so.1');
    link('libfoo.so.1', 'libfoo.so.1.1');
    expect(apply()).toEqual([]);
    expect(planLinks(readLibraryDirectory(farm).directory, MODERN).changes).toEqual([]);
    expect(readdirSync(farm).sort()).toEqual(['libfoo.so.1', 'libfoo.so.1.2']);
  });

  it('goes through a link to the directory itself', () => {
    library('libfoo.so.1.2', 'libfoo.so.1');
    symlinkSync('farm', join(parent, 'alias'));
    const { directory } = readLibraryDirectory(join(parent, 'alias'));
    applyLinkChanges(join(parent, 'alias'), planLinks(directory, MODERN).changes);
    expect(readlinkSync(join(farm, 'libfoo.so.1'))).toBe('libfoo.so.1.2');
  });

  const change = { action: 'link', name: 'libfoo.so.1', target: 'libfoo.so.1.2' } as const;
  const cases: readonly [string, LinkChange, () => void][] = [
    ['a file took the name of a new link', change, () => library('libfoo.so.1', 'x')],
    ['a link took the name of a new link', change, () => link('libfoo.so.1', 'other')],
    ['a directory took the name of a new link', change, () => mkdirSync(join(farm, 'libfoo.so.1'))],
    ['a file replaced the link', { ...change, was: 'old' }, () => library('libfoo.so.1', 'x')],
    ['a directory replaced the link', { ...change, was: 'old' }, () => mkdirSync(join(farm, 'libfoo.so.1'))],
    ['the link leads elsewhere now', { ...change, was: 'old' }, () => link('libfoo.so.1', 'other')],
    ['the link is gone', { ...change, was: 'old' }, () => {}],
    [
      'a dangling link leads elsewhere',
      { action: 'remove', name: 'libfoo.so.1', was: 'old' },
      () => link('libfoo.so.1', 'x'),
    ],
    [
      'a dangling link found its file',
      { action: 'remove', name: 'libfoo.so.1', was: 'old' },
      () => {
        link('libfoo.so.1', 'old');
        library('old', 'x');
      },
    ],
    ['a name leads out', { ...change, name: '../libfoo.so.1' }, () => {}],
    ['a name is the directory', { ...change, name: '.' }, () => {}],
  ];
  it.each(cases)('leaves everything as it is when %s', (_, planned, happens) => {
    happens();
    const state = () => readdirSync(farm).map((name) => [name, lstatSync(join(farm, name)).ino]);
    const before = state();
    const [outcome] = applyLinkChanges(farm, [planned]);
    expect(outcome?.problem).toEqual(expect.any(String));
    expect(state()).toEqual(before);
    expect(readdirSync(parent)).toEqual(['farm']);
  });

  it('shows whoever looks the old link or the new one, and nothing else', async () => {
    link('libfoo.so.1', 'one');
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const watcher = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const { readdirSync, readlinkSync } = require('node:fs');
       const seen = new Set();
       let looks = 0;
       parentPort.postMessage('ready');
       while (Atomics.load(workerData.stop, 0) === 0 || looks < 100) {
         try { seen.add(readlinkSync(workerData.path)); } catch (error) { seen.add(error.code); }
         looks++;
       }
       parentPort.postMessage([...seen].sort());`,
      { eval: true, workerData: { path: join(farm, 'libfoo.so.1'), stop } },
    );
    await once(watcher, 'message');
    for (let round = 0; round < 500; round++) {
      const [was, target] = round % 2 === 0 ? ['one', 'two'] : ['two', 'one'];
      expect(
        applyLinkChanges(farm, [{ action: 'link', name: 'libfoo.so.1', target, was }])[0]?.problem,
      ).toBeUndefined();
    }
    Atomics.store(stop, 0, 1);
    const [seen] = await once(watcher, 'message');
    expect(seen).toEqual(['one', 'two']);
    expect(readdirSync(farm)).toEqual(['libfoo.so.1']);
  });
});

describe('reading a directory', () => {
  it('tells of names that are no text and of damaged libraries, and goes on', () => {
    library('libfoo.so.1.2', 'libfoo.so.1');
    writeFileSync(
      Buffer.concat([Buffer.from(`${farm}/lib`), Buffer.from([0xff]), Buffer.from('.so.1')]),
      'x',
    );
    const damaged = assemble({ soname: 'libbad.so.1', set: { 'dynamic.SONAME.d_val': 0xffffff } });
    writeFileSync(join(farm, 'libbad.so.1.2'), damaged);
    const blurred = assemble({ soname: 'libblur.so.1', set: { 'dynamic.GNU_HASH.d_val': 0xffffff } });
    writeFileSync(join(farm, 'libblur.so.1.2'), blurred);
    writeFileSync(join(farm, 'libscript.so'), 'GROUP ( libfoo.so.1 )');
    const { directory, diagnostics } = readLibraryDirectory(farm);
    expect(diagnostics.map(({ level, object }) => `${level} ${object}`).sort()).toEqual(
      [`warning ${farm}`, `warning ${farm}/libbad.so.1.2`, `warning ${farm}/libblur.so.1.2`].sort(),
    );
    expect([...directory.libraries.values()].map(({ soname }) => soname).sort()).toEqual([
      'libblur.so.1',
      'libfoo.so.1',
    ]);
  });

  it('follows links through other directories back to its own names', () => {
    library('libfoo.so.1.2', 'libfoo.so.1');
    mkdirSync(join(parent, 'outside'));
    symlinkSync('../farm/libfoo.so.1.2', join(parent, 'outside', 'back'));
    link('libfoo.so.1', '../outside/back');
    link('libfoo.so', './libfoo.so.1');
    const steps = readLibraryDirectory(farm).directory.entries.flatMap((entry) =>
      entry.type === 'link' ? [[entry.name, entry.step]] : [],
    );
    expect(Object.fromEntries(steps)).toEqual({
      'libfoo.so.1': { kind: 'inside', name: 'libfoo.so.1.2' },
      'libfoo.so': { kind: 'inside', name: 'libfoo.so.1' },
    });
  });

  it('throws for what is no directory', () => {
    expect(() => readLibraryDirectory(join(parent, 'nowhere'))).toThrow(/ENOENT/);
  });
});
