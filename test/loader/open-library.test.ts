import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bindingFacts } from '../../src/analyses/bind-facts.ts';
import { tracedProcess } from '../../src/analyses/labs/traced-process.ts';
import { loadContext } from '../../src/host/index.ts';
import { Binder, loadProcess, type OpenRequest } from '../../src/loader/index.ts';
import { Farm, noOracle } from './farm.ts';

/** `host MODES:FILE...`, where MODES has a d for RTLD_DEEPBIND and a g for RTLD_GLOBAL. */
const HOST = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
HOSTS_OWN
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char *file = strchr(argv[i], ':');
    *file++ = 0;
    int mode = (strchr(argv[i], 'd') ? RTLD_DEEPBIND : 0) | (strchr(argv[i], 'g') ? RTLD_GLOBAL : 0);
    if (dlopen(file, RTLD_NOW | mode) == NULL) puts(dlerror());
  }
}`;

const defines = (...names: string[]) => names.map((name) => `int ${name}(void) { return 1; }`).join(' ');
const uses = (...names: string[]) =>
  names.map((name) => `int ${name}(void); int use_${name}(void) { return ${name}(); }`).join(' ');

const RPATH = ['-rpath', '$ORIGIN'];

/** A host with a function of its own and a library of its own. */
function makeHost(farm: Farm): string {
  farm.library('libhost.so', defines('f', 'g'));
  farm.write('host.c', HOST.replace('HOSTS_OWN', defines('own')));
  farm.run(
    'gcc',
    '-rdynamic',
    '-o',
    'host',
    'host.c',
    '-Wl,--no-as-needed',
    'libhost.so',
    '-ldl',
    '-Wl,-rpath,$ORIGIN',
  );
  return farm.path('host');
}

const lineOf = (from: string, symbol: string, to: string | null, kind: string) =>
  `${from} ${symbol} ${to} ${kind}`;

/** Opens the libraries in the real process and in the simulated one, and compares. */
function compare(farm: Farm, requests: readonly OpenRequest[]) {
  const host = makeHost(farm);
  const wanted = requests.map((request) => ({ ...request, name: farm.path(request.name) }));
  const context = loadContext({});
  const target = context.openTarget(host);
  if (target.kind !== 'dynamic') throw new Error('no program');
  const process = loadProcess(context, target.object, host, wanted);
  const { version } = context.settingsFor(target.object);
  const predicted = new Set<string>();
  new Binder().bind(
    process,
    version,
    () => {},
    (binding) => {
      const { from, symbol, to, kind } = bindingFacts(binding);
      if (to !== null) predicted.add(lineOf(from, symbol, to, kind));
    },
  );
  const added = process.opened.flatMap((opened) => (opened.kind === 'opened' ? opened.added : []));
  const refusals = process.opened.flatMap((opened) => (opened.kind === 'refused' ? [opened.message] : []));

  const trace = farm.path('trace');
  const args = wanted.map(
    ({ name, deepBind, global }) => `${deepBind ? 'd' : ''}${global ? 'g' : ''}:${name}`,
  );
  const { stdout, pid, status } = spawnSync(host, args, {
    encoding: 'utf8',
    env: { LD_DEBUG: 'bindings', LD_DEBUG_OUTPUT: trace },
  });
  expect(status).toBe(0);
  const paths = new Set(added.map(({ path }) => path));
  const traced = tracedProcess(readFileSync(`${trace}.${pid}`, 'utf8')).bindings;
  const real = traced.filter(({ from }) => paths.has(from));
  expect([...predicted].sort()).toEqual(
    [...new Set(real.map(({ from, symbol, to, kind }) => lineOf(from, symbol, to, kind)))].sort(),
  );
  expect(stdout).toBe(refusals.map((message) => `${message}\n`).join(''));
  return {
    refusals,
    added: added.map(({ name }) => name.replace(`${farm.directory}/`, '')),
    to: (symbol: string) =>
      [...predicted]
        .filter((line) => line.includes(` ${symbol} `))
        .map((line) => line.split(' ')[2]!.split('/').at(-1)),
  };
}

describe.skipIf(noOracle)('dlopen, beside the real one', () => {
  it('looks in the global scope and then in its own, with RTLD_DEEPBIND the other way round', () => {
    using farm = new Farm();
    farm.library('libneed.so', defines('g', 'h'));
    farm.library(
      'libplugin.so',
      `${defines('f', 'own')} ${uses('f', 'g', 'h', 'own')}`,
      'libneed.so',
      ...RPATH,
    );
    const plain = compare(farm, [{ name: 'libplugin.so' }]);
    expect(['f', 'g', 'h', 'own'].map((name) => plain.to(name))).toEqual([
      ['libhost.so'],
      ['libhost.so'],
      ['libneed.so'],
      ['host'],
    ]);
    expect(plain.added).toEqual(['libplugin.so', 'libneed.so']);
    const deep = compare(farm, [{ name: 'libplugin.so', deepBind: true }]);
    expect(['f', 'g', 'h', 'own'].map((name) => deep.to(name))).toEqual([
      ['libplugin.so'],
      ['libneed.so'],
      ['libneed.so'],
      ['libplugin.so'],
    ]);
  });

  it('finds what an earlier library has only when that was opened with RTLD_GLOBAL', () => {
    using farm = new Farm();
    farm.library('libfirst.so', defines('h'));
    const flags = ['--unresolved-symbols=ignore-all'];
    farm.library('libsecond.so', `${defines('k')} __attribute__((weak)) ${uses('h')}`, ...flags);
    const names = ['libfirst.so', 'libsecond.so'] as const;
    expect(compare(farm, [{ name: names[0], global: true }, { name: names[1] }]).to('h')).toEqual([
      'libfirst.so',
    ]);
    expect(compare(farm, [{ name: names[0] }, { name: names[1] }]).to('h')).toEqual([]);
  });

  it('adds nothing that is there already', () => {
    using farm = new Farm();
    makeHost(farm);
    farm.library('libneed.so', defines('h'));
    farm.library(
      'libone.so',
      uses('h'),
      'libneed.so',
      'libhost.so',
      ...RPATH,
      '--unresolved-symbols=ignore-all',
    );
    farm.library('libtwo.so', uses('h', 'f'), 'libneed.so', ...RPATH, '--unresolved-symbols=ignore-all');
    const { added } = compare(farm, [{ name: 'libone.so' }, { name: 'libtwo.so' }, { name: 'libone.so' }]);
    expect(added).toEqual(['libone.so', 'libneed.so', 'libtwo.so']);
  });

  it('asks a symbolic library for its own definitions first', () => {
    using farm = new Farm();
    farm.library('libplugin.so', `${defines('f')} ${uses('f')}`);
    farm.setSymbolic('libplugin.so');
    expect(compare(farm, [{ name: 'libplugin.so' }]).to('f')).toEqual(['libplugin.so']);
  });

  it('keeps to the first definition of a unique symbol, even with RTLD_DEEPBIND', () => {
    using farm = new Farm();
    const unique =
      '__asm__(".globl u\\n.type u, @gnu_unique_object\\n.data\\nu: .long 1\\n.size u, 4\\n.text"); extern int u; int *at(void) { return &u; }';
    farm.library('libone.so', unique);
    farm.library('libtwo.so', unique);
    const { to } = compare(farm, [{ name: 'libone.so' }, { name: 'libtwo.so', deepBind: true }]);
    expect(to('u')).toEqual(['libone.so', 'libone.so']);
  });

  it('refuses in the words of dlerror, and takes back what it had mapped', () => {
    using farm = new Farm();
    farm.library('libgone.so', defines('h'));
    farm.library('libneed.so', defines('k'));
    farm.library('libplugin.so', uses('k', 'h'), 'libneed.so', 'libgone.so', ...RPATH);
    farm.library('libother.so', uses('k'), 'libneed.so', ...RPATH);
    farm.write('libtext.so', 'not a library');
    farm.remove('libgone.so');
    const names = ['libplugin.so', 'libnowhere.so', 'libtext.so', 'libother.so'];
    const { refusals, added } = compare(
      farm,
      names.map((name) => ({ name })),
    );
    expect(refusals).toHaveLength(3);
    expect(refusals[0]).toBe('libgone.so: cannot open shared object file: No such file or directory');
    expect(added).toEqual(['libother.so', 'libneed.so']);
  });
});
