import type {
  Address,
  Backend,
  CallArgument,
  CallbackShape,
  Callbacks,
  CallOutcome,
  CallReturn,
  LookupPlace,
  RawHandle,
  RawOpen,
} from '../backend.ts';
import { RTLD } from '../backend.ts';
import { DlError } from '../errors.ts';
import { type DlFunctions, dlFunctions } from './dl-functions.ts';
import { addressInfo, handleInfo, type Inspector, images, linkMap } from './inspect.ts';
import { type Koffi, loadKoffi } from './koffi.ts';
import { type OwnMemory, ownMemory } from './own-memory.ts';

/** Called before a library is opened; throws to prevent it. */
export type BeforeOpen = (request: RawOpen) => void;

/** RTLD_DEFAULT, and LM_ID_BASE and LM_ID_NEWLM (dlfcn.h). */
const DEFAULT_HANDLE = 0n;
const NEW_NAMESPACE = -1n;

/** Loads libraries into the running Node. Everything is done at once, on the calling thread. */
export async function inProcessBackend(beforeOpen: BeforeOpen): Promise<Backend> {
  return new InProcess(await loadKoffi(), beforeOpen);
}

class InProcess implements Backend {
  readonly kind = 'in-process';
  readonly callbacks: Callbacks;
  private readonly koffi: Koffi;
  private readonly dl: DlFunctions;
  private readonly memory: OwnMemory;
  private readonly inspector: Inspector;
  private readonly beforeOpen: BeforeOpen;
  /** koffi's prototypes, by the kinds of the arguments and the result. */
  private readonly shapes = new Map<string, ReturnType<Koffi['proto']>>();

  constructor(koffi: Koffi, beforeOpen: BeforeOpen) {
    this.koffi = koffi;
    this.beforeOpen = beforeOpen;
    this.dl = dlFunctions(koffi);
    this.memory = ownMemory(koffi);
    this.inspector = { dl: this.dl, memory: this.memory };
    this.callbacks = {
      register: (shape, callee) => this.register(shape, callee),
      release: (address) => koffi.unregister(address),
    };
  }

  async open(request: RawOpen): Promise<RawHandle> {
    this.beforeOpen(request);
    const { file, flags, namespace } = request;
    const handle =
      namespace === undefined
        ? this.dl.dlopen(file, flags)
        : this.dl.dlmopen(namespace === 'new' ? NEW_NAMESPACE : namespace, file, flags);
    if (handle !== 0n) return handle;
    // RTLD_NOLOAD of what is not there leaves no error behind.
    throw new DlError(this.dl.dlerror() ?? `${file} is not loaded`);
  }

  async close(handle: RawHandle): Promise<void> {
    if (this.dl.dlclose(handle) !== 0) throw new DlError(this.dl.dlerror() ?? 'dlclose failed');
  }

  async symbol(place: LookupPlace, name: string, version?: string): Promise<Address> {
    if (place === 'next') {
      throw new Error(
        "RTLD_NEXT means 'after the caller', which is Node's bridge to C here and not your code: use openHost()",
      );
    }
    const handle = place === 'default' ? DEFAULT_HANDLE : place;
    this.dl.dlerror();
    const address =
      version === undefined ? this.dl.dlsym(handle, name) : this.dl.dlvsym(handle, name, version);
    if (address !== 0n) return address;
    const error = this.dl.dlerror();
    if (error !== null) throw new DlError(error);
    return 0n;
  }

  async addressInfo(address: Address) {
    return addressInfo(this.inspector, address);
  }

  async handleInfo(handle: RawHandle) {
    return handleInfo(this.inspector, handle);
  }

  async linkMap(handle?: RawHandle) {
    if (handle !== undefined) return linkMap(this.inspector, handle);
    const program = this.dl.dlopen(null, RTLD.LAZY);
    try {
      return linkMap(this.inspector, program);
    } finally {
      this.dl.dlclose(program);
    }
  }

  async images() {
    return images(this.inspector);
  }

  async call(address: Address, args: readonly CallArgument[], returns: CallReturn): Promise<CallOutcome> {
    const { koffi } = this;
    // What goes by address has to stay where it is until the call is over, whether it is wanted back or not.
    const copies: Uint8Array[] = [];
    const values = args.map((argument, index) => {
      if (argument.kind === 'integer') return BigInt.asIntN(64, argument.value);
      if (argument.kind === 'bytes') return koffi.address((copies[index] = copyOf(argument.value)));
      return argument.value;
    });
    const result = koffi.call(address, this.shapeOf(args.map(registerOf), returns), ...values);
    const errno = koffi.errno();
    const returned = new Map<number, Uint8Array>();
    copies.forEach((copy, index) => {
      const argument = args[index] as CallArgument & { kind: 'bytes' };
      if (argument.returned) returned.set(index, copy.subarray(0, argument.value.length));
    });
    return { value: returns === 'integer' ? BigInt(result) : result, returned, errno };
  }

  async read(address: Address, size: number) {
    return this.memory.read(address, size);
  }

  async write(address: Address, bytes: Uint8Array) {
    this.memory.write(address, bytes);
  }

  async readString(address: Address) {
    return this.memory.readString(address);
  }

  async allocate(size: number) {
    const address = this.dl.allocate(size);
    if (address === 0n) throw new RangeError(`${size} bytes are more than there are`);
    return address;
  }

  async free(address: Address) {
    this.dl.free(address);
  }

  async [Symbol.asyncDispose]() {
    // The process is the caller's own: it goes on.
  }

  private register(shape: CallbackShape, callee: Parameters<Callbacks['register']>[1]): Address {
    const { koffi } = this;
    const prototype = this.shapeOf(shape.parameters, shape.returns);
    return koffi.register(
      (...args: unknown[]) =>
        callee(
          ...args.map((value, index) =>
            shape.parameters[index] === 'integer' ? BigInt(value as number | bigint) : value,
          ),
        ),
      koffi.pointer(prototype),
    );
  }

  private shapeOf(parameters: readonly CallReturn[], returns: CallReturn) {
    const key = `${parameters.join()}>${returns}`;
    let shape = this.shapes.get(key);
    if (shape === undefined) {
      shape = this.koffi.proto(
        KOFFI_TYPES[returns],
        parameters.map((kind) => KOFFI_TYPES[kind]),
      );
      this.shapes.set(key, shape);
    }
    return shape;
  }
}

/** A whole register for every integer: who calls knows the type. */
const KOFFI_TYPES: Readonly<Record<CallReturn, string>> = {
  void: 'void',
  integer: 'int64_t',
  double: 'double',
  float: 'float',
  string: 'const char *',
};

const registerOf = ({ kind }: CallArgument) => (kind === 'bytes' ? 'integer' : kind);

/** Never empty: an empty buffer has no address. */
function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(Math.max(bytes.length, 1));
  copy.set(bytes);
  return copy;
}
