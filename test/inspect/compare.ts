import { isArchive, readArchive } from '../../src/archive/index.ts';
import { type ByteSource, FormatError } from '../../src/bytes/index.ts';
import { ElfFile, looksLikeElf } from '../../src/elf/index.ts';
import { decompressors } from '../../src/host/decompressors.ts';
import { openFile } from '../../src/host/file-source.ts';
import { memberFiles } from '../../src/host/member-files.ts';
import { type Inspection, inspectElf } from '../../src/model/inspection/index.ts';
import { factsTopics } from './facts-topics.ts';
import { readelfTopics } from './readelf-output.ts';
import { TOPICS, type Topic, type Topics } from './topics.ts';

/** Topics whose lines come in another order: readelf goes by section, solder by what the loader sees first. */
const UNORDERED: ReadonlySet<Topic> = new Set(['notes', 'relocations', 'header']);

/**
 * Where `inspect` and `readelf -W` differ about an ELF file or an archive, one line each; none when they agree.
 * What readelf shows in a way of its own is brought into solder's form in facts-topics.ts, with the reason.
 */
export async function compareWithReadelf(path: string): Promise<string[]> {
  const { files: theirs, warnings } = await readelfTopics(path);
  using source = openFile(path);
  const differences: string[] = [];
  let next = 0;
  for (const { name, source: contents } of elfSources(path, source)) {
    const inspection = inspect(contents, path);
    if (inspection instanceof FormatError) return [`${name}: ${inspection.message}`];
    const { facts, diagnostics } = inspection;
    const odd = diagnostics.map(({ message }) => `${message} (readelf: ${warnings.join('; ') || 'fine'})`);
    const other = theirs[next++];
    const found =
      other === undefined ? ['readelf does not show it'] : topicDifferences(factsTopics(facts), other);
    differences.push(...[...odd, ...found].map((difference) => name + difference));
  }
  if (next < theirs.length) differences.push(`readelf shows ${theirs.length} files, solder ${next}`);
  return differences;
}

/** The file itself, or the ELF files among the members of an archive. */
function* elfSources(path: string, source: ByteSource): Generator<{ name: string; source: ByteSource }> {
  if (!isArchive(source.read(0, Math.min(8, source.size), 'archive'))) {
    yield { name: '', source };
    return;
  }
  using files = memberFiles(path);
  for (const member of readArchive(source).members) {
    const contents = files.open(member);
    if (contents !== undefined && looksLikeElf(contents))
      yield { name: `(${member.name}) `, source: contents };
  }
}

function inspect(source: ByteSource, path: string): Inspection | FormatError {
  try {
    return inspectElf(new ElfFile(source), path, { symbolTable: true, decompressors });
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

/** The first difference of each topic. */
function topicDifferences(ours: Topics, theirs: Topics): string[] {
  return TOPICS.flatMap((topic) => {
    const order = (lines: readonly string[]) => (UNORDERED.has(topic) ? lines.toSorted() : lines);
    const [mine, other] = [order(ours[topic]), order(theirs[topic])];
    const found = mine.findIndex((line, index) => line !== other[index]);
    if (found < 0 && mine.length === other.length) return [];
    const at = found < 0 ? mine.length : found;
    return [
      `${topic} ${at} of ${mine.length} (readelf ${other.length}): '${mine[at] ?? ''}' is '${other[at] ?? ''}'`,
    ];
  });
}
