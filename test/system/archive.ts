import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Archive, readArchive } from '../../src/archive/index.ts';
import { FormatError, memorySource } from '../../src/bytes/index.ts';

const run = promisify(execFile);
const OPTIONS = {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
} as const;

/**
 * Every `.a` file below a folder. Links to folders are not followed, as Node's own recursive listing does:
 * some of those in /usr/lib lead back up.
 */
export function archivesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return archivesBelow(path);
    return entry.isFile() && entry.name.endsWith('.a') ? [path] : [];
  });
}

/** Where solder and binutils differ about an archive; nothing when they agree, also that it is none. */
export async function compareWithBinutils(path: string): Promise<string[]> {
  const theirMembers = await output('ar', ['tvO', path]);
  const theirIndex = await output('readelf', ['-c', path]);
  let archive: Archive;
  try {
    archive = readArchive(memorySource(readFileSync(path)));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return theirMembers === undefined ? [] : [`solder says ${error.message}, ar lists members`];
  }
  if (theirMembers === undefined) return ['ar refuses it, solder lists members'];
  return [
    ...differences('member', memberLines(archive), theirMembers.split('\n').slice(0, -1).map(memberLine)),
    ...differences(
      'index entry',
      indexLines(archive),
      theirIndex === undefined ? [] : readelfIndex(theirIndex),
    ),
  ];
}

/** Standard output, or undefined when the tool refuses the file. */
async function output(tool: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(tool, args, OPTIONS)).stdout;
  } catch (error) {
    if (typeof (error as { code: unknown }).code === 'number') return undefined;
    throw error;
  }
}

/** `mode owner size date name 0xoffset` of `ar tvO`, as `size name offset-of-contents`. */
function memberLine(line: string): string {
  const match = /^\S+ +\S+ +(\d+) \w+ +\d+ [\d:]+ +\d+ (.*) (0x[0-9a-f]+)$/.exec(line);
  return match ? `${match[1]} ${match[2]} ${match[3]}` : `not understood: ${line}`;
}

function memberLines({ members }: Archive): string[] {
  return members.map(
    (member) => `${member.size} ${member.name} 0x${(member.headerOffset + 60).toString(16)}`,
  );
}

/** The entries of `readelf -c`, as `offset-of-header name`. */
function readelfIndex(text: string): string[] {
  const entries: string[] = [];
  let offset = '';
  for (const line of text.split('\n')) {
    offset = /^Contents of binary .* at offset (0x[0-9a-f]+)$/.exec(line)?.[1] ?? offset;
    if (line.startsWith('\t')) entries.push(`${offset} ${line.slice(1)}`);
  }
  return entries;
}

function indexLines({ members, symbolIndex }: Archive): string[] {
  if (!symbolIndex) return [];
  return Array.from(symbolIndex.memberOf, (ordinal, entry) => {
    const offset = members[ordinal]?.headerOffset ?? -1;
    return `0x${offset.toString(16)} ${symbolIndex.name(entry)}`;
  });
}

function differences(what: string, ours: readonly string[], theirs: readonly string[]): string[] {
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at === -1 && ours.length === theirs.length) return [];
  const first = at === -1 ? ours.length : at;
  return [
    `${what} ${first} of ${ours.length} (theirs ${theirs.length}): '${ours[first] ?? ''}' is '${theirs[first] ?? ''}'`,
  ];
}

/** Members and symbol index of every archive of the machine, against `ar` and `readelf`. */
export async function verifyArchives(): Promise<{ passed: number; failed: number; lines: string[] }> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const path of archivesBelow('/usr/lib')) {
    const found = await compareWithBinutils(path);
    if (found.length === 0) passed++;
    else failed++;
    lines.push(...found.map((difference) => `${path}: ${difference}`));
  }
  return { passed, failed, lines };
}
