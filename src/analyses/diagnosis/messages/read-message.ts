import type { Cause, LoaderMessage, MessageText } from './cause.ts';
import { GLIBC_MESSAGES } from './glibc.ts';
import { MUSL_MESSAGES, OHOS_MESSAGES } from './musl.ts';

interface Reader {
  readonly pattern: RegExp;
  readonly text: string;
  readonly cause: Cause;
  readonly loader: LoaderMessage['loader'];
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The pattern of a text: names in braces become groups, everything else stands for itself. */
const placeholders = (text: string): string =>
  text
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? `(?<${part.slice(1, -1)}>.+?)` : literal(part)))
    .join('');

/** glibc: `object: text: system error`, object and error where it has them (dlfcn/dlerror.c). */
const glibcReader = ({ text, cause }: MessageText): Reader => ({
  pattern: new RegExp(`^(?:(?<object>.*?): )??${placeholders(text)}(?:: (?<reason>.+))?$`, 's'),
  text,
  cause,
  loader: 'glibc',
});

const wholeReader =
  (loader: LoaderMessage['loader']) =>
  ({ text, cause }: MessageText): Reader => ({
    pattern: new RegExp(`^${placeholders(text)}$`, 's'),
    text,
    cause,
    loader,
  });

const READERS: readonly Reader[] = [
  ...OHOS_MESSAGES.map(wholeReader('ohos')),
  ...MUSL_MESSAGES.map(wholeReader('musl')),
  ...GLIBC_MESSAGES.map(glibcReader),
];

/** What glibc prints before it ends the process: a failed assertion of its own. */
const ABORTED = /^Inconsistency detected by ld\.so: |^Fatal glibc error: /;
/** What stands before a message when the loader, and not dlerror(3), prints it. */
const OCCASION =
  /^(?:[^:]+: )?(?:symbol lookup error|error while loading shared libraries|relocation error|version lookup error): /;

/**
 * Understands the text of dlerror(3), or what the loader prints to stderr; undefined for a text that no loader is
 * known to write.
 */
export function readMessage(message: string): LoaderMessage | undefined {
  const text = message.trim().replace(OCCASION, '');
  if (ABORTED.test(text)) return understood({ message, cause: 'aborted', loader: 'glibc', text }, {});
  for (const { pattern, cause, loader, text: fixed } of READERS) {
    const match = pattern.exec(text);
    if (match) return understood({ message, cause, loader, text: fixed }, match.groups ?? {});
  }
  return undefined;
}

const understood = (
  base: Pick<LoaderMessage, 'message' | 'cause' | 'loader' | 'text'>,
  { object, reason, symbol, version, requester, type }: Readonly<Record<string, string | undefined>>,
): LoaderMessage => ({ ...base, object: object ?? '', reason, symbol, version, requester, type });
