import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type CType, type FunctionType, isText, printType } from '../../../src/run/dl/index.ts';
import { prototypes } from './types.ts';

const FILE = new URL('inferred.ts', import.meta.url).pathname;
const HEAD = `
import type { ArgumentsOf, FunctionOf, Library, PointerArgument, ResultOf, Value } from '../../../src/run/dl/index.ts';
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
`;

/** What the compiler has to say about a program, line by line. */
function complaints(lines: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
  };
  const text = HEAD + lines.join('\n');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) =>
    name === FILE
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext)
      : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  const program = ts.createProgram([FILE], options, host);
  const file = program.getSourceFile(FILE)!;
  return program.getSemanticDiagnostics(file).map(({ start }) => {
    const line = text.slice(0, start).split('\n').length - HEAD.split('\n').length;
    return lines[line] ?? `line ${line}`;
  });
}

function resultType(type: CType): string {
  if (isText(type)) return 'string | null';
  if (type.kind === 'void') return 'undefined';
  if (type.kind === 'bool') return 'boolean';
  if (type.kind === 'floating') return 'number';
  return type.kind === 'integer' && type.size < 8 ? 'number' : 'bigint';
}

function argumentType({ kind }: CType): string {
  if (kind === 'pointer') return 'PointerArgument';
  if (kind === 'bool') return 'boolean | 0 | 1';
  return kind === 'floating' ? 'number' : 'number | bigint';
}

function claims(type: FunctionType): string[] {
  const text = printType(type);
  const isOpen = text.split('(').length > 2;
  const parameters = type.parameters.map((parameter) => argumentType(parameter.type));
  const expected = {
    ResultOf: isOpen ? 'Value' : resultType(type.result),
    ArgumentsOf: isOpen ? 'readonly unknown[]' : `readonly [${parameters.join(', ')}]`,
  };
  return Object.entries(expected).map(
    ([name, value]) => `true satisfies Same<${name}<${JSON.stringify(text)}>, ${value}>;`,
  );
}

describe('what TypeScript makes of a prototype', () => {
  it('is what is made of it when the program runs', () => {
    const types = fc.sample(prototypes, { numRuns: 200, seed: 1 }) as FunctionType[];
    expect(complaints(types.flatMap(claims))).toEqual([]);
  });

  it('lets wrong calls not compile, and right ones do', () => {
    const right = [
      "(library: Library) => library.call('abs', 'int(int)', -1).then((value: number) => value);",
      "(f: FunctionOf<'extern const char *getenv(const char *name);'>) => f('PATH').then((value: string | null) => value);",
      "(library: Library) => library.call('f', 'int(int a /* b, c */, int d)', 1, 2);",
      "(library: Library) => library.function<boolean>('f', 'my_bool(my_int)').then((f) => f(1, 'any'));",
      '(library: Library, text: string) => library.call(text, text, 1, 2).then((value: Value) => value);',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the program's own.
      "(library: Library, type: string) => library.call('f', `int(${type})`, {}).then((value: Value) => value);",
      "(library: Library) => library.call('f', 'int(my_off_t, struct s *)', 1n, { a: 1 });",
    ];
    const wrong = [
      "(library: Library) => library.call('abs', 'int(int)', '1');",
      "(library: Library): Promise<number> => library.call('abs', 'int(int)', '1');",
      "(library: Library) => library.call('abs', 'int(int)');",
      "(library: Library) => library.call('abs', 'int(int)', 1, 2);",
      "(library: Library) => library.call('f', 'int(void *)', 4096);",
      "(library: Library) => library.call('f', 'double(float)', 1n);",
      "(library: Library) => library.call('f', 'size_t(void)').then((value: number) => value);",
      "(f: FunctionOf<'char *(int)'>) => f(1).then((value) => value.length);",
    ];
    expect(complaints([...right, ...wrong])).toEqual(wrong);
  });
});
