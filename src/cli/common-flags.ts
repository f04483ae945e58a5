import type { FlagParametersForType } from '@stricli/core';
import { UsageError } from './errors.ts';
import { FAIL_ON, type FailOn } from './exit-status.ts';
import { didYouMean } from './suggest.ts';
import { COLOR_MODES, type ColorMode } from './terminal-style.ts';

const FORMATS = ['text', 'html', 'json', 'jsonl', 'markdown', 'sarif', 'tsv'] as const;
export type Format = (typeof FORMATS)[number];

/** What every command writes that ends in a report with findings. */
export const REPORT_FORMATS = ['text', 'json', 'markdown', 'sarif'] as const satisfies readonly Format[];

/** `a, b or c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The options of every command; `defineCommand` adds them. */
export interface OutputFlags {
  readonly format: Format;
  readonly output?: string;
  readonly color: ColorMode;
  readonly quiet: boolean;
}

/** The options of a command that ends in a report with findings. */
export interface ReportFlags {
  readonly failOn?: FailOn;
  readonly config?: string;
  readonly all: boolean;
  readonly html?: string;
}

const PROFILES = ['glibc', 'musl', 'bionic', 'ohos'] as const;
type Profile = (typeof PROFILES)[number];

/** The options of a command that simulates the dynamic linker. */
export interface LoaderFlags {
  readonly profile: Profile;
  readonly sysroot?: string;
  /** In the syntax of `LD_LIBRARY_PATH`. */
  readonly libraryPath?: string;
  /** In the syntax of `LD_PRELOAD`. */
  readonly preload?: string;
}

/** The option of a command that prints symbol names. */
export interface DemangleFlags {
  readonly demangle: boolean;
}

export const text = (input: string): string => input;

function fileName(input: string): string {
  if (input === '') throw new UsageError('expected a file name');
  return input;
}

/** A parser for one of a few words, whose error names them all. */
export function oneOf<const T extends string>(values: readonly T[]): (input: string) => T {
  return (input) => {
    const found = values.find((value) => value === input);
    if (found !== undefined) return found;
    const hint = didYouMean(input, values) || `, expected ${listed(values)}`;
    throw new UsageError(`'${input}' is none of its values${hint}`);
  };
}

function parseProfile(input: string): Profile {
  const profile = oneOf(PROFILES)(input);
  if (profile === 'glibc') return profile;
  throw new UsageError(`the loader rules of ${profile} are not supported yet, only those of glibc`);
}

/** The formats differ from command to command: an unsupported one is an error that names the others. */
export function outputFlags(formats: readonly Format[]): FlagParametersForType<OutputFlags> {
  const parseFormat = (input: string): Format => {
    const format = oneOf(FORMATS)(input);
    if (formats.includes(format)) return format;
    throw new UsageError(`this command does not write ${format}, only ${listed(formats)}`);
  };
  return {
    format: {
      kind: 'parsed',
      parse: parseFormat,
      proposeCompletions: () => formats,
      default: formats[0]!,
      placeholder: 'FORMAT',
      brief: `Write the result as ${listed(formats)}`,
    },
    output: {
      kind: 'parsed',
      parse: fileName,
      optional: true,
      placeholder: 'FILE',
      brief: 'Write to FILE, which appears only when it is complete',
    },
    color: {
      kind: 'parsed',
      parse: oneOf(COLOR_MODES),
      proposeCompletions: () => COLOR_MODES,
      default: 'auto',
      placeholder: 'WHEN',
      brief: `Use colours: ${listed(COLOR_MODES)}`,
    },
    quiet: {
      kind: 'boolean',
      default: false,
      withNegated: false,
      brief: 'No progress and no warnings on stderr',
    },
  };
}

export const reportFlags: FlagParametersForType<ReportFlags> = {
  failOn: {
    kind: 'parsed',
    parse: oneOf(FAIL_ON),
    proposeCompletions: () => FAIL_ON,
    optional: true,
    placeholder: 'SEVERITY',
    brief: `Least severity that fails the run: ${listed(FAIL_ON)}; default error`,
  },
  config: {
    kind: 'parsed',
    parse: fileName,
    optional: true,
    placeholder: 'FILE',
    brief: 'Configuration; default .solder.yaml or solder.yaml, if there is one',
  },
  all: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Show every note, and what was suppressed',
  },
  html: {
    kind: 'parsed',
    parse: fileName,
    optional: true,
    placeholder: 'FILE',
    brief: 'Write the report to FILE as well, as a page for a browser',
  },
};

export const loaderFlags: FlagParametersForType<LoaderFlags> = {
  profile: {
    kind: 'parsed',
    parse: parseProfile,
    proposeCompletions: () => PROFILES,
    default: 'glibc',
    placeholder: 'LIBC',
    brief: 'Whose loader rules apply',
  },
  sysroot: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'DIR',
    brief: 'Take DIR for / when libraries are searched',
  },
  libraryPath: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'DIRS',
    brief: 'As if LD_LIBRARY_PATH were DIRS',
  },
  preload: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'FILES',
    brief: 'As if LD_PRELOAD were FILES',
  },
};

export const demangleFlags: FlagParametersForType<DemangleFlags> = {
  demangle: { kind: 'boolean', default: true, brief: 'Show symbols as the file spells them' },
};
