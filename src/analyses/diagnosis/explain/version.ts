import { baseName, type Finding } from '../../../model/index.ts';
import { needChain } from '../open-diagnosis.ts';
import { chainEvidence, failure, pathOf, type Refusal } from '../refusal.ts';

/** A needed version that its library does not define (glibc elf/dl-version.c, match_symbol). */
export function explainVersion(refusal: Refusal): Finding[] {
  const { message, process } = refusal;
  const version = message.version!;
  const library = process.scope.find(({ path }) => path === message.object);
  const requester = process.scope.find(({ path }) => path === message.requester);
  const needer = message.requester ?? refusal.diagnosis.file;
  const defined = library?.object.versions.definitions.filter(({ base }) => !base) ?? [];
  return [
    failure(refusal, 'load.missing-version', {
      subject: version,
      object: needer,
      evidence: [
        ...chainEvidence(needChain(requester), `version ${version} of ${baseName(message.object)}`),
        ...(library ? [{ text: definedText(defined.map(({ name }) => name)), object: library.path }] : []),
      ],
      fix: version.startsWith('GLIBC_ABI_')
        ? `run it on a newer glibc, or link ${baseName(needer)} for an older one (${ABI_OPTIONS[version] ?? 'see the release notes of the linker'})`
        : `install a ${baseName(message.object)} that is as new as the one ${baseName(needer)} was linked with, or link ${baseName(needer)} with the older one`,
    }),
  ];
}

/** How to link without what these stand for. */
const ABI_OPTIONS: Readonly<Record<string, string>> = {
  GLIBC_ABI_DT_RELR: '-Wl,-z,nopack-relative-relocs',
};

const SHOWN = 8;

function definedText(names: readonly string[]): string {
  if (names.length === 0) return 'defines no versions at all';
  const last = names.length > SHOWN ? `${names.length} versions, the last are ` : '';
  return `defines ${last}${names.slice(-SHOWN).join(', ')}`;
}

/** A loader that asks for something else than the record that the file has. */
export function explainVersionTable(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  return [
    failure(refusal, 'load.wrong-format', {
      object: path,
      evidence: [{ text: 'its table of versions is damaged, or of a kind that nobody writes', object: path }],
      fix: 'replace the file',
    }),
  ];
}

/** DT_RELR in a file that does not say so to older loaders (glibc elf/dl-version.c, _dl_check_map_versions). */
export function explainRelr(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  return [
    failure(refusal, 'open.relr', {
      object: path,
      evidence: [
        { text: 'has DT_RELR and needs libc, but not the version GLIBC_ABI_DT_RELR of it', object: path },
      ],
      fix: `link ${baseName(path)} with -Wl,-z,pack-relative-relocs by a linker that adds the version, or with -Wl,-z,nopack-relative-relocs`,
    }),
  ];
}
