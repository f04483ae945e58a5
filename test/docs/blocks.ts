/** A fenced block of a page. */
interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** What a page makes its reader do, in order (the conventions stand in docs/README.md). */
export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly line: number }
  | {
      readonly kind: 'command';
      readonly command: string;
      /** What the page shows of its output, without the last line break; undefined: nothing is said. */
      readonly output: string | undefined;
      readonly line: number;
    };

/** Blocks that a reader types into a file, which their first line names in a comment. */
const FILE_NAME = /^(?:\/\* (\S+) \*\/|\/\/ (\S+)|# (\S+\.\w+))\n/;
const MUST_BE_FILES = ['c', 'cpp', 'ld'];
/** Blocks that may go without a name: they show a shape and are not typed anywhere. */
const FOR_THE_EYE = ['text', 'json', 'yaml'];

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(({ 1: language, 2: text, index }) => ({
    language: language!,
    text: text!,
    line: lineAt(page, index),
  }));
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** Throws for a block that is none of the known kinds: nothing in a page goes unchecked by mistake. */
export function stepsOf(page: string): Step[] {
  const fences = page.match(/^\s*(```|~~~)/gm)?.length ?? 0;
  const blocks = blocksOf(page);
  if (fences !== blocks.length * 2) throw new Error('a fence is indented, not closed or not made of ```');
  return blocks.flatMap(blockSteps);
}

function blockSteps({ language, text, line }: Block): Step[] {
  if (language === 'console') return consoleSteps(text, line + 1);
  if (language === 'sh') return shellSteps(text, line + 1);
  const name = FILE_NAME.exec(text)?.slice(1).find(Boolean);
  if (name !== undefined) return [{ kind: 'file', name, text, line }];
  if (MUST_BE_FILES.includes(language)) throw new Error(`line ${line}: a block of ${language} names no file`);
  if (FOR_THE_EYE.includes(language)) return [];
  throw new Error(`line ${line}: nobody knows what a block of '${language}' is for`);
}

/** `$ command`, `> ` before each line that goes on, then what it prints. */
function consoleSteps(text: string, firstLine: number): Step[] {
  const steps: { command: string; output: string[]; line: number }[] = [];
  text
    .replace(/\n$/, '')
    .split('\n')
    .forEach((line, index) => {
      const step = steps.at(-1);
      if (line.startsWith('$ ')) {
        steps.push({ command: line.slice(2), output: [], line: firstLine + index });
      } else if (step === undefined) {
        throw new Error(`line ${firstLine + index}: output without a command`);
      } else if (line.startsWith('> ') && step.output.length === 0) {
        step.command += `\n${line.slice(2)}`;
      } else {
        step.output.push(line);
      }
    });
  return steps.map(({ command, output, line }) => ({
    kind: 'command',
    command,
    output: output.join('\n'),
    line,
  }));
}

/** One command a line, where a backslash at the end joins the next; comments explain. */
function shellSteps(text: string, firstLine: number): Step[] {
  const steps: Step[] = [];
  let pending = '';
  text.split('\n').forEach((line, index) => {
    if (line.endsWith('\\')) {
      pending += `${line}\n`;
      return;
    }
    const command = pending + line;
    pending = '';
    if (command.trim() === '' || command.startsWith('#')) return;
    steps.push({ kind: 'command', command, output: undefined, line: firstLine + index });
  });
  return steps;
}
