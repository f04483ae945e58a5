import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../../model/lab.ts';
import type { LocatedLab } from './run-lab.ts';

const foldersIn = (folder: URL): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The names AREA/NAME of all labs below the package's folder, sorted: a folder with a `lab.ts` is one. */
export function labNames(packageFolder: URL): string[] {
  const labs = new URL('labs/', packageFolder);
  return foldersIn(labs)
    .flatMap((area) => foldersIn(new URL(`${area}/`, labs)).map((name) => `${area}/${name}`))
    .filter((name) => existsSync(new URL(`${name}/lab.ts`, labs)));
}

/**
 * Loads a lab's description as the build compiled it (Node strips no types below `node_modules`); undefined
 * when it was not built yet. The sources are taken from where they are written.
 */
export async function loadLab(packageFolder: URL, name: string): Promise<LocatedLab | undefined> {
  const compiled = new URL(`dist/labs/${name}/lab.cjs`, packageFolder);
  if (!existsSync(compiled)) return undefined;
  const { lab } = (await import(compiled.href)) as { readonly lab: Lab };
  return { name, sources: fileURLToPath(new URL(`labs/${name}/`, packageFolder)), lab };
}
