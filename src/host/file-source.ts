import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ByteSource, checkRange } from '../bytes/index.ts';

/** A file's bytes, read on demand; `close` it when its tables are decoded. */
export interface FileSource extends ByteSource, Disposable {
  readonly device: bigint;
  readonly inode: bigint;
  close(): void;
}

/** Reads of neighbouring ranges are served from one block: headers and the tables behind them. */
const BLOCK = 8 * 1024;

/**
 * Opens a file for random access. Throws the system's error (`ENOENT`, `EACCES`…), and `EISDIR` or `EINVAL`
 * for what is no regular file: reading from a device or a pipe could block for ever.
 */
export function openFile(path: string): FileSource {
  // Without O_NONBLOCK a pipe that nobody writes to would hold this up (fifo(7)); to files it means nothing.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw notRegular(path, stat.isDirectory());
    return source(descriptor, Number(stat.size), stat.dev, stat.ino);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function notRegular(path: string, directory: boolean): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(
    directory ? `${path} is a directory` : `${path} is no regular file`,
  );
  error.code = directory ? 'EISDIR' : 'EINVAL';
  error.path = path;
  return error;
}

function source(descriptor: number, size: number, device: bigint, inode: bigint): FileSource {
  let open = true;
  let block: Uint8Array = new Uint8Array(0);
  let blockAt = 0;
  const close = () => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    size,
    device,
    inode,
    read(offset, length, section) {
      checkRange(size, offset, length, section);
      if (offset >= blockAt && offset + length <= blockAt + block.length) {
        return block.subarray(offset - blockAt, offset - blockAt + length);
      }
      if (length >= BLOCK) return readFully(descriptor, offset, length);
      blockAt = offset;
      block = readFully(descriptor, offset, Math.min(BLOCK, size - offset));
      return block.subarray(0, length);
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** The file may shrink while it is read: what is missing then reads as zeros, as in a mapping's last page. */
function readFully(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  bytes.fill(0, done);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}
