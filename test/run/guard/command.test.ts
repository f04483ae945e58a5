import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdviceFacts } from '../../../src/analyses/guard/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { BUILD_SYSTEMS } from '../../../src/report/guard/guard-flags.ts';
import { solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';
import { buildHost, buildPlugin, guardDirectory, run, runHost, source } from './build.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/report.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

let cwd = '';
beforeAll(() => {
  cwd = guardDirectory();
});
afterAll(() => rmSync(cwd, { recursive: true }));

const guard = (...args: string[]) => solder(['guard', ...args], { cwd });

describe.skipIf(!hasTools('gcc'))('the files that it makes', () => {
  it('are the source, and an object that a plugin is linked with', () => {
    const { stdout: flags } = guard('flags');
    expect(guard('source', '-o', 'guard.c')).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(guard('source').stdout).toBe(readFileSync(join(cwd, 'guard.c'), 'utf8'));
    expect(guard('build')).toMatchObject({ stdout: '', status: 0 });
    const host = buildHost(cwd);
    for (const file of ['guard.c', 'guard.o']) {
      const plugin = buildPlugin(join(cwd, 'plugin.so'), 'gcc', [
        ...[source('keys-plugin.c'), join(cwd, file), flags.trim()],
      ]);
      expect(runHost(host, ['rounds', 20, 1, plugin]).lines, file).toEqual([
        'keys 1024 -> 1024, heap +0, gone',
      ]);
    }
  });

  it('are a library whose soname is its name', () => {
    expect(guard('preload', '--quiet', '-o', 'libmine.so')).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(run('readelf', ['-d', join(cwd, 'libmine.so')])).toContain('soname: [libmine.so]');
    expect(
      run('nm', ['-D', '--defined-only', join(cwd, 'libmine.so')])
        .match(/\S+$/gm)
        ?.sort(),
    ).toEqual([
      '__cxa_finalize',
      'dlclose',
      'pthread_key_create',
      'pthread_key_delete',
      'tss_create',
      'tss_delete',
    ]);
  });

  it('are not made at all when the compiler fails', () => {
    for (const verb of ['build', 'preload']) {
      const { stderr, status } = guard(verb, '--cc', 'no-such-compiler', '-o', 'nothing');
      expect(stderr).toMatch(/^solder: the \w+ has to be compiled and there is no no-such-compiler: install/);
      expect(status).toBe(3);
      expect(existsSync(join(cwd, 'nothing'))).toBe(false);
    }
  });

  it.each(BUILD_SYSTEMS)('name all four functions for %s', (system) => {
    const { stdout, status } = guard('flags', '--for', system);
    expect(status).toBe(0);
    for (const name of ['pthread_key_create', 'pthread_key_delete', 'tss_create', 'tss_delete']) {
      expect(stdout).toContain(`--wrap=${name}`);
    }
  });
});

describe('wrong usage', () => {
  it.each([
    [[], /VERB/],
    [['curse'], /no 'curse', expected source, build/],
    [['advise'], /guard advise: expected one plugin, got nothing/],
    [['build', 'plugin.so'], /guard build: expected no file, got 1/],
    [['flags', '--format', 'json'], /guard flags writes no json/],
    [['flags', '--for', 'scons'], /'scons' is none of its values/],
  ])('%j', (args, message) => {
    const { stderr, status } = guard(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('is told from a file that cannot be read', () => {
    expect(guard('advise', 'nowhere.so')).toMatchObject({ status: 3, stdout: '' });
  });
});

describe.skipIf(!hasTools('gcc', 'strip'))('advice', () => {
  function advise(plugin: string, ...options: string[]): Report<AdviceFacts> & { verdict?: string } {
    const report = JSON.parse(guard('advise', '--format', 'json', plugin, ...options).stdout);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    return report;
  }

  const cc = (name: string, text: string, ...options: string[]) => {
    writeFileSync(join(cwd, `${name}.c`), text);
    return buildPlugin(join(cwd, `${name}.so`), 'gcc', [join(cwd, `${name}.c`)], options);
  };

  const KEY = `#include <pthread.h>
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
int run(void) { return 1; }
`;
  const THREAD = `#include <pthread.h>
#include <unistd.h>
static void *work(void *data) { for (;;) sleep(1); return data; }
__attribute__((constructor)) static void start(void) { pthread_t thread; pthread_create(&thread, 0, work, 0); }
`;

  it('counts the key that several places may make once', () => {
    const source = `#include <pthread.h>
static pthread_key_t key;
int run(void) {
  pthread_key_t none = 0, mine;
  if (pthread_key_create(&mine, 0) != 0) return 1;
  if (mine == 0 && pthread_key_create(&mine, 0) != 0) return 1;
  if (!__atomic_compare_exchange_n(&key, &none, mine, 0, 5, 5)) pthread_key_delete(mine);
  return 0;
}`;
    const { facts } = advise(cc('lazy', source));
    expect(facts.losers).toEqual([{ object: join(cwd, 'lazy.so'), keys: 1, ofRuntime: 0 }]);
  });

  it('is the guard for a plugin that loses keys, and the reason stands in the finding', () => {
    const { verdict, facts, findings } = advise(cc('loses', KEY));
    expect(verdict).toBe('guard');
    expect(facts.losers).toEqual([{ object: join(cwd, 'loses.so'), keys: 1, ofRuntime: 0 }]);
    expect(facts.plans.map(({ plan, cures }) => `${plan} ${cures}`)).toEqual([
      'guard all',
      'preload all',
      'keep all',
      'finalize nothing',
    ]);
    expect(findings.find(({ kind }) => kind === 'unload.thread-key')?.fix).toMatch(/^solder guard build/);
  });

  it('is to keep a plugin that leaves threads too', () => {
    const { verdict, facts } = advise(cc('threads', KEY + THREAD));
    expect(verdict).toBe('keep');
    expect(facts.others).toEqual(['unload.thread']);
    expect(facts.plans.map(({ plan, cures }) => `${plan} ${cures}`)).toEqual([
      'keep all',
      'guard some',
      'preload some',
      'finalize nothing',
    ]);
  });

  it('is the preloaded library where another library that comes along loses keys', () => {
    const other = cc('other', KEY);
    const plugin = cc(
      'brings',
      'int run(void); int go(void) { return run(); }\n',
      other,
      `-Wl,-rpath,${cwd}`,
    );
    const { verdict, facts } = advise(plugin);
    expect(verdict).toBe('preload');
    expect(facts.losers.map(({ object }) => object)).toEqual([other]);
    expect(facts.plans.find(({ plan }) => plan === 'guard')).toMatchObject({ cures: 'nothing' });
  });

  it.each([
    ['makes no keys', 'int run(void) { return 1; }\n', [], /it makes no keys/],
    ['stays anyway', KEY, ['-Wl,-z,nodelete'], /it stays loaded \(unload.pinned-nodelete\)/],
    [
      'deletes its keys',
      `${KEY}__attribute__((destructor)) static void end(void) { pthread_key_delete(key); }\n`,
      [],
      /every key that it makes is deleted/,
    ],
  ])('is to do nothing for a plugin that %s', (name, text, options, reason) => {
    const { verdict, facts } = advise(cc(name.replaceAll(' ', '-'), text, ...options));
    expect(verdict).toBe('none');
    expect(facts).toMatchObject({ recommended: null, losers: [], plans: [] });
    expect(facts.reason).toMatch(reason);
  });

  it.skipIf(!hasTools('clang', 'ld.lld'))('is the guard also where the machine code is not read', () => {
    const text =
      'int pthread_key_create(unsigned *, void (*)(void *));\nstatic unsigned key;\nint run(void) { return pthread_key_create(&key, 0); }\n';
    writeFileSync(join(cwd, 'arm.c'), text);
    const options = ['--target=armv7-linux-gnueabihf', '-fuse-ld=lld', '-nostdlib', '-shared', '-fPIC'];
    run('clang', [...options, '-o', join(cwd, 'arm.so'), join(cwd, 'arm.c')]);
    const { verdict, facts } = advise(join(cwd, 'arm.so'), '--profile', 'ohos');
    expect(verdict).toBe('guard');
    expect(facts.losers).toEqual([{ object: join(cwd, 'arm.so'), keys: null, ofRuntime: null }]);
  });

  it('is unknown for a plugin that cannot be opened', () => {
    const text = `#include <pthread.h>
static pthread_key_t key;
int missing(void);
int make(void) { return pthread_key_create(&key, 0) + missing(); }
int drop(void) { return pthread_key_delete(key); }
`;
    const plugin = cc('unopened', text, '-Wl,-z,now');
    const { verdict, facts } = advise(plugin);
    expect(verdict).toBe('unknown');
    expect(facts.recommended).toBeNull();
    expect(facts.reason).toMatch(/could not be opened/);
    expect(solder(['guard', 'advise', plugin]).stdout).toMatch(/: unknown\n/);
  });

  it('is to do nothing with musl, which never unloads', () => {
    expect(advise(cc('musl', KEY), '--profile', 'musl').facts.reason).toMatch(/musl never unloads/);
  });
});
