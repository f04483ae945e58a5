import { analyseProcess, conflictFacts, dependencyFacts } from '../src/analyses/index.ts';
import type { ByteSource } from '../src/bytes/index.ts';
import { ElfFile } from '../src/elf/index.ts';
import { Binder, type LoadContext, type LoaderSettings } from '../src/loader/index.ts';
import { type DynamicObject, dynamicObject, makeReport } from '../src/model/index.ts';
import { demangleText } from '../src/report/demangle-text.ts';
import { renderFindings, renderJson } from '../src/report/index.ts';

const SETTINGS: LoaderSettings = {
  version: 2036,
  systemDirectories: ['/lib/', '/usr/lib/'],
  platform: 'x86_64',
  lib: 'lib',
  hwcaps: ['x86-64-v3'],
  hwcapMask: 0n,
  cache: new Map(),
  preloads: [],
  loaderPath: '/lib/ld.so',
};

/**
 * A process whose root is the file, and in which every library that it asks for is the file again: what
 * `check` does with it, from loading to the report as text and as JSON.
 */
export function wholeProcess(source: ByteSource): void {
  const root = open(source, '/root');
  if (root === undefined) return;
  // Found under any name in one directory only, so that missing libraries are met as well.
  const library = open(source, '/lib/libself.so')!;
  const context: LoadContext = {
    files: {
      open: (path) =>
        path.startsWith('/usr/lib/')
          ? { kind: 'object', object: library }
          : {
              kind: 'absent',
              reason: 'No such file or directory',
              words: 'No such file or directory',
              isOdd: false,
            },
      realPath: (path) => path,
      workingDirectory: '/',
    },
    options: { preload: '/usr/lib/libpreload.so' },
    settingsFor: () => SETTINGS,
  };
  const analysis = analyseProcess(context, new Binder(), root, '/root');
  const report = makeReport({
    command: 'check',
    targets: ['/root'],
    facts: { deps: dependencyFacts(analysis.process), conflicts: conflictFacts(analysis.conflicts) },
    findings: [...analysis.loadFindings, ...analysis.conflictFindings],
    diagnostics: [],
    suppressions: [],
    looksFor: ['load.*', 'conflict.*'],
    version: '0',
  });
  renderFindings(report, { showNames: (text) => demangleText(text) });
  renderJson(report);
}

function open(source: ByteSource, path: string): DynamicObject | undefined {
  return dynamicObject(new ElfFile(source), path, { device: 1n, inode: path === '/root' ? 1n : 2n });
}
