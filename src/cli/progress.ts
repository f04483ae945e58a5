import { onInterrupt } from '../run/on-interrupt.ts';
import { isTerminal } from './terminal-style.ts';

/** A long piece of work as it goes on. */
export interface Progress {
  /** So many units are done; `label` names the one at work. */
  update(done: number, label?: string): void;
  /** Takes the bar off the screen. */
  stop(): void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };

/** A bar on stderr, only for somebody who is watching: stderr is a terminal and `--quiet` is not given. */
export async function startProgress(title: string, total: number, quiet: boolean): Promise<Progress> {
  if (quiet || !isTerminal(2)) return SILENT;
  // CommonJS: bundled, it has no other names.
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const format = `${title} {bar} {value}/{total} {label}`;
  const bar = new SingleBar(
    { format, clearOnComplete: true, hideCursor: true, barsize: 24 },
    Presets.shades_grey,
  );
  // It hides the cursor and keeps lines from being wrapped, from the start on.
  const interrupted = onInterrupt(() => bar.stop());
  bar.start(total, 0, { label: '' });
  return {
    update: (done, label = '') => bar.update(done, { label }),
    stop() {
      interrupted[Symbol.dispose]();
      bar.stop();
    },
  };
}
