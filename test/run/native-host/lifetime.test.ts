import { type IOType, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HostUnavailable } from '../../../src/run/native-host/host-program.ts';
import { startHost } from '../../../src/run/native-host/start-host.ts';
import { isRunning } from '../../labs/is-running.ts';
import { hasTools } from '../../support/tools.ts';
import { integer } from './call-checks.ts';

const START_HOST = new URL('../../../src/run/native-host/start-host.ts', import.meta.url).href;

/** Runs a script that has started `host` and printed its pid; the script's own status, or the signal. */
async function parent(script: string, onStart: (pid: number) => void = () => {}) {
  const text = `
    import { startHost } from '${START_HOST}';
    const host = await startHost();
    const call = async (name, ...values) =>
      host.call(await host.symbol('default', name), values.map((value) => ({ kind: 'integer', value })), 'integer');
    console.log(host.pid);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  onStart(child.pid!);
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { host: Number(line.toString()), ending: signal ?? status };
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50 && isRunning(pid); tries++) await wait(20);
  return !isRunning(pid);
}

describe.skipIf(!hasTools('cc'))('a host ends with the process that started it', () => {
  test.each([
    ['which has nothing more to do', '', 0],
    ['which calls process.exit', "void call('pause'); setTimeout(() => process.exit(5), 50);", 5],
    [
      'which fails',
      "void call('pause'); process.on('uncaughtException', () => process.exit(6)); setTimeout(() => { throw new Error(); }, 50);",
      6,
    ],
  ])('%s', async (_, script, status) => {
    const { host, ending } = await parent(script);
    expect(ending).toBe(status);
    expect(await isGone(host)).toBe(true);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('which is ended by %s', async (signal) => {
    const { host, ending } = await parent("await call('pause');", (pid) => process.kill(pid, signal));
    expect(ending).toBe(signal);
    expect(await isGone(host)).toBe(true);
  });
});

test.skipIf(!hasTools('cc'))('a host leaves the descriptors that it inherits to others', () => {
  // Node marks the lowest ones itself, so that no program that it starts has them.
  const INHERITED = 40;
  const script = `
    import { readdirSync } from 'node:fs';
    import { startHost } from '${START_HOST}';
    const host = await startHost();
    const descriptors = (pid) => readdirSync('/proc/' + pid + '/fd').map(Number);
    console.log(JSON.stringify([descriptors(process.pid), descriptors(host.pid)]));
    host.kill();`;
  const stdio = Array.from({ length: INHERITED + 1 }, (): IOType => 'ignore');
  stdio[1] = 'pipe';
  stdio[INHERITED] = 'pipe';
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio });
  const [own, inHost] = JSON.parse(stdout.toString()) as [number[], number[]];
  expect(own).toContain(INHERITED);
  expect(inHost.filter((fd) => fd < 1024 - 16)).toEqual([0, 1, 2]);
});

test('a host that is no program', async () => {
  await expect(startHost({ command: ['/no/such/host'] })).rejects.toThrow(HostUnavailable);
  await expect(startHost({ command: ['/no/such/host'] })).rejects.toThrow(
    'the host program /no/such/host cannot be started: no such file or directory',
  );
});

test('a host in no directory', async () => {
  await expect(startHost({ workingDirectory: '/no/such' })).rejects.toThrow(
    new HostUnavailable('the working directory /no/such is no directory'),
  );
});

describe('limits', () => {
  test.each([
    { timeLimit: 0 },
    { timeLimit: -1 },
    { timeLimit: Number.NaN },
    { memoryLimit: 0 },
    { memoryLimit: -1 },
    { memoryLimit: Number.NaN },
    { memoryLimit: 1e30 },
  ])('that are none: %o', async (limits) => {
    await expect(startHost(limits)).rejects.toThrow(RangeError);
  });

  test('longer than a timer takes', async () => {
    const warnings: unknown[] = [];
    const listen = (warning: unknown) => warnings.push(warning);
    process.on('warning', listen);
    await using host = await startHost({ timeLimit: 1e9 });
    const usleep = await host.symbol('default', 'usleep');
    await host.call(usleep, [integer(50_000)], 'integer');
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  test('of memory, too low for the host itself', async () => {
    await expect(startHost({ memoryLimit: 1000 })).rejects.toThrow(
      'had no memory left to serve solder during its start',
    );
  });
});

test('a host that is another program', async () => {
  await expect(startHost({ command: ['sh', '-c', 'echo oops >&2; exit 7'] })).rejects.toThrow(
    'called _exit with status 7 during its start: oops',
  );
  await expect(startHost({ command: ['sh', '-c', 'echo 1234567890123 >&4; sleep 100'] })).rejects.toThrow(
    'wrote to a file descriptor that was not its own',
  );
});
