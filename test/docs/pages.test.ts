import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { FINDING_KINDS, type FindingKind, type Report } from '../../src/model/index.ts';
import { SOLDER, shell, solder } from '../cli/solder.ts';
import { runPage, TIME_LIMIT } from './run-page.ts';
import { UNPROVOKED } from './unprovoked.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const KINDS = Object.keys(FINDING_KINDS) as FindingKind[];
const SECTIONS = ['What it means', 'Why it matters', 'Example', 'How to mend it', 'How to suppress it'];
const hasCompilers = ['gcc', 'g++'].every((name) => spawnSync(name, ['--version']).status === 0);

const readPage = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pagesIn = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
const isIndex = (name: string) => name === 'README.md';

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];
const isFindingPage = (path: string) => path.startsWith('docs/findings/') && !path.endsWith('/README.md');

/** What a page's `solder` is. */
const PAGE_ENV = { PATH: `${dirname(SOLDER)}${delimiter}${process.env['PATH']}` };
const suppressionOf = (path: string): string => /^```yaml\n(.*?)^```$/ms.exec(readPage(path))![1]!;

/** A page that takes too long says so itself. */
const options = { timeout: 2 * TIME_LIMIT };

/** Runs a page, which must do what it says; `then` may look at what it left behind. */
function expectToRun(path: string, then?: (directory: string) => void): void {
  const { directory, problems } = runPage(readPage(path));
  try {
    expect(problems.join('\n')).toBe('');
    then?.(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe.each(PAGES)('%s', (path) => {
  it('leads nowhere wrong', () => {
    const links = [...readPage(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)].map(
      ([, link]) => link!,
    );
    const broken = links.filter((link) => link !== '' && !existsSync(join(ROOT, dirname(path), link)));
    expect(broken).toEqual([]);
  });

  // The examples of finding pages are run below.
  if (!isFindingPage(path)) it.skipIf(!hasCompilers)('does what it says', options, () => expectToRun(path));
});

it('there is a page for every command and a command for every page', () => {
  const pages = pagesIn('docs/commands').filter((name) => !isIndex(name));
  expect(pages.sort()).toEqual(COMMANDS.map(({ name }) => `${name}.md`).sort());
});

describe.each(COMMANDS.map(({ name }) => name))('the page of %s', (name) => {
  it('is about it and names no option that it does not have', () => {
    const page = readPage(`docs/commands/${name}.md`);
    expect(page.split('\n')[0]).toMatch(new RegExp(`^# (solder )?${name}(:.*)?$`));
    const help = solder([name, '--help']).stdout;
    const options = [...page.matchAll(/^\| `[^|]*/gm)].flatMap(
      ([cell]) => cell.match(/--[a-z][a-z-]*/g) ?? [],
    );
    expect(options.filter((option) => !help.includes(option))).toEqual([]);
  });
});

it('there is a page for every kind of finding and a kind for every page', () => {
  const pages = pagesIn('docs/findings').filter((name) => !isIndex(name));
  expect(pages.sort()).toEqual(KINDS.map((kind) => `${kind}.md`).sort());
});

describe.each(KINDS)('the page of %s', (kind) => {
  const path = `docs/findings/${kind}.md`;

  it('has the title, the five sections, and is what solder explain prints', () => {
    const page = readPage(path);
    expect(page.split('\n')[0]).toBe(`# ${kind}: ${FINDING_KINDS[kind].title}`);
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
    expect(solder(['explain', kind])).toEqual({ stdout: page, stderr: '', status: 0 });
  });

  if (kind in UNPROVOKED) {
    it('shows an example, and how to suppress it', () => {
      expect(readPage(path)).toMatch(/^```text\n/m);
      expect(suppressionOf(path)).toContain(`kind: ${kind}`);
    });
    return;
  }

  it.skipIf(!hasCompilers)('has an example that brings it about, and takes it back', options, () => {
    expectToRun(path, (cwd) => {
      const line = /^\$ (solder (?!explain|inspect|snapshot).*)$/m.exec(readPage(path))![1]!;
      const report = (): Report => JSON.parse(shell(`${line} --format json`, { cwd, env: PAGE_ENV }).stdout);
      expect(report().findings.map((finding) => finding.kind)).toContain(kind);
      writeFileSync(join(cwd, 'solder.yaml'), suppressionOf(path));
      const { findings, suppressed, diagnostics } = report();
      expect(suppressed.map(({ finding }) => finding.kind)).toContain(kind);
      expect(findings.map((finding) => finding.kind)).not.toContain(kind);
      expect(diagnostics).toEqual([]);
    });
  });
});
