import { closeSync, existsSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type TraceEvent, TraceReader } from '../../analyses/trace/index.ts';
import { makeScratch } from '../scratch.ts';

const PIECE = 1 << 16;

/** What a process's dynamic loader says of itself, in a directory of its own, read step by step. */
export class LoaderLog implements Disposable {
  /** To be added to the process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  private readonly scratch = makeScratch('load');
  private readonly reader: TraceReader;
  private readonly decoder = new StringDecoder('utf8');
  private readonly piece = Buffer.alloc(PIECE);
  private events: TraceEvent[] = [];
  private file: number | undefined;

  constructor() {
    this.environment = {
      LD_DEBUG: 'files,bindings',
      LD_DEBUG_OUTPUT: join(this.scratch.directory, 'log'),
    };
    this.reader = new TraceReader({ source: 'loader' }, (event) => this.events.push(event));
  }

  /** What was said since the last time. Without a file there is nothing: not every loader has LD_DEBUG. */
  take(pid: number): readonly TraceEvent[] {
    const path = this.pathOf(pid);
    if (this.file === undefined && existsSync(path)) this.file = openSync(path, 'r');
    if (this.file !== undefined) {
      for (let size = this.readPiece(); size > 0; size = this.readPiece()) {
        this.reader.push(this.decoder.write(this.piece.subarray(0, size)));
      }
      this.reader.settle();
    }
    return this.events.splice(0);
  }

  /** Whether the loader still has the file open: foreign code may close what is not its own. */
  isOpen(pid: number): boolean {
    const path = this.pathOf(pid);
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).some((fd) => linkTarget(join(directory, fd)) === path);
  }

  private pathOf(pid: number): string {
    return `${this.environment['LD_DEBUG_OUTPUT']}.${pid}`;
  }

  private readPiece(): number {
    return readSync(this.file!, this.piece, 0, PIECE, null);
  }

  [Symbol.dispose](): void {
    if (this.file !== undefined) closeSync(this.file);
    this.scratch[Symbol.dispose]();
  }
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined; // closed meanwhile
  }
}
