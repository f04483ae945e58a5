import { styleText } from 'node:util';
import { PLAIN, type Style } from '../report/style.ts';

export const COLOR_MODES = ['auto', 'always', 'never'] as const;
export type ColorMode = (typeof COLOR_MODES)[number];

/**
 * Whether to colour what goes to a file descriptor. What the command line says wins; then NO_COLOR
 * (https://no-color.org: any value but the empty one); then FORCE_COLOR (any value but empty, 0 and false);
 * then whether a terminal that knows colours is at the other end.
 */
export function wantsColor(mode: ColorMode, env: NodeJS.ProcessEnv, descriptor: number | undefined): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return descriptor !== undefined && env['TERM'] !== 'dumb' && isTerminal(descriptor);
}

/** Node's module of terminals loads sockets and streams: they are loaded for those who ask. */
export function isTerminal(descriptor: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

const paint = (format: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan') => (text: string) =>
  styleText(format, text, { validateStream: false });

const COLORED: Style = {
  bold: paint('bold'),
  dim: paint('dim'),
  red: paint('red'),
  yellow: paint('yellow'),
  green: paint('green'),
  cyan: paint('cyan'),
};

export function terminalStyle(color: boolean): Style {
  return color ? COLORED : PLAIN;
}
