import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RTLD } from '../../../src/run/dl/backend.ts';
import { CallLimit, Closed, ProcessDied } from '../../../src/run/dl/errors.ts';
import { type HostBackend, type HostOptions, startHost } from '../../../src/run/native-host/start-host.ts';
import { hasTools } from '../../support/tools.ts';
import { bytes, integer } from './call-checks.ts';
import { buildLibraries, type Libraries } from './libraries.ts';

/** Processes of the host's group, and those that were started with its mark, zombies left out. */
function survivors({ pid }: HostBackend, library: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      const [state, , group] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const isOurs = Number(group) === pid || readFileSync(`/proc/${name}/maps`, 'utf8').includes(library);
      return isOurs && state !== 'Z';
    } catch {
      return false; // it has just ended
    }
  });
}

/** Signals that end a process by default (signal(7)), of the first 31. */
const FATAL = Object.entries(constants.signals).filter(
  ([name, number]) =>
    number <= 31 &&
    !/^SIG(CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|WINCH|IOT|POLL|UNUSED|CLD)$/.test(name) &&
    name !== 'SIGINFO',
);

describe.skipIf(!hasTools('cc'))('foreign code that', () => {
  let libraries: Libraries;
  beforeAll(() => {
    libraries = buildLibraries(['deadly', 'at-end']);
  });
  afterAll(() => libraries[Symbol.dispose]());

  /** Calls a function of deadly.c, ends the host, and sees to it that nothing of it is left. */
  async function run(
    name: string,
    args: readonly (number | bigint)[] = [],
    { after, ...options }: HostOptions & { after?: (host: HostBackend) => Promise<unknown> } = {},
  ): Promise<{ result?: number; error?: Error; host: HostBackend }> {
    const library = libraries.path('deadly');
    const host = await startHost({ timeLimit: 20, ...options });
    const handle = await host.open({ file: library, flags: RTLD.NOW });
    const address = await host.symbol(handle, name);
    try {
      const { value } = await host.call(address, args.map(integer), 'integer');
      await after?.(host);
      // The host answers as itself.
      const getpid = await host.symbol('default', 'getpid');
      expect((await host.call(getpid, [], 'integer')).value).toBe(BigInt(host.pid));
      return { result: Number(BigInt.asIntN(32, value as bigint)), host };
    } catch (error) {
      // Dead for good, with the same words.
      const late = await host.images().then(() => undefined, String);
      expect(late).toMatch(/ProcessDied/);
      return { error: error as Error, host };
    } finally {
      await host[Symbol.asyncDispose]();
      expect(survivors(host, library)).toEqual([]);
    }
  }

  async function death(...parameters: Parameters<typeof run>): Promise<ProcessDied> {
    const { error } = await run(...parameters);
    expect(error).toBeInstanceOf(ProcessDied);
    expect(error!.message).not.toContain('\n');
    return error as ProcessDied;
  }

  test('writes through a bad pointer', async () => {
    const { message, death: known } = await death('poke', [0x10]);
    expect(message).toMatch(
      /^SIGSEGV at address 0x10 in poke\+0x\w+ of libdeadly\.so during a call of poke$/,
    );
    expect(known).toMatchObject({
      signal: 'SIGSEGV',
      object: libraries.path('deadly'),
      symbol: 'poke',
      faultAddress: 0x10n,
    });
  });

  test('crashes in a function that it does not export', async () => {
    expect((await death('outer', [0])).message).toMatch(
      / in hidden_poke\+0x\w+ of libdeadly\.so during a call of outer$/,
    );
  });

  test('uses an address that cannot be one', async () => {
    const { message, death: known } = await death('poke', [1n << 63n]);
    expect(message).toMatch(/^SIGSEGV in poke\+/);
    expect(known.faultAddress).toBeUndefined();
  });

  test('crashes in the C library', async () => {
    const { message, death: known } = await death('copy_into', [0, 0x10]);
    expect(message).toMatch(
      /^SIGSEGV at address 0x10 in .*libc\.so\.6, called from copy_into\+0x\w+ of libdeadly\.so, during/,
    );
    expect(known.calledFrom).toMatchObject({ object: libraries.path('deadly'), symbol: 'copy_into' });
  });

  test.each([0, 0x1234])('jumps to %i', async (address) => {
    expect((await death('jump_to', [address])).message).toMatch(
      /^SIGSEGV at 0x(0|1234), where there is no code, called from jump_to\+0x\w+ of libdeadly\.so, during/,
    );
  });

  test('overflows the stack', async () => {
    const { message, death: known } = await death('recurse', [0]);
    expect(message).toMatch(/^stack overflow \(SIGSEGV\) in recurse\+0x\w+ of libdeadly\.so during/);
    expect(known.signal).toBe('SIGSEGV');
  });

  test('frees twice', async () => {
    const { message, death: known } = await death('corrupt');
    expect(message).toMatch(/^SIGABRT in .*libc\.so\.6, called from corrupt\+0x\w+ of libdeadly\.so, during/);
    expect(known.signal).toBe('SIGABRT');
  });

  test.each([
    ['leave', 3, 'exit'],
    ['leave', 0, 'exit'],
    ['leave_quickly', 5, 'quick_exit'],
  ])('calls %s(%i)', async (name, status, how) => {
    const { message, death: known } = await death(name, [status]);
    expect(message).toMatch(
      new RegExp(
        `^called ${how} with status ${status}, called from ${name}\\+0x\\w+ of libdeadly.so, during`,
      ),
    );
    expect(known).toMatchObject({ status, signal: undefined });
  });

  test('calls _exit', async () => {
    expect((await death('leave_at_once', [4])).message).toBe(
      'called _exit with status 4 during a call of leave_at_once',
    );
  });

  test.each(['loop', 'sleep_long'])('does not come back: %s', async (name) => {
    const { error } = await run(name, [], { timeLimit: 0.3 });
    expect(error).toBeInstanceOf(CallLimit);
    expect(error!.message).toBe(`a call of ${name} was still running after 0.3 s: its process was killed`);
  });

  test('takes long altogether, but not for one call', async () => {
    const host = await startHost({ timeLimit: 0.5 });
    const usleep = await host.symbol('default', 'usleep');
    const naps = Array.from({ length: 8 }, () => host.call(usleep, [integer(100_000)], 'integer'));
    expect(await Promise.all(naps)).toHaveLength(8);
    await host[Symbol.asyncDispose]();
  });

  test.each(FATAL)('raises %s', async (name, number) => {
    const { message, death: known } = await death('send_signal', [number]);
    if (name === 'SIGKILL') expect(message).toBe('ended by SIGKILL during a call of send_signal');
    else expect(message).toMatch(new RegExp(`^${name} in .*, called from send_signal\\+`));
    expect(known).toMatchObject({ signal: name, status: undefined, faultAddress: undefined });
  });

  test.each([34, 64])('raises real-time signal %i', async (number) => {
    const { message, death: known } = await death('send_signal', [number]);
    expect(message).toMatch(new RegExp(`^signal ${number} in .*, called from send_signal\\+`));
    expect(known).toMatchObject({ signal: `signal ${number}`, status: undefined });
  });

  test('blocks signals and crashes', async () => {
    expect((await death('send_blocked', [11])).message).toBe(
      'ended by SIGSEGV during a call of send_blocked',
    );
  });

  test('takes the handlers away', async () => {
    expect((await death('restore_default', [11])).message).toMatch(/^ended by SIGSEGV during/);
    expect((await death('replace_handler', [10])).message).toMatch(/^called _exit with status 50 during/);
  });

  test('closes the low file descriptors', async () => {
    expect((await run('close_low')).error).toBeUndefined();
  });

  test.each(['close_all', 'close_all_and_sleep'])('closes all file descriptors: %s', async (name) => {
    const { message } = await death(name);
    expect(message).toBe(
      `closed file descriptors that were not its own, among them those to solder, during a call of ${name}`,
    );
  });

  test.each([1, 3, 12, 64])('writes %i bytes to file descriptors of others', async (count) => {
    const { message } = await death('garble', [count]);
    expect(message).toBe(
      'wrote to a file descriptor that was not its own, the one to solder, during a call of garble',
    );
  });

  test('forks, and the child returns', async () => {
    expect((await run('fork_and_return')).result).toBe(0);
  });

  test('forks, and the child exits or crashes', async () => {
    expect((await run('fork_and_exit', [9])).result).toBe(9);
    expect((await run('fork_and_crash')).result).toBe(constants.signals.SIGSEGV);
  });

  test('forks, and the child lives on', async () => {
    expect((await run('fork_and_live')).result).toBeGreaterThan(0);
  });

  test('starts a daemon in a session of its own', async () => {
    expect((await run('fork_away')).result).toBeGreaterThan(0);
  });

  test('starts a thread that runs on', async () => {
    expect((await run('start_thread')).result).toBe(0);
  });

  test('starts a thread that crashes later', async () => {
    const after = (host: HostBackend) =>
      host.symbol('default', 'usleep').then((usleep) => host.call(usleep, [integer(900_000)], 'integer'));
    expect((await death('start_crashing_thread', [], { after })).message).toMatch(
      /^SIGSEGV at address 0x30 in poke\+0x\w+ of libdeadly\.so, in another thread, during a call of usleep$/,
    );
  });

  test('crashes while nothing is asked of it', async () => {
    expect((await death('start_crashing_thread', [], { after: () => wait(500) })).message).toMatch(
      /^SIGSEGV at address 0x30 in poke\+0x\w+ of libdeadly\.so, in another thread, while nothing was asked of it$/,
    );
  });

  test('closes itself', async () => {
    const host = await startHost();
    const handle = await host.open({ file: libraries.path('deadly'), flags: RTLD.NOW });
    const address = await host.symbol(handle, 'close_itself');
    await expect(host.call(address, [integer(handle)], 'void')).rejects.toThrow(
      /^SIGSEGV at 0x\w+, where close_itself\+0x\w+ was before its library was unloaded during a call of close_itself$/,
    );
    await host[Symbol.asyncDispose]();
  });

  test('jumps into nothing with longjmp', async () => {
    expect((await death('jump_nowhere')).message).toMatch(/^SIG\w+ .*during a call of jump_nowhere$/);
  });

  test('takes all memory that it may have', async () => {
    const { message } = await death('fill_memory', [], { memoryLimit: 64 << 20 });
    expect(message).toMatch(/^SIGABRT in .*, called from fill_memory\+/);
  });

  test('gets more than its memory holds', async () => {
    await using host = await startHost({ memoryLimit: 32 << 20 });
    const strnlen = await host.symbol('default', 'strnlen');
    const lengthOf = (size: number) =>
      host.call(strnlen, [bytes(new Uint8Array(size).fill(1)), integer(size)], 'integer');
    const outcomes = await Promise.allSettled([5, 100 << 20, 7, 3 << 20].map(lengthOf));
    expect(
      outcomes.map((each) => (each.status === 'fulfilled' ? each.value.value : each.reason.message)),
    ).toEqual([5n, 'a call of strnlen: the host process has no memory left for it', 7n, BigInt(3 << 20)]);
  });

  test('prints before it dies', async () => {
    const { host } = await run('print_and_die');
    expect(host.output()).toEqual({ stdout: 'last line without its end', stderr: 'last complaint' });
  });

  test('dies in the middle of many requests', async () => {
    const host = await startHost();
    const handle = await host.open({ file: libraries.path('deadly'), flags: RTLD.NOW });
    const poke = await host.symbol(handle, 'poke');
    const memory = await host.allocate(16);
    const outcomes = await Promise.allSettled(
      [memory, memory, 0x10n, memory].map((address) => host.call(poke, [integer(address)], 'void')),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await host[Symbol.asyncDispose]();
  });

  test('crashes in a constructor', async () => {
    const file = libraries.path('at-end');
    await using host = await startHost({ environment: { AT_BEGIN: 'crash' } });
    await expect(host.open({ file, flags: RTLD.NOW })).rejects.toThrow(
      new RegExp(`^SIGSEGV at address 0x40 in begin\\+0x\\w+ of libat-end.so during dlopen of ${file}$`),
    );
  });

  test('crashes in a destructor, of dlclose or of exit', async () => {
    const file = libraries.path('at-end');
    const crash = /^SIGSEGV at address 0x50 in end\+0x\w+ of libat-end\.so during /;
    await using closing = await startHost({ environment: { AT_END: 'crash' } });
    const handle = await closing.open({ file, flags: RTLD.NOW });
    await expect(closing.close(handle)).rejects.toThrow(crash);
    await using exiting = await startHost({ environment: { AT_END: 'crash' } });
    await exiting.open({ file, flags: RTLD.NOW });
    await expect(exiting.exit()).rejects.toThrow(crash);
    await expect(exiting.exit()).rejects.toThrow(ProcessDied);
  });

  test('kills the host before it can be asked anything', async () => {
    const environment = { LD_PRELOAD: libraries.path('at-end'), AT_BEGIN: 'crash' };
    await expect(startHost({ environment })).rejects.toThrow('ended by SIGSEGV during its start');
  });

  test('closes a library twice', async () => {
    const host = await startHost();
    const handle = await host.open({ file: libraries.path('at-end'), flags: RTLD.NOW });
    await host.close(handle);
    await expect(host.close(handle)).rejects.toThrow(/is not open|not open|SIG/);
    await host[Symbol.asyncDispose]();
    await expect(host.images()).rejects.toThrow(Closed);
  });
});
