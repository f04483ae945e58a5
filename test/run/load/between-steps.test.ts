import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadFacts, Report } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { Farm } from './fixtures.ts';

/**
 * Ends the process while the host only looks at its link maps: its dlinfo(3) stands before the C library's, and
 * strikes once it is armed.
 */
const STRIKES = `#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
static volatile int how;
__attribute__((noinline)) static void strike(void) {
  if (how == 1) *(volatile int *)8 = 1;
  if (how == 2) exit(7);
  kill(getpid(), SIGKILL);
}
static void *thread(void *nothing) { strike(); return nothing; }
int dlinfo(void *handle, int request, void *answer) {
  int (*next)(void *, int, void *) = dlsym(RTLD_NEXT, "dlinfo");
  if (how >= 10) { how -= 10; pthread_t other; pthread_create(&other, 0, thread, 0); for (;;) pause(); }
  if (how != 0) strike();
  return next(handle, request, answer);
}
int arm(int number) { how = number; return 5; }`;

describe.skipIf(!hasTools('cc'))('a process that dies between two steps', () => {
  let farm: Farm;
  beforeAll(() => {
    farm = new Farm().library('libstrikes.so', STRIKES, '-pthread', '-D_GNU_SOURCE');
  });
  afterAll(() => farm[Symbol.dispose]());

  const BETWEEN = String.raw`after 'symbol arm:int\(int\) \d+' and before 'close libstrikes\.so'$`;

  it.each([
    ['1', 'SIGSEGV at address 0x8 in strike\\+0x\\w+ of libstrikes\\.so ', 'own', /No step was at work/],
    ['11', 'SIGSEGV at address 0x8 in .*, in another thread, ', 'other', /thread that foreign code started/],
    ['2', 'called exit with status 7, called from .* of libstrikes\\.so, ', 'own', /No step was at work/],
    ['12', 'called exit with status 7, called from .*, in another thread, ', 'other', /thread that foreign/],
    ['3', 'ended by SIGKILL ', undefined, /memory was short/],
  ])('says so, and keeps what the step did: %s', (number, how, thread, fix) => {
    const { facts, findings } = farm.report(['./libstrikes.so', 'arm:int(int)', number], {
      LD_PRELOAD: './libstrikes.so',
    });
    const message = expect.stringMatching(new RegExp(`^${how}${BETWEEN}`));
    const { observed, value, death } = facts.steps[1]!;
    expect(observed).toMatchObject({ result: 'died', message });
    expect(value).toBe('5');
    expect([death!.moment, death!.thread]).toEqual(['after', thread]);
    expect(findings).toMatchObject([{ kind: 'run.died', message }]);
    expect(findings[0]!.fix).toMatch(fix);
    expect(facts.steps[2]!.observed).toMatchObject({ result: 'skipped' });
  });

  it('says of a call that takes too long what helps', () => {
    farm.library('libloops.so', 'void loop(void) { for (;;) __asm__ volatile(""); }');
    const args = ['./libloops.so', 'loop:void(void)', '--time-limit', '1', '--format', 'json'];
    const { facts, findings } = JSON.parse(farm.load(args).stdout) as Report<LoadFacts>;
    expect(facts.steps[1]!.death).toEqual({ isLate: true, moment: 'during' });
    expect(findings[0]!.fix).toMatch(/--time-limit/);
  });

  it('says of a thread that strikes during another call that it was another one', () => {
    const source = `#include <pthread.h>
#include <unistd.h>
static void *thread(void *nothing) { *(volatile int *)8 = 1; return nothing; }
void begin(void) { pthread_t other; pthread_create(&other, 0, thread, 0); for (;;) pause(); }`;
    farm.library('libbegins.so', source, '-pthread');
    const { stdout } = farm.load(['./libbegins.so', 'begin:void(void)', '--format', 'json']);
    const { death, observed } = (JSON.parse(stdout) as Report<LoadFacts>).facts.steps[1]!;
    expect(death).toEqual({ signal: 'SIGSEGV', isLate: false, thread: 'other', moment: 'during' });
    expect(observed!.message).toMatch(/ of libbegins\.so, in another thread, during a call of begin$/);
  });
});
