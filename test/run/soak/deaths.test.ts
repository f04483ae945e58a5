import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseSoak, type SoakFacts } from '../../../src/analyses/soak/index.ts';
import { runSoak, type SoakPlan, SoakRefused } from '../../../src/run/soak/run-soak.ts';
import { hasTools } from '../../support/tools.ts';
import { buildPlugin, planFor } from './build.ts';
import type { SoakPlugin } from './plugins.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solder-soak-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function soaked(plugin: SoakPlugin, plan: Partial<SoakPlan> = {}) {
  return analyseSoak(await runSoak(planFor(buildPlugin(directory, plugin), { rounds: 200, ...plan })));
}

const resource = ({ resources }: SoakFacts, name: string) => resources.find((entry) => entry.name === name)!;

/** Something happens in a given round: the number of it is how many keys are lost. */
const inRound = (
  round: number,
  includes: string,
  body: string,
): string => `#include <pthread.h>\n#include <unistd.h>
${includes}
int run_plugin(int threads) { pthread_key_t k; pthread_key_create(&k, 0); if (k == ${round - 1}) { ${body} } return threads; }`;

const DEATHS: readonly (SoakPlugin & {
  stage: string;
  signal: string | null;
  reason: RegExp;
  round: number;
})[] = [
  {
    name: 'null pointer',
    source: inRound(20, '', '*(volatile int *)0 = 1;'),
    ...{ round: 20, stage: 'call', signal: 'SIGSEGV' },
    reason:
      /^SIGSEGV at address 0x0 in run_plugin\+0x[\da-f]+ of null-pointer.so during the call of run_plugin in round 20$/,
  },
  {
    name: 'abort in a destructor',
    source: `#include <stdlib.h>\n__attribute__((destructor)) static void end(void) { abort(); }\nint run_plugin(int n) { return n; }`,
    ...{ round: 1, stage: 'close', signal: 'SIGABRT' },
    reason: /called from end\+0x[\da-f]+ of abort-in-a-destructor.so, during dlclose of .* in round 1$/,
  },
  {
    name: 'kill',
    source: inRound(33, '#include <signal.h>', 'kill(getpid(), SIGKILL);'),
    ...{ round: 33, stage: 'call', signal: 'SIGKILL' },
    reason: /^ended by SIGKILL during the call of run_plugin in round 33$/,
  },
  {
    name: 'exit',
    source: inRound(7, '#include <stdlib.h>', 'exit(3);'),
    ...{ round: 7, stage: 'call', signal: null },
    reason: /^called exit with status 3, called from run_plugin/,
  },
  {
    name: 'exit without a word',
    source: inRound(9, '', '_exit(4);'),
    ...{ round: 9, stage: 'call', signal: null },
    reason: /^called _exit with status 4 during the call of run_plugin in round 9$/,
  },
  {
    name: 'no more descriptors for anybody',
    source: inRound(11, '', 'for (int fd = 3; fd < 5000; fd++) close(fd);'),
    ...{ round: 11, stage: 'measure', signal: null },
    reason: /./,
  },
];

