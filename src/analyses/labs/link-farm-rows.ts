import type { Prediction } from '../../model/lab.ts';
import { type LdconfigRules, type LibraryDirectory, planLinks } from '../release/index.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

type Links = Readonly<Record<string, string>>;
type LinksByDirectory = ReadonlyMap<string, Links>;

/** The links of a directory after ldconfig(8) has been there, by the rules of `solder release`. */
export function predictLinks(directory: LibraryDirectory, rules: LdconfigRules): Links {
  const links = new Map(
    directory.entries.flatMap((entry) => (entry.type === 'link' ? [[entry.name, entry.target]] : [])),
  );
  for (const change of planLinks(directory, rules).changes) {
    if (change.action === 'link') links.set(change.name, change.target);
    else links.delete(change.name);
  }
  return Object.fromEntries(links);
}

/** The links that solder says ldconfig(8) makes beside those that it made. */
export function linkFarmRows(
  stated: readonly Extract<Prediction, { kind: 'links' }>[],
  predicted: LinksByDirectory,
  observed: LinksByDirectory,
): LabRow[] {
  return stated.map(({ directory, links }) => {
    const maps = [links, predicted.get(directory), observed.get(directory)];
    const [expected, ours, theirs] = maps.map(linksText);
    return judgedRow(`links in ${directory}`, expected!, ours!, { text: theirs! });
  });
}

function linksText(links: Links | undefined): string {
  if (links === undefined) return 'cannot be read';
  const lines = Object.entries(links).map(([name, target]) => `${name} -> ${target}`);
  return lines.sort().join(', ') || 'none';
}
