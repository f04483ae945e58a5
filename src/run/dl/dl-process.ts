import type { DlCall } from '../../model/index.ts';
import type {
  Address,
  AddressInfo,
  Backend,
  ForeignOutput,
  LinkMapEntry,
  LoadedImages,
  RawOpen,
} from './backend.ts';
import { RTLD } from './backend.ts';
import { type Callback, type Callee, registerCallback } from './callback.ts';
import { type Explain, explained } from './explain.ts';
import { Library } from './library.ts';
import { type FunctionOf, type NativeFunction, nativeFunction, type TextFor } from './native-function.ts';
import { openMode } from './open-mode.ts';
import { type SearchPlace, Session, type SymbolOptions } from './session.ts';
import { sizeOf, type TypeLike } from './types/c-type.ts';
import { encode } from './types/encode.ts';
import { type NamedTypes, parsePrototype, typeOf } from './types/parse-declaration.ts';
import { checkName, type Value, ValueError } from './types/values.ts';
import { Allocation, Variable } from './variable.ts';

/** RTLD_DEFAULT, or RTLD_NEXT as seen from the program. */
export type PseudoHandle = 'default' | 'next';

/**
 * A process that libraries are loaded into, with the functions of dlfcn.h. Closing it closes the libraries that
 * are still open, the last one first.
 */
export class DlProcess implements AsyncDisposable {
  private readonly session: Session;
  /** In the order in which they were opened, with what they were opened by. */
  private readonly open = new Map<Library, RawOpen>();
  private readonly endsWithLibraries: boolean;
  private closing: Promise<void> | undefined;

  /** `endsWithLibraries`: the process is closed together with its last library. */
  constructor(backend: Backend, explain: Explain, endsWithLibraries = false) {
    this.session = new Session(backend, explain);
    this.endsWithLibraries = endsWithLibraries;
  }

  get kind(): Backend['kind'] {
    return this.session.backend.kind;
  }

  get closed(): boolean {
    return this.session.closed;
  }

  /** Libraries that are open, in the order in which they were opened. */
  get libraries(): readonly Library[] {
    return [...this.open.keys()];
  }

  /**
   * dlopen(3): a path, a name to search for, or null for the program itself. `flags` are those of `RTLD`.
   * Rejects with `DlError`.
   */
  dlopen(file: string | null, flags: number = RTLD.NOW): Promise<Library> {
    return this.openLibrary({ file, flags });
  }

  /** dlmopen(3): opens in a new namespace, in that of a library, or in the one of this number. */
  async dlmopen(
    namespace: 'new' | bigint | Library,
    file: string | null,
    flags: number = RTLD.NOW,
  ): Promise<Library> {
    const number = namespace instanceof Library ? (await namespace.info()).namespace : namespace;
    if (number === undefined) throw new Error('this C library has no namespaces');
    return this.openLibrary({ file, flags, namespace: number });
  }

  /** dlsym(3) of a pseudo-handle; dlvsym(3) with a version. */
  symbol(place: PseudoHandle, name: string, version?: string): Promise<Address> {
    return this.session.symbol(this.placeOf(place), name, version);
  }

  /** A function that is looked up by a pseudo-handle; typed as that of a library. */
  function<const Prototype extends string, Declared extends FunctionOf<Prototype>>(
    place: PseudoHandle,
    name: string,
    prototype: Prototype,
    options?: SymbolOptions,
  ): Promise<Declared>;
  function<Result = never>(
    place: PseudoHandle,
    name: string,
    prototype: TextFor<Result>,
    options?: SymbolOptions,
  ): Promise<NativeFunction<NoInfer<Result>>>;
  function(
    place: PseudoHandle,
    name: string,
    prototype: string,
    options: SymbolOptions = {},
  ): Promise<NativeFunction> {
    return this.session.function(this.placeOf(place), name, prototype, options);
  }

  /** The function at an address: another function's result, a member of a table of functions. */
  functionAt<const Prototype extends string, Declared extends FunctionOf<Prototype>>(
    address: Address,
    prototype: Prototype,
    types?: NamedTypes,
  ): Declared;
  functionAt<Result = never>(
    address: Address,
    prototype: TextFor<Result>,
    types?: NamedTypes,
  ): NativeFunction<NoInfer<Result>>;
  functionAt(address: Address, prototype: string, types?: NamedTypes): NativeFunction {
    if (address === 0n) throw new ValueError('functionAt', 'the address is NULL: it cannot be called');
    const { backend } = this.session;
    return nativeFunction(backend, address, parsePrototype(prototype, types), () => this.session.check());
  }

