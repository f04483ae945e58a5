/** A command line that takes part in a comparison. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Exit statuses that mean it did its work; 0 unless told. */
  readonly succeeds?: readonly number[];
}

/** Another tool for the same job. */
export interface Peer extends Contender {
  /** The program on PATH, or the file, without which it cannot run. */
  readonly needs: string;
  /** A command line that prints the version; none for what has no version of its own. */
  readonly version?: readonly string[];
}

export interface Race {
  /** What is worked on, in words: a file and its size, a number of files. */
  readonly input: string;
  /** The first one is the measure for all ratios. */
  readonly ours: readonly [Contender, ...Contender[]];
  readonly peers: readonly Peer[];
}

export interface Task {
  readonly name: string;
  readonly description: string;
  /** What the documentation promises of it. Shown beside the figures, never asserted. */
  readonly targets: string;
  /** Runs of each contender that count, after one that does not. */
  readonly runs: number;
  /** Finds the input on this machine; undefined when there is none. `scratch` is an own folder for files. */
  prepare(scratch: string): Race | undefined;
}
