import { constants } from 'node:os';
import type { Address } from '../backend.ts';
import { BadAddress } from '../errors.ts';
import type { Koffi } from './koffi.ts';

/** Reads and writes this process's memory; what is not there is an error and no crash. */
export interface OwnMemory {
  read(address: Address, size: number): Uint8Array;
  write(address: Address, bytes: Uint8Array): void;
  readString(address: Address): string;
}

type Transfer = (
  pid: number,
  local: bigint,
  count: bigint,
  remote: bigint,
  others: bigint,
  flags: bigint,
) => unknown;

/** process_vm_readv(2) and process_vm_writev(2) on this process: the kernel checks the addresses. */
export function ownMemory(koffi: Koffi): OwnMemory {
  const c = koffi.load(null);
  const parameters = ['int', 'uint64_t', 'uint64_t', 'uint64_t', 'uint64_t', 'uint64_t'];
  const reading: Transfer = c.func('process_vm_readv', 'int64_t', parameters);
  const writing: Transfer = c.func('process_vm_writev', 'int64_t', parameters);

  function transfer(how: Transfer, verb: string, local: Uint8Array, address: Address): number {
    const vectors = new BigUint64Array([
      koffi.address(local),
      BigInt(local.length),
      address,
      BigInt(local.length),
    ]);
    const at = koffi.address(vectors);
    const done = Number(how(process.pid, at, 1n, at + 16n, 1n, 0n));
    const errno = koffi.errno();
    if (done > 0) return done;
    if (errno === constants.errno.EFAULT) {
      throw new BadAddress(`0x${address.toString(16)} cannot be ${verb}`);
    }
    throw new Error(`memory cannot be ${verb}: the system call failed with errno ${errno}`);
  }

  /** The kernel stops where memory ends, and says so only when it got nowhere. */
  function transferAll(how: Transfer, verb: string, bytes: Uint8Array, address: Address): void {
    for (let done = 0; done < bytes.length; ) {
      done += transfer(how, verb, bytes.subarray(done), address + BigInt(done));
    }
  }

  return {
    read(address, size) {
      const bytes = new Uint8Array(size);
      transferAll(reading, 'read', bytes, address);
      return bytes;
    },
    write: (address, bytes) => transferAll(writing, 'written', bytes.slice(), address),
    readString(address) {
      const parts: Uint8Array[] = [];
      const piece = new Uint8Array(PIECE);
      for (let at = address; ; ) {
        // Pieces end where pages do: a string may stand at the end of its last page.
        const room = PIECE - Number(at % BigInt(PIECE));
        const got = transfer(reading, 'read', piece.subarray(0, room), at);
        const end = piece.subarray(0, got).indexOf(0);
        parts.push(piece.slice(0, end < 0 ? got : end));
        if (end >= 0) return Buffer.concat(parts).toString();
        at += BigInt(got);
      }
    },
  };
}

/** Divides every page size. */
const PIECE = 4096;
