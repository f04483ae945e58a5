import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceFacts } from '../../../src/analyses/trace/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { scratch, solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';

const SOURCES = {
  'part.c': 'int part(void) { return 1; } __attribute__((constructor)) static void start(void) {}',
  'plugin.c': `#include <math.h>
    int part(void);
    double plugin(double x) { return part() + sin(x); }
    __attribute__((constructor)) static void start(void) {}
    __attribute__((destructor)) static void end(void) {}`,
  'ender.c': `#include <stdlib.h>
    __attribute__((constructor)) static void start(void) { exit(3); }`,
  'audit.c': `#define _GNU_SOURCE
    #include <link.h>
    unsigned la_version(unsigned version) { return LAV_CURRENT; }
    unsigned la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie) { return 0; }`,
  // A plugin in two namespaces and in the program's own; the first one is left for the end.
  'spaces.c': `#define _GNU_SOURCE
    #include <dlfcn.h>
    int main(int count, char **words) {
      void *first = dlmopen(LM_ID_NEWLM, words[1], RTLD_NOW);
      void *second = dlmopen(LM_ID_NEWLM, words[1], RTLD_LAZY);
      dlclose(second);
      void *own = dlopen(words[1], RTLD_LAZY | RTLD_GLOBAL);
      dlclose(own);
      return dlmopen(LM_ID_NEWLM, words[1], RTLD_NOW) == 0 || first == 0;
    }`,
  'opener.c': `#include <dlfcn.h>
    int main(int count, char **words) {
      for (int at = 1; at < count; at++) dlclose(dlopen(words[at], RTLD_NOW));
      return 0;
    }`,
};

const FOLDERS = ['a folder', 'ö 漢字', 'two\nlines', "quote ' and [0]; needed by x"];

