import { onInterrupt } from '../on-interrupt.ts';

const killers = new Set<() => void>();
let listening: Disposable | undefined;

const killAll = (): void => {
  for (const kill of killers) kill();
};

/**
 * Calls `kill` when solder's own process ends before the result is disposed of: by itself, by process.exit or
 * by the user's signal. One set of listeners serves all.
 */
export function whileAlive(kill: () => void): Disposable {
  killers.add(kill);
  if (listening === undefined) {
    const interrupted = onInterrupt(killAll);
    process.on('exit', killAll);
    listening = {
      [Symbol.dispose]() {
        interrupted[Symbol.dispose]();
        process.off('exit', killAll);
      },
    };
  }
  return {
    [Symbol.dispose]() {
      killers.delete(kill);
      if (killers.size > 0) return;
      listening?.[Symbol.dispose]();
      listening = undefined;
    },
  };
}
