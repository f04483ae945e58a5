import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { alarms, buildPlugin, kindsOf, predict } from './build.ts';
import { PLUGINS } from './plugins.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-libcs-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const KEY = PLUGINS.find(({ name }) => name === 'key without deletion, at load')!;
const CLEAN = PLUGINS.find(({ name }) => name === 'key deleted in a destructor')!;

describe.skipIf(!hasTools('musl-gcc'))('musl', () => {
  it('unloads nothing, and loses no key by that', () => {
    const library = buildPlugin(directory, 'musl', KEY, 'musl-gcc');
    const { verdict, facts } = predict(library, { libc: 'musl' });
    expect(verdict).toBe('pinned');
    expect(facts.keysPerRound).toEqual({ min: 0, max: 0 });
    expect(facts.exhaustedAtRound).toEqual({ glibc: 1025, musl: null, bionic: 129, ohos: 129 });
    const source = join(directory, 'host.c');
    writeFileSync(
      source,
      `#include <dlfcn.h>
#include <pthread.h>
int main(int argc, char **argv) {
  pthread_key_t key;
  for (int round = 0; round < 300; round++) dlclose(dlopen(argv[argc - 1], RTLD_NOW));
  return pthread_key_create(&key, 0) != 0 || !dlopen(argv[argc - 1], RTLD_NOW | RTLD_NOLOAD);
}
`,
    );
    const host = join(directory, 'host');
    expect(spawnSync('musl-gcc', ['-o', host, source]).status).toBe(0);
    expect(spawnSync(host, [library]).status).toBe(0);
  });

  it('is told by the file', () => {
    const library = buildPlugin(directory, 'told', CLEAN, 'musl-gcc');
    expect(predict(library).facts).toMatchObject({ libc: 'musl', libcFrom: 'assumed', unloads: false });
  });
});

/** A note as the start files of a system leave it, in a section that the link editor makes a segment of. */
const note = (owner: string) =>
  `__asm__(".pushsection .note.ident,\\"a\\",%note\\n.4byte ${owner.length + 1}, 4, 1\\n.asciz \\"${owner}\\"\\n.balign 4\\n.4byte 21\\n.popsection");`;

const DECLARATIONS = `typedef unsigned key_t_; int pthread_key_create(key_t_ *, void (*)(void *)); int pthread_key_delete(key_t_);
static key_t_ key;`;

const systems = [
  { libc: 'bionic', triple: 'aarch64-linux-android21', owner: 'Android' },
  { libc: 'ohos', triple: 'aarch64-linux-ohos', owner: 'OHOS' },
] as const;

describe.skipIf(!hasTools('clang', 'ld.lld'))('libraries of other systems', () => {
  const build = (name: string, triple: string, source: string, ...options: string[]): string => {
    const path = join(directory, `${name}.so`);
    const file = join(directory, `${name}.${options.includes('c++') ? 'cpp' : 'c'}`);
    writeFileSync(file, source);
    const target = triple.includes('ohos') ? 'aarch64-linux-musl' : triple;
    const args = [
      `--target=${target}`,
      '-fuse-ld=lld',
      '-shared',
      '-fPIC',
      '-O2',
      '-nostdlib',
      '-o',
      path,
      file,
    ];
    const { status, stderr } = spawnSync(
      'clang',
      [...args, ...options.filter((option) => option !== 'c++')],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr.replaceAll(/.*warning.*\n/g, '')]).toEqual([0, expect.any(String)]);
    return path;
  };

  it.each(systems)('$libc: a key is lost each round', ({ libc, triple, owner }) => {
    const source = `${note(owner)}\n${DECLARATIONS}
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
`;
    const analysis = predict(build(`${libc}-key`, triple, source));
    expect(analysis.facts).toMatchObject({
      libc,
      libcFrom: 'stated',
      unloads: true,
      keysPerRound: { min: 1, max: 1 },
      exhaustedAtRound: { [libc]: 129, musl: null },
    });
    expect(analysis.findings.find(({ kind }) => kind === 'unload.thread-key')?.severity).toBe('error');
  });

  it.each(systems)('$libc: a key is deleted', ({ libc, triple, owner }) => {
    const source = `${note(owner)}\n${DECLARATIONS}
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
__attribute__((destructor)) static void end(void) { pthread_key_delete(key); }
`;
    const analysis = predict(build(`${libc}-clean`, triple, source, '-Wl,--strip-all'));
    expect([analysis.verdict, alarms(analysis)]).toEqual(['unloads', []]);
    expect(analysis.facts.keysPerRound).toEqual({ min: 0, max: 0 });
  });

  it('a unique symbol keeps nothing on Android, and -z nodelete does', () => {
    const source = `${note('Android')}\n__asm__(".globl once\\n.type once,%gnu_unique_object\\n.size once,4\\n.data\\nonce: .4byte 1\\n.text"); extern int once; int *run(void) { return &once; }\n`;
    expect(predict(build('unique', 'aarch64-linux-android21', source)).verdict).toBe('unloads');
    const kept = predict(build('kept', 'aarch64-linux-android21', source, '-Wl,-z,nodelete'));
    expect([kept.verdict, kindsOf(kept)]).toEqual(['pinned', ['unload.pinned-nodelete']]);
  });

  it('a machine whose code is not read is judged by its imports', () => {
    const source = `${note('Android')}\n${DECLARATIONS}\nvoid run(void) { pthread_key_create(&key, 0); }\n`;
    const analysis = predict(build('arm', 'armv7a-linux-androideabi21', source));
    expect(analysis.diagnostics.map(({ message }) => message).join('\n')).toContain('is not read');
    expect(analysis.facts.hazards).toMatchObject([
      { kind: 'unload.thread-key', when: 'unread', severity: 'warning' },
    ]);
    expect(analysis.facts.keysPerRound).toEqual({ min: 0, max: 1 });
  });
});

describe.skipIf(!hasTools('aarch64-linux-gnu-gcc', 'gcc'))('AArch64', () => {
  it('is judged as x86-64 is', () => {
    for (const [index, plugin] of PLUGINS.entries()) {
      if (plugin.language === 'c++' || plugin.compilers?.includes('gcc') === false) continue;
      for (const level of ['-O0', '-O2']) {
        const here = predict(buildPlugin(directory, `here${index}`, plugin, 'gcc', level), {
          libc: 'bionic',
        });
        const library = buildPlugin(directory, `there${index}`, plugin, 'aarch64-linux-gnu-gcc', level);
        const there = predict(library, { libc: 'bionic' });
        expect([plugin.name, level, kindsOf(there)]).toEqual([plugin.name, level, kindsOf(here)]);
        expect([plugin.name, there.facts.keysPerRound]).toEqual([plugin.name, here.facts.keysPerRound]);
      }
    }
  });
});
