import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseSoak, type ResourceName } from '../../../src/analyses/soak/index.ts';
import { runSoak } from '../../../src/run/soak/run-soak.ts';
import { hasTools } from '../../support/tools.ts';
import { buildPlugin, planFor } from './build.ts';
import { CLEAN, inRounds, type SoakPlugin } from './plugins.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solder-soak-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const soaked = async (plugin: SoakPlugin, rounds: number, attribute = false) =>
  analyseSoak(await runSoak(planFor(buildPlugin(directory, plugin), { rounds, attribute })));

const KEY = 'pthread_key_t key; pthread_key_create(&key, 0);';
const BLOCK = 'char *p = malloc(3000); *(volatile char *)p = 1;';

describe.skipIf(!hasTools('gcc'))('a loss', () => {
  it.each<[string, string, string, string, ResourceName, number, number]>([
    ['once in a hundred rounds', 'round % 100 == 0', 'pthread', KEY, 'keys', 0.01, 1],
    ['from round 401 on', 'round > 400', 'pthread', KEY, 'keys', 1, 401],
    ['from round 501 on', 'round > 500', 'pthread', KEY, 'keys', 1, 501],
    ['of memory once in a hundred rounds', 'round % 100 == 0', '', BLOCK, 'heap', 30.08, 1],
    ['of 300 keys a round', '1', 'pthread', `for (int n = 0; n < 300; n++) { ${KEY} }`, 'keys', 300, 1],
    ['of 600 keys a round', '1', 'pthread', `for (int n = 0; n < 600; n++) { ${KEY} }`, 'keys', 600, 1],
  ])(
    '%s is told with its growth and its beginning',
    async (name, when, includes, body, resource, growth, since) => {
      const { facts, verdict } = await soaked(inRounds(name, when, includes, body), 600);
      expect(verdict).toBe('leak');
      const lost = facts.resources.find(({ name }) => name === resource)!;
      expect(lost).toMatchObject({ leaks: true, since });
      expect(lost.growthPerRound).toBeCloseTo(growth, 1);
      if (resource !== 'keys') return;
      expect(lost.exhaustedAtRound.glibc).toBe(Math.floor(1024 / growth) + 1);
    },
  );

  it.each([
    ['a cache that fills', 'round <= 120', 'pthread', KEY],
    ['a pool that doubles', '(round & (round - 1)) == 0', 'pthread', KEY],
    [
      'descriptors that are given back in bulk',
      '1',
      'fcntl unistd',
      'open("/dev/null", O_RDONLY); if (round % 50 == 0) for (int fd = 15; fd < 80; fd++) close(fd);',
    ],
  ])('is not what %s takes', async (name, when, includes, body) => {
    const { findings } = await soaked(inRounds(name, when, includes, body), 349);
    expect(findings.map(({ message }) => message)).toEqual([]);
  });

  it.each([6, 7, 8, 10, 12])('is not what malloc keeps for itself in %i rounds', async (rounds) => {
    const { findings } = await soaked(CLEAN[1]!, rounds);
    expect(findings.map(({ message }) => message)).toEqual([]);
  });
});

describe.skipIf(!hasTools('gcc'))('what a finding says', () => {
  const textsOf = async (plugin: SoakPlugin, rounds: number) => {
    const { findings } = await soaked(plugin, rounds, true);
    return findings.flatMap(({ message, evidence }) => [message, ...evidence.map(({ text }) => text)]);
  };

  it('of a signal: what is done with it now', async () => {
    const source = '#include <signal.h>\nint run_plugin(int n) { signal(SIGPIPE, SIG_IGN); return n; }';
    const texts = await textsOf({ name: 'ignores', source }, 20);
    expect(texts[0]).toBe('ignores.so: leaves SIGPIPE ignored');
    expect(texts[1]).toMatch(/since round 1$/);
  });

  it('of a signal that is set back to its default: that nothing is left, and the host has lost its handler', async () => {
    const source = `#include <signal.h>
static void handle(int number) { (void)number; }
int run_plugin(int n) { signal(SIGUSR1, SIG_DFL); signal(SIGUSR2, handle); signal(SIGTERM, SIG_DFL); return n; }`;
    const { facts, findings } = await soaked({ name: 'resets', source }, 20, true);
    expect(facts.resources.find(({ name }) => name === 'signals')).toMatchObject({ first: 0, last: 1 });
    const texts = findings.map(({ kind, message, evidence }) => [kind, message, evidence.at(-1)!.text]);
    expect(texts).toEqual([
      [
        'soak.signal-handler',
        'resets.so: leaves SIGUSR2 with a handler of its own',
        expect.stringMatching(/^1 made by run_plugin at resets\.c:3$/),
      ],
      [
        'soak.signal-changed',
        'resets.so: leaves SIGUSR1, SIGTERM with the default action, whatever the host had set',
        expect.stringMatching(/^1 made by run_plugin at resets\.c:3$/),
      ],
    ]);
  });

  it('of a handler in a library that stays: that it is none of a library that is gone', async () => {
    const source = `#include <signal.h>
static void handle(int number) { (void)number; }
int run_plugin(int n) { signal(SIGUSR2, handle); return n; }`;
    const plugin = { name: 'stays', source, flags: ['-Wl,-z,nodelete'] };
    const { verdict, findings } = await soaked(plugin, 20);
    expect([verdict, ...findings.map(({ message }) => message)]).toEqual([
      'clean',
      'stays.so: leaves SIGUSR2 with a handler of a library that stays, whatever the host had set',
      expect.stringMatching(/^stays\.so: stays in the process/),
    ]);
  });

  it('of nothing but resets: no leak', async () => {
    const source = '#include <signal.h>\nint run_plugin(int n) { signal(SIGUSR1, SIG_DFL); return n; }';
    const { verdict, findings } = await soaked({ name: 'only resets', source }, 20);
    expect([verdict, ...findings.map(({ kind }) => kind)]).toEqual(['clean', 'soak.signal-changed']);
  });

  it('of things that nobody saw made: just that, and no other maker', async () => {
    const source = `#include <sys/syscall.h>\n#include <unistd.h>
int run_plugin(int n) { syscall(SYS_memfd_create, "x", 0); return n; }`;
    const texts = await textsOf({ name: 'past the functions', source }, 60);
    expect(texts.filter((text) => / made /.test(text))).toEqual([
      'who made them was not seen: that went past the functions that are recorded',
    ]);
  });

  it('of more blocks than there is room for: that there are more', async () => {
    const source = `#include <stdlib.h>
int run_plugin(int n) { for (n = 0; n < 3000; n++) *(volatile char *)malloc(24) = 1; return 0; }`;
    const texts = await textsOf({ name: 'many blocks', source }, 120);
    expect(texts.join('\n')).toMatch(/there are more than that: \d{5} things were made/);
  });
});
