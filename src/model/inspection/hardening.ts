import { ET, PF, PT } from '../../elf/index.ts';
import type { HardeningFacts } from './facts.ts';
import type { Views } from './views.ts';

/** What protects a process against a write out of bounds; undefined for a file that is not loaded into one. */
export function hardeningFacts(views: Views): HardeningFacts | undefined {
  const { file, dynamic, debugOnly } = views;
  const { type } = file.header;
  if (debugOnly || (type !== ET.EXEC && type !== ET.DYN)) return undefined;
  const bindNow = dynamic?.bindNow ?? false;
  return {
    positionIndependent: type === ET.DYN,
    relro: relro(views, bindNow),
    executableStack: executableStack(views),
    bindNow,
    textRelocations: dynamic?.textRelocations ?? false,
  };
}

/** PT_GNU_RELRO protects what is relocated at start; the PLT's slots are among that only with immediate binding. */
function relro({ file, dynamic }: Views, bindNow: boolean): HardeningFacts['relro'] {
  if (!file.segments.some(({ type }) => type === PT.GNU_RELRO)) return 'none';
  // A static program has no slots that are filled later.
  return bindNow || dynamic === undefined ? 'full' : 'partial';
}

function executableStack({ file }: Views): HardeningFacts['executableStack'] {
  const stack = file.segments.find(({ type }) => type === PT.GNU_STACK);
  if (stack === undefined) return 'unstated';
  return (stack.flags & PF.X) !== 0 ? 'yes' : 'no';
}
