import type { Diagnostic } from '../model/index.ts';

/** The file that a diagnostic is about, unless its message begins with it. */
export function unnamedObject({
  message,
  object,
}: Pick<Diagnostic, 'message' | 'object'>): string | undefined {
  return object === undefined || message.startsWith(`${object}:`) ? undefined : object;
}
