const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `cleanUp` when the user ends solder by a signal, which then takes its usual effect. Disposed of when
 * there is nothing to clean up any more.
 */
export function onInterrupt(cleanUp: () => void): Disposable {
  const remove = (): void => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
  const handler = (signal: NodeJS.Signals): void => {
    remove();
    cleanUp();
    // Whoever else waits for the signal does the same; without handlers it ends the process.
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return { [Symbol.dispose]: remove };
}
