import type { Value } from './values.ts';

/**
 * What TypeScript can tell of a prototype that is written down as it is. A text that is put together while the
 * program runs, one with a function pointer or a comment in it, and types that have a name of their own are not looked into:
 * any value goes there, and is checked when the call is made.
 */
export type ResultOf<Text extends string> =
  SidesOf<Text> extends [infer Result extends string, string] ? Returned<Result> : Value;

/** What the call takes, in the order of the parameters. */
export type ArgumentsOf<Text extends string> =
  SidesOf<Text> extends [string, infer Parameters extends string]
    ? Trimmed<Parameters> extends '' | 'void'
      ? readonly []
      : Passed<Parameters>
    : readonly unknown[];

/** What can be given for a pointer: an address, something that has one, or what it is to point to. */
export type PointerArgument = null | undefined | bigint | string | object;

/** What stands before the parameters, and what stands between their parentheses; of a text that is known alone. */
type SidesOf<Text extends string> =
  Record<never, never> extends Record<Text, unknown>
    ? undefined
    : Trimmed<Text> extends `${infer Result}(${infer Parameters})`
      ? `${Result},${Parameters}` extends `${string}${'(' | ')' | '.' | '/'}${string}`
        ? undefined
        : [Result, Parameters]
      : undefined;

/** Without spaces around it and without the semicolon of a declaration. */
type Trimmed<Text extends string> = Text extends ` ${infer Rest}` | `${infer Rest} ` | `${infer Rest};`
  ? Trimmed<Rest>
  : Text;

type Passed<Parameters extends string> = Parameters extends `${infer First},${infer Rest}`
  ? readonly [ArgumentFor<First>, ...Passed<Rest>]
  : readonly [ArgumentFor<Parameters>];

type ArgumentFor<Parameter extends string> = Parameter extends `${string}${'*' | '['}${string}`
  ? PointerArgument
  : {
      unknown: unknown;
      bool: boolean | 0 | 1;
      real: number;
      wide: bigint | number;
      narrow: number | bigint;
      void: never;
    }[KindOf<WordOf<Parameter>>];

type Returned<Result extends string> = Result extends `${infer Base}*${infer Rest}`
  ? Rest extends `${string}*${string}`
    ? bigint
    : [Exclude<WordOf<Base>, Qualifier>] extends ['char']
      ? string | null
      : bigint
  : { unknown: Value; bool: boolean; real: number; wide: bigint; narrow: number; void: undefined }[KindOf<
      WordOf<Result>
    >];

type Qualifier = '' | 'const' | 'volatile' | 'extern';
type WideWord =
  | ('long' | 'size_t' | 'ssize_t' | 'int64_t' | 'uint64_t' | 'intptr_t' | 'uintptr_t' | 'ptrdiff_t')
  | ('intmax_t' | 'uintmax_t' | 'off_t' | 'time_t' | 'clock_t' | 'ino_t' | 'dev_t');
type NarrowWord =
  | ('char' | 'short' | 'int' | 'signed' | 'unsigned' | 'enum' | 'wchar_t' | 'char16_t' | 'char32_t')
  | ('int8_t' | 'uint8_t' | 'int16_t' | 'uint16_t' | 'int32_t' | 'uint32_t')
  | ('pid_t' | 'uid_t' | 'gid_t' | 'id_t' | 'mode_t' | 'socklen_t');

/** Of a type without a pointer, by its words; the name of what is declared is one of them and tells nothing. */
type KindOf<Words extends string> =
  Has<Words, 'struct' | 'union'> extends true
    ? 'unknown'
    : Has<Words, 'void'> extends true
      ? 'void'
      : Has<Words, 'bool' | '_Bool'> extends true
        ? 'bool'
        : Has<Words, 'float' | 'double'> extends true
          ? 'real'
          : Has<Words, WideWord> extends true
            ? 'wide'
            : Has<Words, NarrowWord> extends true
              ? 'narrow'
              : 'unknown';

type Has<Words extends string, Wanted extends string> = [Extract<Words, Wanted>] extends [never]
  ? false
  : true;

type WordOf<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | WordOf<Rest> : Text;
