import { symbolName } from '../../elf/index.ts';
import { nearestSymbol } from '../../loader/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import type { Prediction } from '../../model/lab.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

type StatedAddress = Extract<Prediction, { kind: 'address' }>;

/** An address in a file of the build, and the loader's view of that file. */
export interface PlacedAddress {
  readonly object: DynamicObject;
  /** As in the file's symbol tables. */
  readonly address: bigint;
}

/** The symbol next to an address by the rule of dladdr(3): `NAME+OFFSET`. */
function nearestText({ object, address }: PlacedAddress): string {
  const symbol = nearestSymbol(object, address);
  if (symbol === undefined) return 'no symbol';
  return `${symbolName(object.symbols, symbol)}+${address - object.symbols.value[symbol]!}`;
}

/** Whose an address is, by solder beside what the program prints of dladdr's answer. */
export function addressRows(
  stated: readonly StatedAddress[],
  predicted: ReadonlyMap<string, PlacedAddress>,
  stdout: string,
): LabRow[] {
  const lines = stdout.split('\n');
  return stated.map(({ name, object, is }) => {
    const place = predicted.get(name);
    const start = `${name}: `;
    const printed = lines.find((line) => line.startsWith(start))?.slice(start.length);
    const text = place === undefined ? 'no such symbol' : `${object}, ${nearestText(place)}`;
    return judgedRow(`address: ${name}`, `${object}, ${is}`, text, { text: printed ?? 'nothing printed' });
  });
}
