import type { Bump, SonameAdvice, Verdict, VersionAdvice } from './abi/index.ts';
import type { DlCall } from './dl-call.ts';
import type { FindingKind, Severity } from './finding-kinds.ts';
import type { SearchRule } from './process.ts';

/**
 * A command: a program and its arguments, run without a shell in the variant's own directory, which holds a
 * copy of the lab's sources. `cc` and `c++` stand for `$CC` and `$CXX`; a program of the build is `./app`.
 */
export type Command = readonly [program: string, ...args: string[]];

/** A build step that the compiler or the linker has to refuse. */
export interface RefusedStep {
  readonly refused: Command;
  /** What it has to say on stderr, in part. */
  readonly because: string;
}

/**
 * A link of object files and archives that are named as files, of which solder has to predict what becomes of
 * the archives' members.
 */
export interface LinkStep {
  readonly links: Command;
  /** The members that become part of the program, sorted: `libfoo.a(bar.o)`. */
  readonly takes: readonly string[];
  /** Names that are then defined twice: the linker refuses. Default: none. */
  readonly doubles?: readonly string[];
}

/** A source that several labs use, or that solder itself ships: it is copied beside the lab's own sources. */
export interface CopyStep {
  /** From the package's folder: `native/guard/guard.c`. */
  readonly copies: string;
}

export type BuildStep = Command | RefusedStep | LinkStep | CopyStep;

/** Something that `solder unload` must find, and by what it shows. */
export interface UnloadStatement {
  readonly finding: Extract<FindingKind, `unload.${string}`>;
  readonly severity: Severity;
  /** Files of the build by their names. */
  readonly message: string;
  /** In the evidence, in part: why it is so. */
  readonly because?: string;
  /** A line that the program prints, or how the process ends: `killed by SIGSEGV`. */
  readonly seen: string;
}

/** What solder must derive from the files alone. Files of the build go by their names. */
export type Prediction =
  | {
      /** `solder conflicts` must report this; of a symbol that no such prediction names, nothing. */
      readonly kind: 'conflict';
      readonly symbol: string;
      readonly finding: Extract<FindingKind, `conflict.${string}`>;
      readonly severity: Severity;
      readonly winner: string;
      /** In lookup order. */
      readonly losers: readonly string[];
    }
  | {
      /** The global lookup scope, as far as it holds files of the build. */
      readonly kind: 'lookup-order';
      readonly objects: readonly string[];
    }
  | {
      /** `solder check` must report this of the start or of a call; nothing else that is more than a note. */
      readonly kind: 'load';
      readonly finding: Extract<FindingKind, `load.${string}`>;
      readonly severity: Severity;
      /** In ld.so's words, files of the build by their names. The loader must say the same. */
      readonly message: string;
      readonly when: LoadTime;
      /** The run never comes to that call, or ends before: the loader must not say it. */
      readonly unsaid?: true;
    }
  | {
      /** All that a library of the build offers to others, but for what every linker adds. */
      readonly kind: 'exports';
      readonly object: string;
      /** Sorted: `name`, `name@@VERSION` for the default version, `name@VERSION` for any other. */
      readonly symbols: readonly string[];
    }
  | {
      /** What a version script makes of each definition in the object files that a library is linked from. */
      readonly kind: 'script';
      readonly script: string;
      readonly objects: readonly string[];
      readonly library: string;
      /** By symbol. */
      readonly takes: Readonly<Record<string, TakenSymbol>>;
    }
  | {
      /** What `solder diff` says of two builds of a library; the run is that of a program linked with the old one. */
      readonly kind: 'diff';
      readonly old: string;
      readonly new: string;
      readonly verdict: Verdict;
      readonly bump: Bump;
      /** Whether the new file's name has a version that is high enough, and the right soname. */
      readonly version: VersionAdvice['status'];
      readonly soname: SonameAdvice['status'];
      /** The program's output with the old build: with the new one it must be the same, unless that breaks it. */
      readonly before: readonly string[];
      /** The program notices a change that the symbols do not show. */
      readonly unseen?: true;
    }
  | {
      /** All links in a directory of the build when the run, which is one of ldconfig(8), is over. */
      readonly kind: 'links';
      readonly directory: string;
      /** Targets by name. */
      readonly links: Readonly<Record<string, string>>;
    }
  | {
      /**
       * What each of the run's `calls` does. dlopen(3): `libx.so`, `libx.so, open 2 times` or `not loaded`;
       * dlsym(3): the object, with `, NULL` where the symbol's value is that; a call that is bound now: the object;
       * dlclose(3): `unloads libx.so liby.so; keeps libz.so: REASON` or `unloads nothing`; any of them:
       * `refused: MESSAGE`.
       */
      readonly kind: 'calls';
      readonly results: readonly string[];
    }
  | {
      /**
       * In what order files of the build are initialised, finalised and unloaded by the loader. That the program
       * is initialised is not its business; that it is finalised begins the process's end.
       */
      readonly kind: 'loader-events';
      readonly events: readonly `${'init' | 'fini' | 'unload'} ${string}`[];
    }
  | {
      /** What dladdr(3) says of an address; the program prints it in a line `NAME: OBJECT, SYMBOL+OFFSET`. */
      readonly kind: 'address';
      readonly name: string;
      readonly object: string;
      /** A symbol of the object, which need not be exported; default the first byte of the file. */
      readonly of?: string;
      /** Bytes behind it. */
      readonly offset?: number;
      /** `SYMBOL+OFFSET`, or `no symbol`. */
      readonly is: string;
    }
  | {
      /** Whose definition the program gets; it says so itself in a line `SYMBOL: OBJECT`. */
      readonly kind: 'told';
      readonly symbol: string;
      readonly by: string;
    }
  | {
      /**
       * What `solder unload` says of a library that the run's program opens. The program prints `unloaded: yes` or
       * `unloaded: no`, `keys lost in round 2: 1`, and `died in round 513` or `survived 600 rounds`.
       */
      readonly kind: 'unload';
      readonly plugin: string;
      readonly verdict: 'unloads' | 'pinned' | 'unknown';
      /** All that is more than a note, and those notes that matter. */
      readonly finds: readonly UnloadStatement[];
      /** Thread keys that each round costs, at least and at most; what the last round cost is observed. */
      readonly keysPerRound?: { readonly min: number; readonly max: number };
      /** The round in which no key is left; null: never. */
      readonly exhaustedAtRound?: number | null;
    }
  | {
      /** Why a call of the run fails, and what is the cause; the program prints what dlerror(3) says. */
      readonly kind: 'failure';
      /** One of `calls`, after those before it; or one that no such prediction is made of, after all of them. */
      readonly call: Extract<DlCall, { call: 'dlopen' | 'dlsym' }>;
      readonly finding: Extract<FindingKind, `open.${string}` | `load.${string}` | `symbol.${string}`>;
      readonly severity: Severity;
      readonly message: string;
      /** In the evidence, in part: what brings it about. */
      readonly because: string;
    }
  | {
      /** By which rule of the search each library is found that the program starts with (ld.so(8)). */
      readonly kind: 'found';
      /** In the order in which they are first asked for. */
      readonly libraries: Readonly<Record<string, SearchRule>>;
    };

