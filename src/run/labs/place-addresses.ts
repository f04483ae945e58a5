import { join } from 'node:path';
import type { PlacedAddress } from '../../analyses/labs/address-rows.ts';
import { ElfFile, PT, symbolName } from '../../elf/index.ts';
import { openFile } from '../../host/file-source.ts';
import type { DynamicObject } from '../../model/index.ts';
import type { LabRun, Prediction } from '../../model/lab.ts';

type StatedAddress = Extract<Prediction, { kind: 'address' }>;

/** Where in their files the addresses are that a lab asks about; those whose symbol is not there are left out. */
export function placeAddresses(
  { predicts }: LabRun,
  directory: string,
  open: (file: string) => DynamicObject | undefined,
): Map<string, PlacedAddress> {
  const asked = predicts.filter((stated) => stated.kind === 'address');
  return new Map(
    asked.flatMap((stated) => {
      const path = join(directory, stated.object);
      const object = open(path);
      const address = addressIn(path, stated);
      return object === undefined || address === undefined ? [] : [[stated.name, { object, address }]];
    }),
  );
}

function addressIn(path: string, { of, offset = 0 }: StatedAddress): bigint | undefined {
  using source = openFile(path);
  const file = new ElfFile(source);
  const start = of === undefined ? firstByte(file) : symbolValue(file, of);
  return start === undefined ? undefined : start + BigInt(offset);
}

const firstByte = ({ segments }: ElfFile): bigint | undefined =>
  segments.find(({ type }) => type === PT.LOAD)?.vaddr;

/** In the full symbol table: a symbol need not be exported. */
function symbolValue({ symbolTable }: ElfFile, name: string): bigint | undefined {
  for (let index = 1; symbolTable !== undefined && index < symbolTable.count; index++) {
    if (symbolName(symbolTable, index) === name) return symbolTable.value[index];
  }
  return undefined;
}
