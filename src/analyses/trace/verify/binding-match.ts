import { symbolName } from '../../../elf/index.ts';
import type { Binding } from '../../../loader/index.ts';
import { referenceVersion } from '../../symbol-text.ts';
import type { Differences } from './differences.ts';
import type { ObservedBinding } from './observed.ts';

/** How the loader names the program is not how it was asked for: paths of one side as the other has them. */
type PathOf = (path: string) => string;

/** Predicted look-ups by who refers to what. */
class PredictedBindings {
  private readonly waiting = new Map<string, Binding[]>();

  constructor(bindings: readonly Binding[]) {
    for (const binding of bindings) {
      // What finds nothing is not told of.
      if (binding.to === undefined) continue;
      const key = keyOf(binding.from.path, symbolOf(binding), versionOf(binding));
      const list = this.waiting.get(key);
      if (list === undefined) this.waiting.set(key, [binding]);
      else list.push(binding);
    }
  }

  /** Takes the prediction that an observed binding fulfils, or the next of the same reference. */
  take(observed: ObservedBinding, pathOf: PathOf): Binding | undefined {
    const list = this.waiting.get(keyOf(pathOf(observed.from.path), observed.symbol, observed.version));
    if (list === undefined || list.length === 0) return undefined;
    const same = list.findIndex((binding) => agrees(binding, observed, pathOf));
    return list.splice(Math.max(same, 0), 1)[0];
  }

  /** What was predicted and did not come. */
  *left(): Generator<Binding> {
    for (const list of this.waiting.values()) yield* list;
  }
}

/** Holds the bindings of relocations against the predicted ones; returns those that belong to calls. */
export function matchBindings(
  predicted: readonly Binding[],
  observed: readonly ObservedBinding[],
  pathOf: PathOf,
  differences: Differences,
): ObservedBinding[] {
  const table = new PredictedBindings(predicted);
  const others: ObservedBinding[] = [];
  for (const seen of observed) {
    const match = table.take(seen, pathOf);
    if (match === undefined) others.push(seen);
    else if (!agrees(match, seen, pathOf)) tellBinding(match, seen, differences);
  }
  for (const binding of table.left()) {
    differences.add('trace.binding', referenceText(binding), {
      predicted: targetText(binding.to!.path, binding.kind),
      observed: 'no binding',
    });
  }
  return others;
}

const agrees = ({ to, kind }: Binding, observed: ObservedBinding, pathOf: PathOf): boolean =>
  to?.path === pathOf(observed.to.path) && kind === observed.binding;

function tellBinding(binding: Binding, seen: ObservedBinding, differences: Differences): void {
  differences.add('trace.binding', referenceText(binding), {
    predicted: targetText(binding.to!.path, binding.kind),
    observed: targetText(seen.to.path, seen.binding),
  });
}

const symbolOf = ({ from, reference }: Binding) => symbolName(from.object.symbols, reference);
const versionOf = ({ from, reference }: Binding) => referenceVersion(from.object, reference);
const keyOf = (from: string, symbol: string, version: string | undefined) =>
  `${symbol}\0${version ?? ''}\0${from}`;

const referenceText = (binding: Binding): string => {
  const version = versionOf(binding);
  return `${symbolOf(binding)}${version === undefined ? '' : `@${version}`} of ${binding.from.path}`;
};

const targetText = (path: string, kind: string): string =>
  kind === 'protected' ? `${path} (protected)` : path;
