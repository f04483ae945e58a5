import { existsSync } from 'node:fs';

/**
 * The package's own folder, for files that are read when a command runs: this module is at different depths
 * in the sources, in the library and in the bundle's chunks.
 */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('..', folder);
    if (parent.href === folder.href) throw new Error(`no package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}
