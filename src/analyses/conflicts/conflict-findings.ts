import { STB, symbolBindingName } from '../../elf/index.ts';
import { baseName, type Evidence, type Finding } from '../../model/index.ts';
import { type Conflict, type Definer, isVague } from './find-conflicts.ts';
import type { JudgedConflict } from './judge-conflict.ts';

/** One finding for each conflict of a process. */
export function conflictFindings(conflicts: readonly JudgedConflict[]): Finding[] {
  return conflicts.map((conflict) => {
    const { kind, severity, reason, name, winner, losers } = conflict;
    const rivals = losers.map(({ object }) => baseName(object.path)).join(', ');
    return {
      kind,
      severity,
      message: `${name}: ${baseName(winner.object.path)} wins over ${rivals}`,
      subject: name,
      object: winner.object.path,
      evidence: [
        definitionEvidence(winner, 'wins: first in lookup order'),
        ...losers.map((loser) => definitionEvidence(loser, loserText(conflict, loser))),
        { text: reason },
      ],
      ...(severity === 'note' ? {} : { fix: fixText(conflict) }),
    };
  });
}

function definitionEvidence({ object, size, binding, version }: Definer, text: string): Evidence {
  const kind = binding === STB.GLOBAL ? '' : `${symbolBindingName(binding).slice(4).toLowerCase()}, `;
  return { object: object.path, text: `${text} (${kind}${size} bytes${version ? `, ${version}` : ''})` };
}

/** Whether a loser's own code uses the winner's definition or still believes in its own. */
function loserText({ references }: Conflict, loser: Definer): string {
  const own = references.find(({ from }) => from === loser.object);
  if (own === undefined) {
    return 'loses; looks the name up nowhere: code in it that uses its own copy was bound when it was linked';
  }
  if (own.to === loser.object) return 'loses elsewhere; its own look-ups stay with its own copy';
  return `loses: its own look-ups go to ${baseName(own.to.path)}`;
}

/**
 * What to do. An object that gives the name a version exports it on purpose; the ones that do not are those
 * that can hide it.
 */
function fixText({ kind, name, winner, losers }: Conflict): string {
  const accidental = [winner, ...losers].filter(({ version }) => version === undefined);
  const hiders = accidental.length > 0 && accidental.length <= losers.length ? accidental : losers;
  const where = hiders.map(({ object }) => baseName(object.path)).join(' and ');
  const hide = `hide it in ${where} (a version script with 'local: *', or -fvisibility=hidden)`;
  const rename = name.startsWith('_Z')
    ? 'put one into a namespace of its own'
    : 'give the name a prefix of its own';
  if (kind === 'conflict.vtable' || kind === 'conflict.typeinfo') {
    return `build all objects against one definition of the class, or ${hide}`;
  }
  return losers.every(isVague) ? `compile all objects from one header, or ${hide}` : `${hide}, or ${rename}`;
}
