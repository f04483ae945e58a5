import type { DynamicObject } from '../../model/index.ts';

/** Where the text of a symbolic link leads, without following what it finds there. */
export type LinkStep =
  /** To a name in the same directory, which may lead on, or not exist. */
  | { readonly kind: 'inside'; readonly name: string }
  /** To a file elsewhere, by its identity. */
  | { readonly kind: 'outside'; readonly identity: string }
  | { readonly kind: 'nowhere' };

/** One entry of a directory; `identity` tells hard links of one file by device and inode. */
export type DirectoryEntry =
  | { readonly type: 'file' | 'directory' | 'other'; readonly name: string; readonly identity: string }
  | { readonly type: 'link'; readonly name: string; readonly target: string; readonly step: LinkStep };

/** What a directory of libraries holds, as plain data. */
export interface LibraryDirectory {
  /** As it was given. */
  readonly path: string;
  /** All entries, in the order in which the system lists them: it decides between equal versions. */
  readonly entries: readonly DirectoryEntry[];
  /**
   * The shared objects among what the names of libraries lead to, by identity. Programs, scripts and what no
   * loader would map are not among them.
   */
  readonly libraries: ReadonlyMap<string, DynamicObject>;
}

/** As many links as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;

/** The names of a directory at one moment; ldconfig changes links while it goes along. */
export class Names {
  private readonly entries: Map<string, DirectoryEntry>;

  constructor(entries: readonly DirectoryEntry[]) {
    this.entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  get(name: string): DirectoryEntry | undefined {
    return this.entries.get(name);
  }

  remove(name: string): void {
    this.entries.delete(name);
  }

  link(name: string, target: string): void {
    this.entries.set(name, { type: 'link', name, target, step: { kind: 'inside', name: target } });
  }

  /** The last name inside the directory on the way from `name`, and the file at its end (stat(2)). */
  resolve(name: string): { readonly name: string; readonly identity: string | undefined } {
    let at = name;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const entry = this.entries.get(at);
      if (entry === undefined) return { name: at, identity: undefined };
      if (entry.type !== 'link') return { name: at, identity: entry.identity };
      const { step } = entry;
      if (step.kind === 'nowhere') return { name: at, identity: undefined };
      if (step.kind === 'outside') return { name: at, identity: step.identity };
      at = step.name;
    }
    return { name: at, identity: undefined };
  }
}
