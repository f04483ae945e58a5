import type { Archive, ArchiveMember } from '../../archive/index.ts';
import { type ByteSource, FormatError } from '../../bytes/index.ts';
import { ElfFile, looksLikeElf } from '../../elf/index.ts';
import type { Diagnostic } from '../report.ts';
import type { MemberFacts } from './facts.ts';
import { hex } from './hex.ts';
import { type InspectOptions, inspectElf } from './inspect-elf.ts';

interface MemberInspection {
  readonly facts: MemberFacts;
  readonly diagnostics: readonly Diagnostic[];
}

/** Hands in the contents of a member; what is wrong with it as text when they cannot be had. */
type OpenMember = (member: ArchiveMember) => ByteSource | { readonly problem: string };

/**
 * The members of an archive, in file order, one at a time: an archive may be larger than what fits into memory
 * once it is decoded. A member that is no ELF file, or a broken one, does not stop the rest.
 */
export function* inspectMembers(
  archive: Archive,
  path: string,
  open: OpenMember,
  options: InspectOptions,
): Generator<MemberInspection> {
  for (const member of archive.members) yield inspectMember(member, path, open, options);
}

function inspectMember(
  member: ArchiveMember,
  path: string,
  open: OpenMember,
  options: InspectOptions,
): MemberInspection {
  const { name, size } = member;
  const facts: MemberFacts = { name, offset: hex(member.headerOffset), size };
  const object = `${path}(${name})`;
  try {
    const source = open(member);
    if ('problem' in source)
      return { facts, diagnostics: [{ level: 'error', message: source.problem, object }] };
    if (!looksLikeElf(source)) return { facts, diagnostics: [] };
    const { facts: elf, diagnostics } = inspectElf(new ElfFile(source), object, options);
    return { facts: { ...facts, elf }, diagnostics };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { facts, diagnostics: [{ level: 'error', message: error.message, object }] };
  }
}