describe.skipIf(!hasTools('gcc'))('what the loader does is predicted', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = scratch();
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(cwd, name), text);
    const gcc = (...args: readonly string[]) => execFileSync('gcc', args, { cwd });
    const library = (to: string, from: string, ...more: readonly string[]) =>
      gcc('-shared', '-fPIC', '-o', to, from, ...more);
    library('libpart.so', 'part.c');
    library('plugin.so', 'plugin.c', '-L.', '-lpart', '-lm', '-Wl,-rpath,$ORIGIN');
    library('ender.so', 'ender.c');
    library('audit.so', 'audit.c');
    gcc('-o', 'spaces', 'spaces.c');
    gcc('-o', 'opener', 'opener.c');
    mkdirSync(join(cwd, 'parts'));
    library('parts/libpart.so', 'part.c');
    gcc('-o', 'bare', 'opener.c', '-Wl,--no-as-needed', '-Lparts', '-lpart');
    for (const folder of FOLDERS) {
      mkdirSync(join(cwd, folder));
      const part = join(folder, 'libpart.so');
      library(part, 'part.c');
      library(join(folder, 'plugin.so'), 'plugin.c', part, '-lm', '-Wl,-rpath,$ORIGIN');
      gcc('-o', join(folder, 'opener'), 'opener.c', '-Wl,--no-as-needed', part, '-Wl,-rpath,$ORIGIN');
    }
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const trace = (command: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const options = ['--verify', '--categories', 'all,statistics', '--format', 'json'];
    const { stdout, stderr } = solder(['trace', ...options, '--', ...command], { cwd, env });
    if (stdout === '') throw new Error(stderr);
    const { facts, findings } = JSON.parse(stdout) as Report<TraceFacts>;
    return { facts, findings, unknown: facts.unknown.examples, verified: facts.verified! };
  };
  const AGREED = { findings: [], unknown: [] };

  it.each(['./plugin.so', './libpart.so', 'libm.so.6'])('with %s in namespaces of its own', (plugin) => {
    const { facts, verified, ...rest } = trace(['./spaces', plugin]);
    expect(rest).toEqual(AGREED);
    expect(facts.ending).toEqual({ kind: 'status', status: 0 });
    expect(facts.processes).toMatchObject([{ images: [{ program: './spaces' }] }]);
    expect(verified).toMatchObject([{ dlopens: 4, differences: 0 }]);
  });

  it('with an audit module, which is none of its doing', () => {
    const { verified, facts: _, ...rest } = trace(['./spaces', './plugin.so'], { LD_AUDIT: './audit.so' });
    expect(rest).toEqual(AGREED);
    expect(verified).toMatchObject([{ dlopens: 4, differences: 0 }]);
  });

  it('as far as a constructor lets it go on', () => {
    const { facts, verified, ...rest } = trace(['./opener', './ender.so']);
    expect(rest).toEqual(AGREED);
    expect(facts.ending).toEqual({ kind: 'status', status: 3 });
    expect(verified).toMatchObject([{ dlopens: 1, notPredicted: expect.any(Number) }]);
  });

  it.each(FOLDERS)('in the folder %j', (folder) => {
    const { facts: _, verified, ...rest } = trace([`./${folder}/opener`, `./${folder}/plugin.so`]);
    expect(rest).toEqual(AGREED);
    expect(verified).toMatchObject([{ program: `./${folder}/opener`, dlopens: 1, differences: 0 }]);
  });

  // What is preloaded may be needed as well, and may be missing.
  it.each([
    'LD_LIBRARY_PATH=./parts:./missing ./bare',
    'LD_LIBRARY_PATH=./parts LD_PRELOAD=./plugin.so ./bare libm.so.6',
    'LD_PRELOAD=libm.so.6:./parts/libpart.so:libc.so.6:libgone.so ./opener ./plugin.so',
    'LD_PRELOAD=./plugin.so /bin/true; ./opener ./plugin.so',
    'LD_BIND_NOW=1 ./opener ./plugin.so',
  ])('in the environment that a shell has made: %s', (line) => {
    const { facts, verified, ...rest } = trace(['sh', '-c', `${line}; true`]);
    expect(rest).toEqual(AGREED);
    expect(facts.ending).toEqual({ kind: 'status', status: 0 });
    expect(verified.length).toBeGreaterThan(1);
    expect(verified.filter(({ skipped }) => skipped !== undefined)).toEqual([]);
  });

  it('and which this program does not share', () => {
    const {
      facts: _,
      verified,
      ...rest
    } = trace(['sh', '-c', 'LD_LIBRARY_PATH=./parts ./bare; env -u LD_PRELOAD ./opener ./plugin.so; true'], {
      LD_LIBRARY_PATH: './missing',
      LD_PRELOAD: './audit.so',
    });
    expect(rest).toEqual(AGREED);
    expect(verified.map(({ program }) => program)).toEqual(['sh', './bare', 'env', './opener']);
  });

  describe('where the loader itself is the command', () => {
    const headers = execFileSync('readelf', ['-lW', '/bin/true'], { encoding: 'utf8' });
    const LOADER = /program interpreter: (\S+)\]/.exec(headers)![1]!;

    it.each([[[]], [['--argv0', 'other']], [['--library-path', '.']], [['--preload', './libpart.so']]])(
      'with %j',
      (options) => {
        const { facts, verified, ...rest } = trace([LOADER, ...options, './opener', './plugin.so']);
        expect(rest).toEqual(AGREED);
        expect(facts.ending).toEqual({ kind: 'status', status: 0 });
        expect(verified).toMatchObject([{ dlopens: 1, differences: 0 }]);
        expect(verified[0]!.skipped).toBeUndefined();
      },
    );

    it('but for what nobody simulates', () => {
      const [image] = trace([LOADER, '--inhibit-cache', './opener']).verified;
      expect(image!.skipped).toContain('--inhibit-cache');
    });

    it('its program has to be one', () => {
      for (const [words, told] of [
        [['./nothing'], './nothing: No such file'],
        [['./part.c'], './part.c: not an ELF file'],
        [[], `${LOADER}: the loader itself`],
      ] as const) {
        const { stderr, status } = solder(['trace', '--', LOADER, ...words], { cwd });
        expect(stderr).toContain(told);
        expect(status).toBe(3);
      }
    });
  });
});
