import type { CommandContext, StricliProcess } from '@stricli/core';
import type { Style } from '../report/style.ts';
import type { Format } from './common-flags.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';

/** What the parser of the command line carries to a command: the application's own copy of the process. */
export interface InvocationContext extends CommandContext {
  readonly process: StricliProcess;
}

/** What a command gets to work with. */
export interface Context {
  /** The command's name. */
  readonly command: string;
  /** One of the formats that the command declares. */
  readonly format: Format;
  /** stdout or `--output FILE`. */
  readonly output: Output;
  /** For text output: colours or none. */
  readonly style: Style;
  readonly quiet: boolean;
  /** A progress bar on stderr, or nothing when nobody watches. */
  progress(title: string, total: number): Promise<Progress>;
}
