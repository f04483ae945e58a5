import { ElfFile, imageOf } from '../../elf/index.ts';
import type { StepResult } from '../../model/index.ts';
import { hex } from '../../model/inspection/hex.ts';
import type { DiagnosisFiles } from '../diagnosis/index.ts';
import { unlessDamaged } from '../diagnosis/unless-damaged.ts';

/**
 * An address of an object as its file has it, and where its byte stands there: without a place where the segments
 * hold zeros that the file does not store (gABI, Program Header: p_filesz), or the file cannot be read.
 */
export function filePlace(
  files: DiagnosisFiles,
  path: string,
  address: bigint,
): Pick<StepResult, 'address' | 'fileOffset'> {
  const place = unlessDamaged(() =>
    files.read(path, (source) => imageOf(new ElfFile(source).segments).locate(address)),
  );
  return { address: hex(address), ...(place === undefined ? {} : { fileOffset: hex(place.offset) }) };
}
