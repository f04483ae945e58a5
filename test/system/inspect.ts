import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../../src/host/file-source.ts';
import { compareWithReadelf } from '../inspect/compare.ts';
import { sectionDependence } from '../inspect/without-sections.ts';
import type { Verification, Watch } from './suite.ts';

const FOLDERS = ['/usr/lib', '/usr/bin'];

/** ELF files and archives below a folder, sorted, told by their first bytes. Links are not followed. */
export function binariesBelow(folder: string): { path: string; isElf: boolean }[] {
  return filesBelow(folder)
    .sort()
    .map((path) => ({ path, magic: firstBytes(path) }))
    .filter(({ magic }) => magic.startsWith('\x7fELF') || magic === '!<arch>\n' || magic === '!<thin>\n')
    .map(({ path, magic }) => ({ path, isElf: magic.startsWith('\x7f') }));
}

/** Node's own recursion follows links to folders, and `/usr/bin/X11` is a link to `/usr/bin`. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function firstBytes(path: string): string {
  const bytes = Buffer.alloc(8);
  try {
    const descriptor = openSync(path, 'r');
    const count = readSync(descriptor, bytes);
    closeSync(descriptor);
    return bytes.toString('latin1', 0, count);
  } catch {
    return ''; // not ours to read
  }
}

/** What `inspect` states about every ELF file and archive of the machine, against `readelf`. */
export async function verifyInspect(progress: Watch = () => {}): Promise<Verification> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const { path, isElf } of FOLDERS.flatMap(binariesBelow)) {
    const found = await compareWithReadelf(path);
    if (isElf) {
      using source = openFile(path);
      found.push(...sectionDependence(source));
    }
    if (found.length === 0) passed++;
    else failed++;
    lines.push(...found.map((difference) => `${path}: ${difference}`));
    if ((passed + failed) % 100 === 0) progress(`${passed} passed, ${failed} failed`);
  }
  return { passed, failed, lines };
}