  /** Memory at an address, of a type. */
  at<Content = Value>(address: Address, type: TypeLike, types?: NamedTypes): Variable<Content> {
    return new Variable(this.session.backend, address, typeOf(type, types), () => this.session.check());
  }

  /** Memory of a type, zeroed or with a value in it. */
  async allocate<Content = Value>(type: TypeLike, value?: Content): Promise<Allocation<Content>> {
    this.session.check();
    const { backend } = this.session;
    const exact = typeOf(type);
    const initial = value === undefined ? new Uint8Array(sizeOf(exact)) : encode(exact, value);
    const address = await backend.allocate(initial.length);
    await backend.write(address, initial);
    return new Allocation<Content>(backend, address, exact, () => this.session.check());
  }

  /** A NUL-terminated string in memory of its own. */
  allocateString(text: string): Promise<Allocation<string>> {
    return this.allocate(`char[${Buffer.byteLength(text) + 1}]`, text);
  }

  /** The string at an address. */
  async readString(address: Address): Promise<string> {
    this.session.check();
    return this.session.backend.readString(address);
  }

  /** A function of this program that foreign code can call until it is released. Only in process. */
  callback(prototype: string, callee: Callee, types?: NamedTypes): Callback {
    this.session.check();
    return registerCallback(this.session.backend, parsePrototype(prototype, types), callee);
  }

  /** dladdr1(3): what stands at an address; undefined when it lies in no object. */
  async info(address: Address): Promise<AddressInfo | undefined> {
    this.session.check();
    return this.session.backend.addressInfo(address);
  }

  /** The link map of the base namespace. */
  async linkMap(): Promise<readonly LinkMapEntry[]> {
    this.session.check();
    return this.session.backend.linkMap();
  }

  /** dl_iterate_phdr(3). */
  async images(): Promise<LoadedImages> {
    this.session.check();
    return this.session.backend.images();
  }

  /**
   * What foreign code has printed so far, where a host collects it (the default of its option `output`): all of it
   * when the process is closed. In process it goes to Node's own stdout and stderr.
   */
  output(): ForeignOutput {
    return this.session.backend.output?.() ?? { stdout: '', stderr: '' };
  }

  /** Closes the open libraries, the last one first, and then the process. */
  async close(): Promise<void> {
    this.session.check();
    this.closing ??= this.closeAll();
    await this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.closed) await this.close();
  }

  private async closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const library of this.libraries.toReversed()) {
      await library[Symbol.asyncDispose]().catch((error: unknown) => errors.push(error));
    }
    await this.end();
    if (errors.length > 0) throw errors[0];
  }

  private async end(): Promise<void> {
    if (this.session.closed) return;
    this.session.closed = true;
    await this.session.backend[Symbol.asyncDispose]();
  }

  private placeOf(pseudo: PseudoHandle): SearchPlace {
    return {
      place: pseudo,
      circumstances: () => ({ before: this.openCalls(), handle: { pseudo } }),
      check: () => this.session.check(),
    };
  }

  /** Libraries that were closed are left out, though something may keep one of them. */
  private openCalls(): DlCall[] {
    return [...this.open.values()].map(({ file, flags, namespace }, index) => ({
      call: 'dlopen',
      file,
      mode: openMode(flags),
      handle: `${index}`,
      ...(namespace === 'new' ? { namespace } : {}),
    }));
  }

  private async openLibrary(request: RawOpen): Promise<Library> {
    this.session.check();
    const { backend, explain } = this.session;
    const { file, flags } = request;
    if (file !== null) checkName('a library', file);
    const handle = await explained(explain, backend.open(request), (message) => ({
      call: 'dlopen',
      file,
      flags,
      before: this.openCalls(),
      message,
    }));
    const path = file === null ? '' : (await backend.handleInfo(handle)).linkMap.name;
    const library: Library = new Library(this.session, {
      handle,
      path,
      count: () => this.libraries.filter((each) => each.handle === handle).length,
      circumstances: () => ({
        before: this.openCalls(),
        handle: `${this.libraries.indexOf(library)}`,
      }),
      close: async () => {
        this.open.delete(library);
        try {
          await backend.close(handle);
        } finally {
          if (this.endsWithLibraries && this.open.size === 0) await this.end();
        }
      },
    });
    this.open.set(library, request);
    return library;
  }
}
