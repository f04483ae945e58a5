import { readArchive } from '../src/archive/index.ts';
import { type ByteSource, memorySource } from '../src/bytes/index.ts';
import { attempt, everything } from './everything.ts';
import { wholeProcess } from './process.ts';

/** One way into solder that takes bytes from outside. */
export interface Target {
  readonly name: string;
  /** Must return, or throw nothing but `FormatError`. */
  run(bytes: Uint8Array): void;
  /** Bytes of typed arrays that it takes whatever the input: tables that grow later. */
  readonly fixedColumns?: number;
}

/** All ways in; a new reader gets a line here. */
export const TARGETS: readonly Target[] = [
  { name: 'elf', run: (bytes) => everything(memorySource(bytes)) },
  { name: 'archive', run: (bytes) => everyMember(memorySource(bytes)) },
  { name: 'process', run: (bytes) => wholeProcess(memorySource(bytes)), fixedColumns: 8_000_000 },
];

function everyMember(source: ByteSource): void {
  const archive = attempt(() => readArchive(source));
  if (archive === undefined) return;
  const { members, symbolIndex } = archive;
  for (let entry = 0; entry < (symbolIndex?.count ?? 0); entry++) attempt(() => symbolIndex!.name(entry));
  for (const member of members) {
    if (member.source) everything(member.source);
  }
}
