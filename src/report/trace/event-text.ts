import type { TraceEvent } from '../../analyses/trace/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';

/** One event on a line: what happens, then what to, each part with its name. For `--symbol` and `--object`. */
export function eventLine(
  event: TraceEvent,
  at: number | undefined,
  { style, show }: { readonly style: Style; readonly show: ShowNames },
): string {
  const { pid, kind, ...parts } = event;
  const time = at === undefined ? '' : style.dim(`${at.toFixed(1).padStart(8)} `);
  const text = Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const shown = name === 'symbol' ? show(String(value)) : valueText(value);
      return `${style.dim(name)} ${printable(shown)}`;
    });
  return `${time}${style.dim(String(pid).padStart(7))} ${style.cyan(kind.padEnd(10))} ${text.join(' ')}`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { path, namespace } = value as { path: string; namespace: number };
  return namespace === 0 ? path : `${path} [${namespace}]`;
}
