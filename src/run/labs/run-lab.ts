import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { compareRun } from '../../analyses/labs/compare-run.ts';
import type { LabFacts, LabRow, LabStatus, VariantFacts } from '../../analyses/labs/lab-facts.ts';
import type { Lab, LabRun, LabVariant } from '../../model/lab.ts';
import { makeScratch } from '../scratch.ts';
import { whyNotAble } from './abilities.ts';
import { buildVariant } from './build-variant.ts';
import { observeProgram, predictProgram } from './run-program.ts';
import { isOfBuild, missingTools } from './tools.ts';

/** A lab with its place. */
export interface LocatedLab {
  /** AREA/NAME. */
  readonly name: string;
  /** The folder with its sources. */
  readonly sources: string;
  readonly lab: Lab;
}

export interface LabOptions {
  /** Build in DIR/AREA/NAME/VARIANT and leave it there; otherwise in a directory that is gone afterwards. */
  readonly keep?: string;
  /** Told before each variant. */
  readonly onVariant?: (variant: LabVariant) => void;
}

/** `Title, section 2.1`. */
export const sourceText = ({ source: { text, section } }: Lab): string => `${text}, section ${section}`;

/** Builds every variant of a lab, predicts, runs and compares. */
export async function runLab(
  { name, sources, lab }: LocatedLab,
  options: LabOptions = {},
): Promise<LabFacts> {
  const missing = missingTools(lab);
  const facts = { name, title: lab.title, source: sourceText(lab), missingTools: missing };
  if (missing.length > 0) return { ...facts, status: 'skipped', variants: [] };
  const variants: VariantFacts[] = [];
  for (const variant of lab.variants) {
    options.onVariant?.(variant);
    using place =
      options.keep === undefined ? makeScratch('lab') : keptPlace(options.keep, name, variant.name);
    const { name: variantName, needs } = variant;
    const skipped = needs === undefined ? undefined : await whyNotAble(needs, place.directory);
    const rows = skipped === undefined ? await runVariant(sources, lab, variant, place.directory) : [];
    variants.push({ name: variantName, rows, ...(skipped === undefined ? {} : { skipped }) });
  }
  return { ...facts, status: statusOf(variants), variants };
}

function statusOf(variants: readonly VariantFacts[]): LabStatus {
  if (variants.every(({ skipped }) => skipped !== undefined)) return 'skipped';
  return variants.every(({ rows }) => rows.every(({ agrees }) => agrees)) ? 'passed' : 'failed';
}

/** Nothing that is there already is removed: the directory is the user's. */
function keptPlace(keep: string, name: string, variant: string): { directory: string } & Disposable {
  const directory = join(keep, name, variant);
  mkdirSync(directory, { recursive: true });
  return { directory: realpathSync(directory), [Symbol.dispose]: () => {} };
}

async function runVariant(
  sources: string,
  lab: Lab,
  variant: LabVariant,
  directory: string,
): Promise<LabRow[]> {
  const build = await buildVariant(sources, variant, directory);
  if (build.failed) return [...build.rows];
  const rows = [...build.rows];
  for (const run of variant.runs) {
    // Of a tool that is not of the build no symbol is in question.
    const symbols = isOfBuild(run.command) ? (variant.symbols ?? lab.symbols) : [];
    const predicted = await predictProgram(run, directory, symbols);
    const observed = await observeProgram(run, directory);
    const compared = compareRun(run, predicted, observed, { directory, symbols });
    const prefix = variant.runs.length === 1 ? '' : `${runName(run)}: `;
    rows.push(...compared.map((row) => ({ ...row, what: prefix + row.what })));
  }
  return rows;
}

const runName = ({ name, command }: LabRun): string => name ?? command.join(' ');
