import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { predictLinks } from '../../analyses/labs/link-farm-rows.ts';
import { ldconfigRules } from '../../host/ldconfig-rules.ts';
import { readLibraryDirectory } from '../../host/library-directory.ts';
import type { LabRun } from '../../model/lab.ts';

type LinksByDirectory = ReadonlyMap<string, Readonly<Record<string, string>>>;

const farmsOf = ({ predicts }: LabRun): string[] =>
  predicts.flatMap((stated) => (stated.kind === 'links' ? stated.directory : []));

/** Before the run: what will be. */
export function predictFarms(run: LabRun, directory: string): LinksByDirectory {
  return new Map(
    farmsOf(run).map((farm) => {
      const read = readLibraryDirectory(join(directory, farm)).directory;
      return [farm, predictLinks(read, ldconfigRules(read))];
    }),
  );
}

/** After the run: what is. */
export function observeFarms(run: LabRun, directory: string): LinksByDirectory {
  return new Map(
    farmsOf(run).map((farm) => {
      const folder = join(directory, farm);
      const links = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
      return [farm, Object.fromEntries(links.map(({ name }) => [name, readlinkSync(join(folder, name))]))];
    }),
  );
}
