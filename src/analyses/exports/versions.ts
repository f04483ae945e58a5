import type { Finding } from '../../model/index.ts';
import { counted, nameEvidence, namesOf, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/** Exports without a version in a library that gives versions to others: they escaped its version script. */
export function unversionedFindings({ own, name, path, isProgram }: ExportingObject): Finding[] {
  if (isProgram || !own.some(({ version }) => version !== undefined)) return [];
  const names = namesOf(own.filter(({ version }) => version === undefined));
  if (names.length === 0) return [];
  return [
    {
      kind: 'exports.unversioned',
      severity: 'warning',
      message: `${name} exports ${counted(names.length, 'name')} without a version beside versioned ones: ${shortList(names)}`,
      subject: name,
      object: path,
      evidence: nameEvidence(names),
      fix: "name in a node of the version script what shall be exported, and hide the rest there with 'local: *;'",
    },
  ];
}

/**
 * Names that exist under hidden versions only: programs that have them go on, no new one can be linked. That
 * is how a function is retired; in the newest version there are no old programs yet, and it is a slip.
 */
export function noDefaultVersionFindings(exporting: ExportingObject): Finding[] {
  const { all, name, path, isProgram } = exporting;
  if (isProgram) return [];
  const linkable = new Set(all.filter(({ hidden }) => !hidden).map((symbol) => symbol.name));
  const retired = all.filter((symbol) => symbol.hidden && !linkable.has(symbol.name));
  if (retired.length === 0) return [];
  const newest = newestVersion(exporting);
  const slips = retired.filter(({ version }) => version === newest);
  const finding = (symbols: typeof retired, severity: Finding['severity'], why: string): Finding[] => {
    const names = [...new Set(symbols.map((symbol) => `${symbol.name}@${symbol.version}`))].sort();
    if (names.length === 0) return [];
    return [
      {
        kind: 'exports.no-default-version',
        severity,
        message: `${name} exports ${counted(names.length, 'name')} under no default version${why}: ${shortList(names)}`,
        subject: name,
        object: path,
        evidence: nameEvidence(names),
        ...(severity === 'note'
          ? {}
          : { fix: 'bind the current implementation with two signs: .symver impl, name@@VERSION' }),
      },
    ];
  };
  return [
    ...finding(slips, 'warning', `, though ${newest} is the newest`),
    ...finding(
      retired.filter((symbol) => !slips.includes(symbol)),
      'note',
      '',
    ),
  ];
}

/** The last version definition in line, when it has a name bound to it by default, and is not the only one. */
function newestVersion({ object, all }: ExportingObject): string | undefined {
  const definitions = object.versions.definitions.filter(({ base }) => !base);
  const parents = new Set(definitions.flatMap((definition) => definition.parents));
  const leaves = definitions.filter((definition) => !parents.has(definition.name));
  const [newest] = leaves;
  if (definitions.length < 2 || leaves.length !== 1) return undefined;
  return all.some(({ version, hidden }) => version === newest!.name && !hidden) ? newest!.name : undefined;
}
