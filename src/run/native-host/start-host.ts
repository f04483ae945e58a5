import { realpathSync } from 'node:fs';
import type { Address, Backend, ForeignOutput, RawHandle } from '../dl/backend.ts';
import { ProcessDied } from '../dl/errors.ts';
import { callRequest } from './call-operation.ts';
import { greetingRequest } from './greeting.ts';
import { type HostProcessOptions, startHostProcess } from './host-process.ts';
import { hostProgram } from './host-program.ts';
import { HostSession } from './host-session.ts';
import {
  allocateRequest,
  freeRequest,
  readRequest,
  readStringRequest,
  writeRequest,
} from './memory-operations.ts';
import {
  addressInfoRequest,
  closeRequest,
  handleInfoRequest,
  imagesRequest,
  linkMapRequest,
  openRequest,
  symbolRequest,
} from './operations.ts';
import { OutputBuffer } from './output-buffer.ts';
import { type SoakEnd, type SoakOrder, soakRequest } from './soak-operation.ts';

export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

export interface HostOptions {
  /** A host program, with an emulator in front where it needs one. Default: the one of this machine. */
  readonly command?: readonly [string, ...string[]];
  /** The whole environment, LD_* of ld.so(8) included. Default: solder's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory?: string;
  /** Bytes of private memory (RLIMIT_DATA). Default: as solder itself. */
  readonly memoryLimit?: number;
  /** Seconds for each request, the start included. Default: none. */
  readonly timeLimit?: number;
  /**
   * Where stdout and stderr of foreign code go: `inherit` to solder's own, `collect` to `output()` (the first
   * mebibyte of each), or to a function as it comes. Default: `collect`. Foreign code has no stdin.
   */
  readonly output?: 'inherit' | 'collect' | OutputListener;
}

/** A process of its own, which has nothing but the C library in it before the first library is opened. */
export interface HostBackend extends Backend {
  readonly kind: 'host';
  readonly pid: number;
  /** The host's program file. */
  readonly hostPath: string;
  /** What was printed so far, for `collect`. Complete only when the host has ended. */
  output(): ForeignOutput;
  /** Opens, calls and closes a library again and again; the records stand in the file that the order names. */
  soak(order: SoakOrder): Promise<SoakEnd>;
  /**
   * Ends the process as a program ends, with exit(3): destructors of everything that is still open run. Rejects
   * with `ProcessDied` when they do not get to the end. Disposing of the host runs none.
   */
  exit(): Promise<void>;
}

/**
 * Starts a host. Rejects with `HostUnavailable` when there is no program for it, and with `ProcessDied` when it
 * dies before it can be asked anything. An idle host does not keep solder's process from ending, and ends with it.
 */
export async function startHost(options: HostOptions = {}): Promise<HostBackend> {
  checkLimits(options);
  const command = options.command ?? [await hostProgram()];
  const collected = new OutputBuffer();
  const { output = 'collect', timeLimit = Number.POSITIVE_INFINITY } = options;
  const hostPath = realPath(command.at(-1)!);
  const processOptions: HostProcessOptions = {
    command,
    environment: options.environment ?? process.env,
    workingDirectory: options.workingDirectory,
    memoryLimit: options.memoryLimit && Math.floor(options.memoryLimit),
    output: output === 'collect' ? (stream, chunk) => collected.add(stream, chunk) : output,
  };
  const host = await startHostProcess(processOptions);
  const session = new HostSession(host, hostPath, timeLimit);
  let pid: number;
  try {
    pid = await session.channel.greeting(greetingRequest);
  } catch (error) {
    await session.close();
    const complaint = collected.text('stderr').trimEnd().split('\n')[0]!;
    if (error instanceof ProcessDied && complaint !== '') {
      throw new ProcessDied(`${error.message}: ${complaint}`, error.death);
    }
    throw error;
  }
  const { channel } = session;
  const nameOf = (value: bigint): string => session.nameOf(value);
  return {
    kind: 'host',
    get over() {
      return channel.isOver;
    },
    pid,
    hostPath,
    output: () => ({ stdout: collected.text('stdout'), stderr: collected.text('stderr') }),
    async open(request) {
      const handle = await channel.send(openRequest(request));
      session.remember(handle, request.file ?? 'the program');
      return handle;
    },
    close: (handle: RawHandle) => channel.send(closeRequest(handle, nameOf(handle))),
    async symbol(place, name, version) {
      const address = await channel.send(symbolRequest(place, name, version));
      session.remember(address, name);
      return address;
    },
    addressInfo: (address) => channel.send(addressInfoRequest(address)),
    handleInfo: (handle) => channel.send(handleInfoRequest(handle, nameOf(handle))),
    linkMap: (handle) => channel.send(linkMapRequest(handle)),
    images: () => channel.send(imagesRequest),
    call: (address: Address, args, returns) => channel.send(callRequest(address, args, returns, nameOf)),
    read: (address, size) => channel.send(readRequest(address, size)),
    write: (address, bytes) => channel.send(writeRequest(address, bytes)),
    readString: (address) => channel.send(readStringRequest(address)),
    allocate: (size) => channel.send(allocateRequest(size)),
    free: (address) => channel.send(freeRequest(address)),
    soak: (order) => channel.send(soakRequest(order)),
    exit: () => session.exit(),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** A limit that is none would be found out much later, by what it lets happen. */
function checkLimits({ timeLimit = 1, memoryLimit = 1 }: HostOptions): void {
  if (!(timeLimit > 0)) throw new RangeError(`timeLimit: ${timeLimit} is no number of seconds above 0`);
  if (!(memoryLimit >= 1 && memoryLimit <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`memoryLimit: ${memoryLimit} is no number of bytes`);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // looked for on PATH, or not there, which the start will tell
  }
}
