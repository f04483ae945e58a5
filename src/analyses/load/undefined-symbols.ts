import { STB, symbolBinding, symbolName } from '../../elf/index.ts';
import type { Binding } from '../../loader/index.ts';
import { type Finding, isProgram, LOOKUP_PLT, type LoadedObject, type Process } from '../../model/index.ts';
import { referenceVersion } from '../symbol-text.ts';

/** A reference that finds no definition and is not allowed to stay without, or whose look-up ends the process. */
export const isUndefined = ({ from, reference, to, isInconsistent }: Binding): boolean =>
  isInconsistent || (to === undefined && symbolBinding(from.object.symbols.info[reference]!) !== STB.WEAK);

const SHOWN = 12;

/**
 * Undefined symbols, in ld.so's words. A library looked at by itself may leave symbols to the program that
 * loads it: those are one note, not a hundred errors.
 */
export function undefinedSymbols(process: Process, unresolved: readonly Binding[]): Finding[] {
  const findings: Finding[] = [];
  for (const [from, all] of Map.groupBy(unresolved, (binding) => binding.from)) {
    const bindings = [...new Map(all.map((binding) => [binding.reference, binding])).values()];
    const distinct = bindings.filter(({ isInconsistent }) => !isInconsistent);
    findings.push(...bindings.filter(({ isInconsistent }) => isInconsistent).map(lostVersion));
    if (distinct.length === 0) continue;
    if (from === process.root && !isProgram(from.object)) findings.push(leftToProgram(from, distinct));
    else findings.push(...distinct.map((binding) => undefinedSymbol(from, binding)));
  }
  return findings;
}

function undefinedSymbol(from: LoadedObject, { reference, query }: Binding): Finding {
  const name = symbolName(from.object.symbols, reference);
  const version = referenceVersion(from.object, reference);
  const lazy = query.lookup === LOOKUP_PLT && !from.object.bindNow;
  return {
    kind: 'load.undefined-symbol',
    severity: 'error',
    message: `symbol lookup error: ${from.path}: undefined symbol: ${name}${version ? `, version ${version}` : ''}`,
    subject: name,
    object: from.path,
    evidence: [
      {
        text: lazy
          ? 'a function bound lazily: the process starts and dies at the first call, or at once with LD_BIND_NOW'
          : 'bound at start: the process does not start',
        object: from.path,
      },
    ],
    fix: `link ${from.name} with the library that defines ${name}, or load one that does`,
  };
}

/** The warning of a library without version information is no longer the end of it. */
function lostVersion({ from, reference }: Binding): Finding {
  const name = symbolName(from.object.symbols, reference);
  return {
    kind: 'load.no-version-information',
    severity: 'error',
    message:
      "Inconsistency detected by ld.so: dl-lookup.c: check_match: Assertion `version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!",
    subject: name,
    object: from.path,
    evidence: [
      {
        text: `needs ${name} in version ${referenceVersion(from.object, reference)} of a library that has no versions at all: ld.so ends the process when it looks`,
        object: from.path,
      },
    ],
    fix: 'rebuild the library with its version script',
  };
}

function leftToProgram(from: LoadedObject, bindings: readonly Binding[]): Finding {
  const names = bindings.map(({ reference }) => symbolName(from.object.symbols, reference)).sort();
  const rest = names.length - SHOWN;
  const list = `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const count = `${names.length} symbol${names.length === 1 ? '' : 's'}`;
  return {
    kind: 'load.undefined-symbol',
    severity: 'note',
    message: `${from.path} leaves ${count} to the program that loads it: ${list}`,
    subject: names.length === 1 ? names[0]! : from.path,
    object: from.path,
    evidence: names.slice(SHOWN).map((text) => ({ text })),
    fix: 'when a library should define them, link with it (-Wl,-z,defs makes the linker insist)',
  };
}
