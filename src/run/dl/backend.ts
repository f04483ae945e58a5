/** The flags of dlopen(3), as bits on Linux (glibc and musl, bits/dlfcn.h). */
export const RTLD = {
  LAZY: 0x1,
  NOW: 0x2,
  NOLOAD: 0x4,
  DEEPBIND: 0x8,
  GLOBAL: 0x100,
  LOCAL: 0,
  NODELETE: 0x1000,
} as const;

/** An address in the process that the libraries are loaded into. */
export type Address = bigint;
/** What dlopen(3) returned; never 0. */
export type RawHandle = bigint;

/** RTLD_DEFAULT and RTLD_NEXT: pseudo-handles. RTLD_NEXT is seen from the host program itself. */
export type LookupPlace = RawHandle | 'default' | 'next';

/** What dladdr1(3) with RTLD_DL_SYMENT tells of an address. */
export interface AddressInfo {
  /** dli_fname: the object, by the path that the loader knows it by. */
  readonly object: string;
  /** dli_fbase. */
  readonly base: Address;
  /** dli_sname with dli_saddr; undefined where no symbol of the dynamic table covers or precedes it. */
  readonly symbol:
    | {
        readonly name: string;
        readonly address: Address;
        /** st_size in bytes, st_info, st_other. */
        readonly size: bigint;
        readonly info: number;
        readonly other: number;
      }
    | undefined;
}

/** One entry of a link map (link.h, struct link_map). */
export interface LinkMapEntry {
  /** l_name; empty for the program itself. */
  readonly name: string;
  /** l_addr: what is added to the file's addresses. */
  readonly base: Address;
  /** l_ld: its dynamic section. */
  readonly dynamic: Address;
}

/** What dlinfo(3) tells of a handle. Undefined: the C library has no such request. */
export interface HandleInfo {
  /** RTLD_DI_LMID; 0 is the base namespace. */
  readonly namespace: bigint | undefined;
  /** RTLD_DI_LINKMAP. */
  readonly linkMap: LinkMapEntry;
  /** RTLD_DI_ORIGIN. */
  readonly origin: string | undefined;
  /** RTLD_DI_SERINFO: directories in search order. */
  readonly searchPath: readonly string[] | undefined;
  /** RTLD_DI_TLS_MODID; 0: none. */
  readonly tlsModule: bigint | undefined;
  /** RTLD_DI_TLS_DATA: the calling thread's block; 0: none, or not allocated yet. */
  readonly tlsData: Address | undefined;
}

/** What dl_iterate_phdr(3) tells of one object. */
export interface LoadedImage {
  readonly name: string;
  readonly base: Address;
  /** Program headers, as in the file. */
  readonly segments: readonly {
    readonly type: number;
    readonly flags: number;
    readonly address: Address;
    readonly size: bigint;
  }[];
  readonly tlsModule: bigint;
  readonly tlsData: Address;
}

/** All images with the counters that tell how many were ever added and removed. */
export interface LoadedImages {
  readonly added: bigint;
  readonly removed: bigint;
  readonly images: readonly LoadedImage[];
}

/** How one argument is passed: in an integer register or a floating one. */
export type CallArgument =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  /** The address of a copy of these bytes, which ends with the call. `returned`: what the callee left is wanted. */
  | { readonly kind: 'bytes'; readonly value: Uint8Array; readonly returned: boolean };

/** How the result is read. `string`: a NUL-terminated string at the returned address, null for NULL. */
export type CallReturn = 'void' | 'integer' | 'double' | 'float' | 'string';

export interface CallOutcome {
  /** `integer`: the full register, to be narrowed by whoever knows the type. */
  readonly value: bigint | number | string | null | undefined;
  /** The contents of `bytes` arguments that were wanted back, by the argument's position. */
  readonly returned: ReadonlyMap<number, Uint8Array>;
  /** errno after the call. */
  readonly errno: number;
}

/** How a function of this program takes its arguments and gives its result; `string` as for a result. */
export interface CallbackShape {
  readonly parameters: readonly Exclude<CallReturn, 'void'>[];
  readonly returns: Exclude<CallReturn, 'string'>;
}

/** Functions of this program as addresses that foreign code can call. */
export interface Callbacks {
  /** `callee` gets full registers, as `CallReturn` has them, and returns what `shape.returns` says. */
  register(shape: CallbackShape, callee: (...args: unknown[]) => bigint | number | undefined): Address;
  release(address: Address): void;
}

/** What foreign code has printed, as UTF-8. */
export interface ForeignOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a library is opened. */
export interface RawOpen {
  /** null: the program itself. */
  readonly file: string | null;
  /** RTLD flags. */
  readonly flags: number;
  /** dlmopen(3): a namespace's number, or LM_ID_NEWLM. Default: the base namespace. */
  readonly namespace?: bigint | 'new';
}

/**
 * Where libraries are loaded: in a process of their own or in this one. Every method rejects with `DlError`
 * when the dlopen API does, with `ProcessDied` when the foreign code took its process with it, and with
 * `CallLimit` when a call took longer than it may.
 */
export interface Backend extends AsyncDisposable {
  readonly kind: 'host' | 'in-process';
  /** True when the process is gone, and a request was rejected for it. */
  readonly over?: boolean;
  /** What was printed so far; undefined where it is not collected. */
  output?(): ForeignOutput;
  /** Undefined: foreign code here cannot call back into this program. */
  readonly callbacks?: Callbacks;
  open(request: RawOpen): Promise<RawHandle>;
  close(handle: RawHandle): Promise<void>;
  /** dlsym(3), dlvsym(3). A symbol whose value is NULL gives 0n; one that is missing rejects. */
  symbol(place: LookupPlace, name: string, version?: string): Promise<Address>;
  /** dladdr1(3); undefined when the address lies in no object. */
  addressInfo(address: Address): Promise<AddressInfo | undefined>;
  handleInfo(handle: RawHandle): Promise<HandleInfo>;
  /** The link map of a handle's namespace; of the base namespace without one. */
  linkMap(handle?: RawHandle): Promise<readonly LinkMapEntry[]>;
  images(): Promise<LoadedImages>;
  call(address: Address, args: readonly CallArgument[], returns: CallReturn): Promise<CallOutcome>;
  /** Rejects with `BadAddress` for memory that is not there: the process survives. */
  read(address: Address, size: number): Promise<Uint8Array>;
  write(address: Address, bytes: Uint8Array): Promise<void>;
  /** A NUL-terminated string. */
  readString(address: Address): Promise<string>;
  allocate(size: number): Promise<Address>;
  free(address: Address): Promise<void>;
}
