import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../../host/file-source.ts';
import type { LabRun, Prediction } from '../../model/lab.ts';
import {
  type Assignment,
  type LinkerName,
  parseScript,
  predictLink,
  type ReadSymbol,
  readSymbols,
} from '../../script/index.ts';
import { runCommand } from '../run-command.ts';
import { cleanEnvironment } from './build-variant.ts';
import { resolveCommand } from './tools.ts';

/** Seconds for asking the compiler which linker it uses. */
const TIME_LIMIT = 10;

/** What each version script that a lab asks about makes of its objects, by the library's path. */
export async function predictScripts(
  { predicts }: LabRun,
  directory: string,
): Promise<Map<string, readonly Assignment[]>> {
  const asked = predicts.filter((stated) => stated.kind === 'script');
  const linker = asked.length === 0 ? 'bfd' : await usedLinker(directory);
  return new Map(
    asked.map((stated) => [join(directory, stated.library), predict(stated, directory, linker)]),
  );
}

function predict(
  { script, objects }: Extract<Prediction, { kind: 'script' }>,
  directory: string,
  linker: LinkerName,
): readonly Assignment[] {
  const text = readFileSync(join(directory, script), 'utf8');
  const symbols = objects.flatMap((name) => objectSymbols(join(directory, name)));
  return predictLink([parseScript(text, script)], symbols, linker).assignments;
}

function objectSymbols(path: string): readonly ReadSymbol[] {
  using source = openFile(path);
  return readSymbols(source).symbols;
}

/** `GNU gold (…`, `LLD 14.0.6 (…`, or else GNU ld itself, which is ld.bfd. */
async function usedLinker(directory: string): Promise<LinkerName> {
  const { stdout } = await runCommand(resolveCommand(['cc', '-Wl,--version'], directory), {
    workingDirectory: directory,
    environment: cleanEnvironment(),
    timeLimit: TIME_LIMIT,
  });
  if (/^GNU gold/m.test(stdout)) return 'gold';
  return /\bLLD\b/.test(stdout) ? 'lld' : 'bfd';
}