/** What becomes of a symbol: it is exported as `name@@VERSION`, or not at all. */
export interface TakenSymbol {
  readonly as: string | null;
  /** The pattern of the script that took it; absent when none does. */
  readonly by?: string;
}

/** When the loader finds fault: before the program's first instruction, or when a function is first called. */
export type LoadTime = 'start' | 'call';

/** How a process ended. */
export type Ending =
  | { readonly kind: 'status'; readonly status: number }
  /** `SIGSEGV`, `SIGABRT`… */
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'time-limit'; readonly seconds: number }
  /** It could not be started: the system's words. */
  | { readonly kind: 'not-started'; readonly message: string };

/** What must be seen when the program runs. */
interface Observation {
  /** All lines of stdout. */
  readonly stdout: readonly string[];
  /** Text that stderr must hold. */
  readonly stderr?: string;
  /** Default: status 0. */
  readonly ends?: Extract<Ending, { kind: 'status' | 'signal' }>;
}

/** One run of a program, with what is predicted of its process and what must be observed. */
export interface LabRun {
  /** Tells the runs of one variant apart. */
  readonly name?: string;
  readonly command: Command;
  /**
   * Added to a clean environment. Relative directories of LD_LIBRARY_PATH, and entries of LD_PRELOAD with a
   * slash, start at the variant's directory; solder's simulation gets the same two.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * What the program calls of the dlopen API, in this order, and the functions that are bound lazily meanwhile:
   * that is not in its files. Relative paths start at the variant's directory.
   */
  readonly calls?: readonly DlCall[];
  readonly predicts: readonly Prediction[];
  readonly observes: Observation;
}

/**
 * Something that not every machine lets happen. `set-user-id`: to have a program run with the rights of another
 * user, whose number is 65534; not every user may do so, nor does every file system let it happen. `libc++`: to
 * link with LLVM's C++ library, as archive and shared, by `clang++`.
 */
export type Ability = 'set-user-id' | 'libc++';

/** The same sources built in one of several ways. */
export interface LabVariant {
  /** In kebab case: with `--keep` it names a directory. */
  readonly name: string;
  /** What it takes besides the tools of all variants; without it the variant is skipped. */
  readonly needs?: Ability;
  /** Instead of the lab's own symbols. */
  readonly symbols?: readonly string[];
  readonly build: readonly BuildStep[];
  readonly runs: readonly [LabRun, ...LabRun[]];
}

/**
 * One claim about shared libraries as an experiment: what solder predicts from the files and what the real
 * compiler, loader and program do must both be what is stated here. Stands in `labs/AREA/NAME/lab.ts` beside
 * the sources.
 */
export interface Lab {
  /** The claim in one line. */
  readonly title: string;
  /** The text that makes the claim, and where in it. */
  readonly source: { readonly text: string; readonly section: string };
  /**
   * The names in question, as the symbol tables spell them. Every binding of them that solder predicts must
   * stand in ld.so's own trace of the run, and no other.
   */
  readonly symbols: readonly string[];
  /** Programs needed besides those that the commands name: `ld.lld` for `-fuse-ld=lld`. */
  readonly tools?: readonly string[];
  readonly variants: readonly [LabVariant, ...LabVariant[]];
}
