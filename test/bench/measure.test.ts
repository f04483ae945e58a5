import { describe, expect, test } from 'vitest';
import { measure } from '../../bench/measure.ts';

const node = (script: string): string[] => [process.execPath, '-e', script];

/** A child of node that keeps a processor busy for so many milliseconds of processor time. */
const burn = (milliseconds: number): string =>
  `const start = process.cpuUsage(); const spent = () => { const { user, system } = process.cpuUsage(start);
   return (user + system) / 1000; }; while (spent() < ${milliseconds});`;

describe('what the kernel counted', () => {
  test('processor time of the command', async () => {
    const idle = await measure(node(''));
    const busy = await measure(node(burn(200)));
    expect(busy.cpu - idle.cpu).toBeGreaterThan(0.15);
    expect(busy.cpu - idle.cpu).toBeLessThan(1);
    expect(busy.wall).toBeGreaterThan(0.15);
    expect(busy.status).toBe(0);
  });

  test('processor time of its children as well', async () => {
    const busy = await measure(['sh', '-c', '"$0" -e "$1"; exit 0', process.execPath, burn(200)]);
    expect(busy.cpu).toBeGreaterThan(0.15);
  });

  test('sleeping takes wall time alone', async () => {
    const asleep = await measure(['sleep', '0.3']);
    expect(asleep.wall).toBeGreaterThan(0.29);
    expect(asleep.cpu).toBeLessThan(0.15);
  });

  test('peak memory, also when it is freed before the end', async () => {
    const small = await measure(node(''));
    const large = await measure(node('Buffer.alloc(50e6, 1).fill(2)'));
    expect(large.peak - small.peak).toBeGreaterThan(40e6);
    expect(large.peak - small.peak).toBeLessThan(120e6);
  });

  test('the memory of this process is not in it', async () => {
    const { peak } = await measure(['true']);
    expect(peak).toBeGreaterThan(100e3);
    expect(peak).toBeLessThan(20e6);
  });
});

describe('how it ended', () => {
  test('exit status and the last line of stderr', async () => {
    const { status, complaint } = await measure(['sh', '-c', 'echo one >&2; echo two >&2; echo out; exit 3']);
    expect({ status, complaint }).toEqual({ status: 3, complaint: 'two' });
  });

  test('a signal, as a shell says it', async () => {
    const { status } = await measure(['sh', '-c', 'kill -9 $$']);
    expect(status).toBe(128 + 9);
  });

  test('a command that does not exist', async () => {
    const { status, complaint } = await measure(['/no/such/command']);
    expect(status).toBe(127);
    expect(complaint).toContain('/no/such/command');
  });
});
