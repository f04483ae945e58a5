import type { ICruiseOptions, IFlattenedRuleSet } from 'dependency-cruiser';

/** The layers of docs/architecture.md, top first: a folder may import only itself and folders above it. */
export const LAYERS = [
  'bytes',
  'elf',
  'archive',
  'demangle',
  'dwarf',
  'script',
  'model',
  'loader',
  'analyses',
  'report',
  'host',
  'run',
  'cli',
];
/** Layers that may use Node's own modules; everything above them runs anywhere. */
const NODE_LAYERS = ['host', 'run', 'cli'];
/** Layers that stand alone: they import nothing at all from the rest. */
const ALONE = ['bytes', 'demangle'];

/** The rules for the tree below `root`, a folder with one folder a layer. */
export function layerRules(root: string): IFlattenedRuleSet {
  const folder = (names: readonly string[]) => `^${root}/(${names.join('|')})/`;
  const error = 'error' as const;
  const forbidden: NonNullable<IFlattenedRuleSet['forbidden']> = [
    ...LAYERS.slice(0, -1).map((layer, index) => ({
      name: `${layer}-imports-only-what-is-above-it`,
      severity: error,
      from: { path: folder([layer]) },
      to: { path: folder(LAYERS.slice(index + 1)) },
    })),
    ...ALONE.map((layer) => ({
      name: `${layer}-stands-alone`,
      severity: error,
      from: { path: folder([layer]) },
      to: { pathNot: folder([layer]) },
    })),
    {
      name: 'only-host-run-and-cli-know-node',
      severity: error,
      from: { path: folder(LAYERS.filter((layer) => !NODE_LAYERS.includes(layer))) },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: error, from: { path: `^${root}/` }, to: { circular: true } },
  ];
  return { forbidden };
}

export const OPTIONS: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
};
