/**
 * Checks the layer rules of docs/architecture.md: `node scripts/layers.ts [ROOT]` (default `src`).
 * Exits 1 on a violation, and also when no module was seen: a check that looks at nothing proves nothing.
 */
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { LAYERS, layerRules, OPTIONS } from './layer-rules.ts';

const root = process.argv[2] ?? 'src';
const result = await cruise(
  [root],
  { ...OPTIONS, ruleSet: layerRules(root), validate: true, outputType: 'json' },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { summary, modules } = JSON.parse(String(result.output)) as {
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  modules: { source: string }[];
};
const own = modules.map(({ source }) => source).filter((source) => source.startsWith(`${root}/`));
/** Modules right in the root belong to no layer: they only gather what the package exports. */
const strangers = own.filter((source) => {
  const [folder, file] = source.slice(root.length + 1).split('/');
  return file !== undefined && !LAYERS.includes(folder!);
});
const problems = [
  ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  ...strangers.map((source) => `every-folder-is-a-layer: ${source}`),
  ...(own.length === 0 ? [`no module seen under ${root}`] : []),
];
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.error(`layers: ${own.length} modules keep the rules`);
process.exitCode = problems.length === 0 ? 0 : 1;
