/**
 * Usage: node dl-loop.ts host|in-process awaited|pipelined|cycles COUNT LIBRARY: what native/dl-loop.c does,
 * through the dlopen API of solder. `awaited` waits for each call before the next, `pipelined` for all of them.
 */
import type { DlProcess } from '../src/run/dl/dl-process.ts';
import { openHost, openInProcess } from '../src/run/dl/open.ts';

/** So many calls are on the way at once. */
const BATCH = 10_000;

async function pipelinedCalls(process: DlProcess, count: number, file: string): Promise<boolean> {
  const library = await process.dlopen(file);
  const add = await library.function<bigint>('add', 'int64_t(int64_t, int64_t)');
  let last = 0n;
  for (let index = 0; index < count; ) {
    const batch: Promise<bigint>[] = [];
    for (; batch.length < BATCH && index < count; index++) batch.push(add(BigInt(index), 1n));
    last = BigInt((await Promise.all(batch)).at(-1)!);
  }
  return last === BigInt(count);
}

async function awaitedCalls(process: DlProcess, count: number, file: string): Promise<boolean> {
  const library = await process.dlopen(file);
  const add = await library.function<bigint>('add', 'int64_t(int64_t, int64_t)');
  let total = 0n;
  for (let index = 0; index < count; index++) total = BigInt(await add(total, BigInt(index)));
  return total === (BigInt(count) * BigInt(count - 1)) / 2n;
}

async function cycles(process: DlProcess, count: number, file: string): Promise<boolean> {
  for (let index = 0; index < count; index++) {
    const library = await process.dlopen(file);
    await library.symbol('add');
    await library.close();
  }
  return true;
}

// The library clashes with nothing; to find that out for each cycle is not what is measured.
const [place, loop, amount, file] = process.argv.slice(2);
const count = Number(amount);
await using libraries = await (place === 'host' ? openHost() : openInProcess({ allowClash: true }));
const isRight =
  loop === 'cycles'
    ? await cycles(libraries, count, file!)
    : loop === 'awaited'
      ? await awaitedCalls(libraries, count, file!)
      : await pipelinedCalls(libraries, count, file!);
process.exitCode = isRight ? 0 : 1;