describe.runIf(hasTools('gcc'))('the end of a plugin is a result', () => {
  for (const { round, stage, signal, reason, ...plugin } of DEATHS.slice(0, -1)) {
    it(plugin.name, async () => {
      const { facts, verdict, findings } = await soaked(plugin);
      expect(verdict).toBe('died');
      expect(facts.death).toMatchObject({ round, stage, signal, reason: expect.stringMatching(reason) });
      expect(facts.rounds.done).toBe(round - 1);
      expect(facts.series.keys).toHaveLength(round);
      expect(findings.map(({ kind }) => kind)).toContain('soak.died');
    });
  }

  it('a plugin that closes what is not its own does not take the records along', async () => {
    const { facts, verdict } = await soaked(DEATHS.at(-1)!);
    expect(verdict).toBe('died');
    expect(facts.rounds.done).toBeGreaterThanOrEqual(10);
    expect(facts.death!.reason).toMatch(/closed file descriptors that were not its own/);
  });

  it('a thread that outlives its code', async () => {
    const source = `#include <pthread.h>
static void *spin(void *p) { for (;;) __asm__ volatile("nop"); return p; }
int run_plugin(int n) { pthread_t t; return pthread_create(&t, 0, spin, 0) ? -1 : n; }`;
    const { facts } = await soaked({ name: 'spin', source }, { attribute: true });
    expect(facts.death).toMatchObject({ signal: 'SIGSEGV' });
    expect(facts.rounds.done).toBe(facts.death!.round - 1);
    expect(facts.death!.reason).not.toMatch(/recorder/);
  });

  it('a handler of on_exit(3) that is called when its code is gone', async () => {
    const source = `#include <stdlib.h>\nstatic void end(int s, void *p) { (void)s; (void)p; }
int run_plugin(int n) { on_exit(end, 0); return n; }`;
    const { facts, verdict } = await soaked({ name: 'on-exit', source }, { rounds: 300 });
    expect(verdict).toBe('died');
    expect(facts.death).toMatchObject({ round: 300, stage: 'exit', signal: 'SIGSEGV' });
    expect(facts.rounds.done).toBe(300);
    // Every 32nd handler needs another block.
    expect(resource(facts, 'heap').leaks).toBe(true);
  });

  it('a process that ends after the rounds, while it is only looked at', async () => {
    // One look before the rounds, one measurement before them and one after each of ten.
    const source = `#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <link.h>\n#include <signal.h>\n#include <unistd.h>
int dl_iterate_phdr(int (*each)(struct dl_phdr_info *, size_t, void *), void *data) {
  static int looks; int (*next)() = dlsym(RTLD_NEXT, "dl_iterate_phdr");
  if (++looks == 13) kill(getpid(), SIGKILL); return next(each, data); }
int run_plugin(int n) { return n; }`;
    const plugin = { name: 'looked at', source };
    const environment = { ...process.env, LD_PRELOAD: buildPlugin(directory, plugin) };
    const { facts, verdict } = await soaked(plugin, { rounds: 10, host: { environment } });
    expect(verdict).toBe('died');
    expect(facts.death).toMatchObject({ round: 10, stage: 'exit', signal: 'SIGKILL' });
    expect(facts.rounds.done).toBe(10);
  });

  it('a call that does not come back', async () => {
    const plugin = { name: 'hang', source: inRound(5, '', 'for (;;) pause();') };
    const { facts } = await soaked(plugin, { timeLimit: 1 });
    expect(facts.death).toMatchObject({ round: 5, stage: 'call', signal: 'SIGKILL' });
    expect(facts.death!.reason).toBe('the call of run_plugin in round 5 was still running after 1 s');
    expect(facts.rounds.done).toBe(4);
  });

  it('descriptors that are used up: dlopen says so, in the round that was foretold', async () => {
    const source = `#include <unistd.h>\n#include <sys/resource.h>
int run_plugin(int n) { struct rlimit l; getrlimit(RLIMIT_NOFILE, &l); for (long i = 0; i < (long)l.rlim_cur / 50; i++) dup(0); return n; }`;
    const { facts } = await soaked({ name: 'descriptors', source });
    expect(facts.death).toMatchObject({ stage: 'open', signal: null });
    expect(facts.death!.reason).toMatch(/Too many open files/);
    expect(resource(facts, 'fds').leaks).toBe(true);
    expect(Math.abs(facts.death!.round - resource(facts, 'fds').exhaustedAtRound.glibc!)).toBeLessThanOrEqual(
      1,
    );
  });

  it('what is refused in the first round is no result', async () => {
    const plugin = { name: 'no-entry', source: 'int other(int n) { return n; }' };
    await expect(soaked(plugin)).rejects.toThrow(SoakRefused);
    await expect(soaked(plugin)).rejects.toThrow(/undefined symbol: run_plugin/);
    await expect(runSoak(planFor('/nowhere.so'))).rejects.toThrow(/cannot open shared object file/);
  });

  it.skipIf(!hasTools('clang', 'ld.lld'))('a library for another machine is refused for that', async () => {
    const source = join(directory, 'foreign.c');
    writeFileSync(source, 'int run_plugin(int n) { return n; }');
    const machine = process.arch === 'arm64' ? 'x86_64' : 'aarch64';
    const options = ['-shared', '-fPIC', '-nostdlib', '-fuse-ld=lld', '-o', join(directory, 'foreign.so')];
    execFileSync('clang', [`--target=${machine}-linux-gnu`, ...options, source]);
    const refused = runSoak(planFor(join(directory, 'foreign.so')));
    await expect(refused).rejects.toThrow(new RegExp(`it is for ${machine}, 64-bit; this machine is`, 'i'));
  });
});

