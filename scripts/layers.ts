/**
 * Checks the layer rules of docs/architecture.md: `node scripts/layers.ts [ROOT]` (default `src`).
 * Exits 1 on a violation, and also when no module was seen: a check that looks at nothing proves nothing.
 */
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { layerRules, OPTIONS } from './layer-rules.ts';

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
const seen = modules.filter((module) => module.source.startsWith(`${root}/`)).length;
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (seen === 0) console.error(`layers: no module seen under ${root}`);
else if (summary.violations.length === 0) console.error(`layers: ${seen} modules keep the rules`);
process.exitCode = seen === 0 || summary.violations.length > 0 ? 1 : 0;
