import {
  ElfFile,
  SHN,
  STB,
  STT,
  STV,
  type SymbolTable,
  symbolBinding,
  symbolName,
  symbolType,
  symbolVisibility,
  VERSYM_HIDDEN,
} from '../../elf/index.ts';
import { type DynamicObject, isProgram } from '../../model/index.ts';
import { referenceVersion } from '../symbol-text.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';
import type { NamedObject } from './open-diagnosis.ts';
import { symbolsNamed } from './symbol-names.ts';
import { unlessDamaged } from './unless-damaged.ts';

/**
 * What one object has of a name:
 * - `exported`: a definition that others can bind to; `other-version`: such, in other versions than the wanted one
 * - `hidden`: a definition with hidden or internal visibility; `local`: one of local binding, which `static` makes,
 *   and a version script; `not-exported`: a global one that the dynamic symbol table lacks
 * - `imported`: a reference, no definition
 */
type TraceKind = 'exported' | 'other-version' | 'hidden' | 'local' | 'not-exported' | 'imported';

export interface Trace {
  readonly kind: TraceKind;
  readonly object: NamedObject;
  /** Versions that it is defined in, `@@V` for the default one; of `imported` the one that is asked for. */
  readonly versions: readonly string[];
  /** Of a `local` one: what made it so, as far as the file tells. */
  readonly localBy?: LocalCause;
  /** Index in the dynamic symbols, for what stands there. */
  readonly symbol?: number;
}

/** `script`: it was global until the link; `source`: local in this source file, or made so while linking it. */
type LocalCause = { readonly by: 'link' } | { readonly by: 'source'; readonly file: string };

/** `.symtab` of a file; undefined for one that is stripped or cannot be read. */
export function sectionSymbols(files: DiagnosisFiles, path: string): SymbolTable | undefined {
  return unlessDamaged(() => files.read(path, (source) => new ElfFile(source).symbolTable));
}

/** What an object has of a name; undefined for nothing at all. */
export function traceSymbol(
  files: DiagnosisFiles,
  target: NamedObject,
  name: string,
  version: string | undefined,
): Trace | undefined {
  const { object, path } = target;
  const dynamic = unlessDamaged(() => traceDynamic(target, name, version));
  if (dynamic !== undefined && dynamic.kind !== 'imported') return dynamic;
  const section = sectionSymbols(files, path);
  return (section && unlessDamaged(() => traceSection(target, object, section, name))) ?? dynamic;
}

function traceDynamic(object: NamedObject, name: string, version: string | undefined): Trace | undefined {
  const { symbols, firstHashed, versions } = object.object;
  const named = symbolsNamed(symbols, name);
  const defined = named.filter((index) => isDefined(object.object, index) && index >= firstHashed);
  const visible = defined.filter((index) => isVisible(symbols, index));
  const written = (indexes: readonly number[]): string[] =>
    indexes.flatMap((index) => {
      const text = referenceVersion(object.object, index);
      const isHidden = ((versions.versym?.[index] ?? 0) & VERSYM_HIDDEN) !== 0;
      return text === undefined ? [] : [`${isHidden ? '@' : '@@'}${text}`];
    });
  if (visible.length > 0) {
    const texts = written(visible);
    const isUnversioned = texts.length < visible.length;
    // dlvsym(3) takes a definition without a version only from an object that has no versions at all.
    const isWanted =
      version === undefined
        ? isUnversioned || texts.some((text) => text.startsWith('@@'))
        : versions.versym === undefined || texts.some((text) => text.replace(/^@+/, '') === version);
    const kind = isWanted ? 'exported' : 'other-version';
    return { kind, object, versions: texts, symbol: visible[0]! };
  }
  const hidden = defined.find((index) => symbolBinding(symbols.info[index]!) !== STB.LOCAL);
  if (hidden !== undefined) return { kind: 'hidden', object, versions: [], symbol: hidden };
  const imported = named.find((index) => symbols.section[index] === SHN.UNDEF);
  if (imported === undefined) return undefined;
  const asked = referenceVersion(object.object, imported);
  return { kind: 'imported', object, versions: asked === undefined ? [] : [asked], symbol: imported };
}

const isDefined = ({ symbols }: DynamicObject, index: number): boolean =>
  symbols.section[index] !== SHN.UNDEF;

function isVisible({ info, other }: SymbolTable, index: number): boolean {
  const visibility = symbolVisibility(other[index]!);
  return (
    visibility !== STV.HIDDEN && visibility !== STV.INTERNAL && symbolBinding(info[index]!) !== STB.LOCAL
  );
}

function traceSection(
  object: NamedObject,
  { symbols }: DynamicObject,
  section: SymbolTable,
  name: string,
): Trace | undefined {
  for (const index of symbolsNamed(section, name)) {
    if (section.section[index] === SHN.UNDEF || symbolType(section.info[index]!) === STT.FILE) continue;
    const visibility = symbolVisibility(section.other[index]!);
    const base = { object, versions: [] };
    if (visibility === STV.HIDDEN || visibility === STV.INTERNAL) return { ...base, kind: 'hidden' };
    if (symbolBinding(section.info[index]!) === STB.LOCAL) {
      return { ...base, kind: 'local', localBy: localCause(section, index) };
    }
    // A static program has no dynamic symbols to be among.
    if (symbols.count > 0 || isProgram(object.object)) return { ...base, kind: 'not-exported' };
  }
  return undefined;
}

/**
 * A file's local symbols stand behind the name of its source (gABI, Symbol Table: STT_FILE). GNU ld puts those that
 * it made local itself behind all others, and an STT_FILE symbol without a name before them.
 */
function localCause(section: SymbolTable, symbol: number): LocalCause {
  for (let index = symbol - 1; index > 0; index--) {
    if (symbolType(section.info[index]!) !== STT.FILE) continue;
    const file = symbolName(section, index);
    return file === '' ? { by: 'link' } : { by: 'source', file };
  }
  return { by: 'link' };
}

/** The names of all that others can bind to in an object. */
export const isExported = ({ symbols, firstHashed }: DynamicObject, index: number): boolean =>
  index >= firstHashed && symbols.section[index] !== SHN.UNDEF && isVisible(symbols, index);
