import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDING_KINDS, type FindingKind } from '../../src/model/index.ts';
import { judge, scratch, solder } from './solder.ts';

const FOLDER = new URL('../../docs/findings/', import.meta.url);
const KINDS = Object.keys(FINDING_KINDS) as FindingKind[];
const SECTIONS = ['What it means', 'Why it matters', 'Example', 'How to mend it', 'How to suppress it'];
const hasCompilers = ['gcc', 'g++'].every((name) => spawnSync(name, ['--version']).status === 0);

interface Block {
  readonly language: string;
  readonly text: string;
}

const readPage = (kind: string): string => readFileSync(new URL(`${kind}.md`, FOLDER), 'utf8');

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => {
    return { language: language!, text: text! };
  });
}

/** The file that a block belongs into, by the comment in its first line. */
function fileNameOf({ text }: Block): string | undefined {
  return /^(?:\/\* (\S+) \*\/|\/\/ (\S+))\n/.exec(text)?.slice(1).find(Boolean);
}

it('has a page for every kind and a kind for every page', () => {
  const pages = readdirSync(FOLDER).filter((name) => name.includes('.') && name !== 'README.md');
  expect(pages.sort()).toEqual(KINDS.map((kind) => `${kind}.md`).sort());
});

describe.each(KINDS)('%s', (kind) => {
  const page = readPage(kind);

  it('is explained in the same five sections', () => {
    expect(page.split('\n')[0]).toBe(`# ${kind}: ${FINDING_KINDS[kind].title}`);
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
    expect(solder(['explain', kind])).toEqual({ stdout: page, stderr: '', status: 0 });
  });

  it('shows a suppression that the configuration takes', () => {
    const cwd = scratch();
    const [block] = blocksOf(page).filter(({ language }) => language === 'yaml');
    expect(block?.text).toContain(`kind: ${kind}\n`);
    writeFileSync(join(cwd, 'solder.yaml'), block!.text);
    expect(judge(['judge', '--quiet'], { cwd })).toMatchObject({ stderr: '', status: 0 });
  });

  it.skipIf(!hasCompilers)('has an example that does what the page says', () => {
    const cwd = scratch();
    const blocks = blocksOf(page);
    for (const block of blocks) {
      const name = fileNameOf(block);
      if (name !== undefined) writeFileSync(join(cwd, name), block.text);
    }
    const commands = blocks.find(({ language }) => language === 'sh')!.text;
    const expected = blocks.find(({ language }) => language === 'text')!.text;
    const env = { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: undefined, LD_PRELOAD: undefined };
    const run = spawnSync('sh', ['-c', commands], { cwd, encoding: 'utf8', env });
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe(expected);
  });
});
