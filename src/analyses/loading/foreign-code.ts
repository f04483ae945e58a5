import { ElfFile, PF, PT, SHN, symbolName } from '../../elf/index.ts';
import type { DynamicObject, LoadedObject } from '../../model/index.ts';
import type { DiagnosisFiles } from '../diagnosis/index.ts';
import { unlessDamaged } from '../diagnosis/unless-damaged.ts';
import { importedNames, type PluginCode, readPluginCode } from '../unload/plugin-code.ts';
import { leadsTo, reach } from '../unload/reach.ts';

/**
 * What code does to the link map behind the back of whoever runs it: `opens` or closes libraries itself; `keeps`
 * its object there for as long as its thread lives, by thread-local objects that have destructors (glibc
 * stdlib/cxa_thread_atexit_impl.c).
 */
type HiddenAct = 'opens' | 'keeps';

const ACTS: ReadonlyMap<string, HiddenAct> = new Map([
  ['dlopen', 'opens'],
  ['dlmopen', 'opens'],
  ['dlclose', 'opens'],
  ['__cxa_thread_atexit', 'keeps'],
  ['__cxa_thread_atexit_impl', 'keeps'],
]);

/** A place in code that ran, or may have run, from which such a call is reached. */
interface HiddenCall {
  readonly act: HiddenAct;
  readonly object: LoadedObject;
  /** `touch calls __cxa_thread_atexit`. */
  readonly text: string;
}

/** More machine code than this is not read, but taken to call all that it imports; in bytes. */
const CODE_LIMIT = 16 * 1024 * 1024;

/** Everything in an object is reached: its code is not read. */
const ALL = 'all';

interface Entry {
  readonly object: LoadedObject;
  /** The address of a function, or the constructors. */
  readonly at: number | 'constructors';
}

/**
 * The foreign code that ran in a process so far, by where it was entered. Whatever it led to then counts from then
 * on, since what it handed out may be called later. Nothing is read before somebody asks, and nothing at all where
 * no object imports any of those functions.
 */
export class ForeignCode {
  private readonly files: DiagnosisFiles;
  private readonly codes = new Map<LoadedObject, PluginCode | undefined>();
  private readonly exports = new Map<DynamicObject, ReadonlyMap<string, number>>();
  private readonly imports = new Map<DynamicObject, ReadonlySet<string>>();
  private readonly reached = new Map<LoadedObject, Set<number> | typeof ALL>();
  private readonly waiting: Entry[] = [];
  private readonly found: HiddenCall[] = [];

  constructor(files: DiagnosisFiles) {
    this.files = files;
  }

  /** The constructors of these objects run. */
  initialise(objects: readonly LoadedObject[]): void {
    for (const object of objects) this.waiting.push({ object, at: 'constructors' });
  }

  /** A function is called: a symbol of the object, by its index. */
  call(object: LoadedObject, definition: number): void {
    this.waiting.push({ object, at: Number(object.object.symbols.value[definition]!) });
  }

  /** What the code of these objects may have done so far; `present` is all that is in the process. */
  calls(
    act: HiddenAct,
    objects: readonly LoadedObject[],
    present: readonly LoadedObject[],
  ): readonly HiddenCall[] {
    if (!objects.some((entry) => this.isConcerned(entry, act))) return [];
    for (let entry = this.waiting.shift(); entry !== undefined; entry = this.waiting.shift()) {
      this.enter(entry, present);
    }
    return this.found.filter((call) => call.act === act && objects.includes(call.object));
  }

  private isConcerned(entry: LoadedObject, act: HiddenAct): boolean {
    const imports = this.importsOf(entry);
    const isImported = [...ACTS].some(([name, kind]) => kind === act && imports.has(name));
    return isImported && !isRuntime(entry, this.exportsOf(entry));
  }

  private enter({ object, at }: Entry, present: readonly LoadedObject[]): void {
    // The C library and C++'s make such calls for others, who are found out themselves.
    if (isRuntime(object, this.exportsOf(object))) return;
    const code = this.codeOf(object);
    if (code?.map === undefined) {
      if (this.reached.get(object) === ALL) return;
      this.reached.set(object, ALL);
      for (const name of this.importsOf(object)) this.follow(object, name, 'it imports', present);
      return;
    }
    const { map, entries, nameOf } = code;
    const known = this.reachedOf(object);
    const starts = at === 'constructors' ? entries.open : [map.functionAt(at) ?? at];
    for (const start of reach(map, starts, leadsTo).keys()) {
      if (known.has(start)) continue;
      known.add(start);
      for (const { name, isTaken } of map.functions.get(start)!.imports) {
        const does = isTaken ? 'takes the address of' : 'calls';
        this.follow(object, name, `${nameOf(start)} ${does}`, present);
      }
    }
  }

  private follow(object: LoadedObject, name: string, who: string, present: readonly LoadedObject[]): void {
    const act = ACTS.get(name);
    if (act !== undefined) {
      this.found.push({ act, object, text: `${who} ${name}` });
      return;
    }
    for (const other of present) {
      const at = other === object ? undefined : this.exportsOf(other).get(name);
      if (at !== undefined) this.waiting.push({ object: other, at });
    }
  }

  private reachedOf(object: LoadedObject): Set<number> {
    const known = this.reached.get(object);
    if (known !== undefined && known !== ALL) return known;
    const fresh = new Set<number>();
    this.reached.set(object, fresh);
    return fresh;
  }

  private codeOf(entry: LoadedObject): PluginCode | undefined {
    if (!this.codes.has(entry)) this.codes.set(entry, this.readCode(entry));
    return this.codes.get(entry);
  }

  private readCode({ path, object }: LoadedObject): PluginCode | undefined {
    return unlessDamaged(() =>
      this.files.read(path, (source) => {
        const file = new ElfFile(source);
        const code = file.segments.filter(({ type, flags }) => type === PT.LOAD && (flags & PF.X) !== 0);
        const size = code.reduce((sum, { fileSize }) => sum + fileSize, 0);
        return size > CODE_LIMIT ? undefined : readPluginCode(file, object, path, new Set(), () => true);
      }),
    );
  }

  private importsOf({ object }: LoadedObject): ReadonlySet<string> {
    let names = this.imports.get(object);
    if (names === undefined) this.imports.set(object, (names = importedNames(object.symbols)));
    return names;
  }

  private exportsOf({ object }: LoadedObject): ReadonlyMap<string, number> {
    let names = this.exports.get(object);
    if (names === undefined) this.exports.set(object, (names = exportedNames(object)));
    return names;
  }
}

/** The addresses of what others can call. */
function exportedNames({ symbols, firstHashed }: DynamicObject): Map<string, number> {
  const names = new Map<string, number>();
  for (let index = Math.max(1, firstHashed); index < symbols.count; index++) {
    if (symbols.section[index] !== SHN.UNDEF)
      names.set(symbolName(symbols, index), Number(symbols.value[index]!));
  }
  return names;
}

/** An object that others need and that has one of those functions itself: libc, libdl, libstdc++, libc++abi. */
const isRuntime = ({ requester, rule }: LoadedObject, exports: ReadonlyMap<string, number>): boolean =>
  rule === 'loader' || (requester !== undefined && [...ACTS.keys()].some((name) => exports.has(name)));