/** Eight keys each round, and an exception when there is none left. */
const THROWING = `#include <pthread.h>
#include <system_error>
extern "C" int run_plugin(int n) {
  for (int i = 0; i < 2 * n; i++) { pthread_key_t k; if (int e = pthread_key_create(&k, nullptr)) throw std::system_error(e, std::generic_category(), "no key"); }
  return 0;
}`;

describe.runIf(hasTools('g++'))('keys that are used up', () => {
  it('with a static libstdc++, in the round that was foretold', async () => {
    const flags = ['-static-libstdc++', '-static-libgcc'];
    const { facts, findings } = await soaked({ name: 'throwing', source: THROWING, language: 'c++', flags });
    const keys = resource(facts, 'keys');
    expect(keys).toMatchObject({ leaks: true, growthPerRound: 8 });
    expect(facts.death).toMatchObject({ stage: 'call', signal: 'SIGABRT' });
    expect(facts.death!.said).toMatch(/no key: Resource temporarily unavailable/);
    expect(facts.death!.round).toBe(keys.exhaustedAtRound.glibc);
    const evidence = findings.find(({ kind }) => kind === 'soak.died')!.evidence.map(({ text }) => text);
    expect(evidence.some((text) => text.startsWith('no keys were left'))).toBe(true);
  });
});

const LIBCXX = ['/usr/lib/llvm-14/lib/libc++.a', '/usr/lib/x86_64-linux-gnu/libc++.a'].some(existsSync);

describe.runIf(hasTools('clang++') && LIBCXX)('with a static libc++ of LLVM', () => {
  const plugin: SoakPlugin = {
    name: 'libcxx',
    language: 'c++',
    compiler: 'clang',
    flags: [
      ...['-stdlib=libc++', '-nostdlib++', '-Wl,-Bstatic', '-lc++', '-lc++abi', '-Wl,-Bdynamic', '-lgcc_s'],
    ],
    source: `#include <thread>
extern "C" int run_plugin(int n) { for (int i = 0; i < n; i++) std::thread([] {}).join(); return 0; }`,
  };

  it('std::thread loses a key each round, and ends the process when there is none', {
    timeout: 60_000,
  }, async () => {
    const libcxx = { ...plugin, flags: [...plugin.flags!] };
    const path = buildPlugin(directory, { ...libcxx, compiler: 'clang' });
    const { facts } = analyseSoak(await runSoak(planFor(path, { rounds: 1200, attribute: true })));
    const keys = resource(facts, 'keys');
    expect(keys.leaks).toBe(true);
    expect(keys.growthPerRound).toBeGreaterThanOrEqual(1);
    expect(keys.creators![0]).toMatchObject({ object: path });
    expect(facts.death).not.toBeNull();
    expect(Math.abs(facts.death!.round - keys.exhaustedAtRound.glibc!)).toBeLessThanOrEqual(1);
  });
});
