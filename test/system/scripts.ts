import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePatterns, parseScript, printScript } from '../../src/script/index.ts';
import { INSTALLED, LinkBench } from '../script/real-link.ts';
import type { Verification, Watch } from './suite.ts';

/** Source packages of Debian that come with version scripts. */
const PACKAGES = ['zlib', 'libpng1.6', 'alsa-lib', 'util-linux', 'libxml2', 'systemd', 'kmod'];

const SCRIPT_NAME = /\.(map|sym|syms|ver|vers|version|versions|ld|lds)(\.in)?$/;
const LOOKS_LIKE_ONE = /(^|\})\s*([\w.$]+\s*)?\{[^{}]*\b(global|local)\s*:/m;

/** Fetches and unpacks the sources with package lists of its own, so that the machine's stay as they are. */
function unpack(packages: readonly string[], folder: string): string | undefined {
  const lists = join(folder, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const sources = join(folder, 'sources.list');
  writeFileSync(
    sources,
    'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main\n',
  );
  const options = [
    ['Dir::Etc::SourceList', sources],
    ['Dir::Etc::SourceParts', '/dev/null'],
    ['Dir::State::Lists', lists],
    ['Dir::Cache', folder],
    ['APT::Sandbox::User', 'root'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const work = { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const update = spawnSync('apt-get', [...options, 'update'], work);
  if (update.status !== 0) return update.error?.message ?? update.stderr;
  const fetch = spawnSync('apt-get', [...options, 'source', '--download-only', ...packages], work);
  if (fetch.status !== 0) return fetch.stderr;
  for (const name of readdirSync(folder).filter((file) => /\.orig\.tar\.[gx]z$/.test(file))) {
    execFileSync('tar', ['xf', name], work);
  }
  return undefined;
}

/** A set of definitions of everything that the script names, and of some things that it does not. */
function definitions(text: string): string {
  const exact = nodePatterns([parseScript(text)])
    .flatMap(({ globals, locals }) => [...globals, ...locals])
    .filter(({ text: name, language }) => language === 'C' && /^[A-Za-z_][\w.$]*$/.test(name))
    .map(({ text: name }) => name);
  const names = [...new Set([...exact, 'zz_other', '_private', 'png_zz', 'snd_zz', '_ZN1N1fEv'])];
  return `.text\n${names.map((name) => `.globl ${name}\n${name}: nop\n`).join('')}`;
}

/** Every version script of some Debian sources: predicted and real exports, as written and as printed. */
export function verifyScripts(watch: Watch): Verification {
  const folder = mkdtempSync(join(tmpdir(), 'solder-scripts-'));
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  try {
    watch(`fetching ${PACKAGES.join(', ')}`);
    const problem = unpack(PACKAGES, folder);
    if (problem !== undefined)
      return { passed: 0, failed: 0, lines: [`no sources, skipped: ${problem.trim().split('\n').at(-1)}`] };
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && SCRIPT_NAME.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      if (!LOOKS_LIKE_ONE.test(text)) continue;
      const problems = verifyOne(text);
      if (problems.length === 0) passed++;
      else failed++;
      lines.push(...problems.map((line) => `${file.slice(folder.length + 1)}: ${line}`));
    }
    lines.push(
      `${passed + failed} scripts of ${PACKAGES.length} packages with ${INSTALLED.map((name) => `ld.${name}`).join(', ')}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { passed, failed, lines };
}

function verifyOne(text: string): string[] {
  let source: string;
  let printed: string;
  try {
    source = definitions(text);
    printed = printScript(parseScript(text));
  } catch (error) {
    // A template that a build fills in is no script yet: the linkers have to agree.
    using bench = new LinkBench('.text\n.globl zz\nzz: nop\n');
    const taken = INSTALLED.filter((linker) => bench.link(linker, [text]) !== undefined);
    return taken.map((linker) => `ld.${linker} takes it: ${String(error)}`);
  }
  using bench = new LinkBench(source);
  return INSTALLED.flatMap((linker) => {
    const real = bench.link(linker, [text]);
    const predicted = bench.predict(linker, [text]);
    const again = bench.link(linker, [printed]);
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    return [
      ...(same(real, predicted)
        ? []
        : [
            `ld.${linker} exports ${real?.length ?? 'nothing'}, predicted ${predicted?.length ?? 'a refusal'}`,
          ]),
      // What ld.lld misreads without a blank is mended by printing.
      ...(real === undefined || same(real, again) || (linker === 'lld' && /:[^\s:"]/.test(text))
        ? []
        : [`ld.${linker} exports something else with the printed script`]),
    ];
  });
}
