import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { stepsOf } from './blocks.ts';
import { matchesOutput } from './match-output.ts';
import { runPage } from './run-page.ts';

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function problemsOf(page: string): readonly string[] {
  const { directory, problems } = runPage(page);
  directories.push(directory);
  return problems;
}

const console = (text: string) => `\`\`\`console\n${text}\n\`\`\`\n`;

describe('shown and printed output', () => {
  it.each([
    ['one\ntwo', 'one\ntwo\n'],
    ['', ''],
    ['...', ''],
    ['...', 'one\ntwo\n'],
    ['...\ntwo', 'one\ntwo'],
    ['one\n...\nfour', 'one\ntwo\nthree\nfour\n'],
    ['...\ntwo\n  ...\nfour\n...', 'one\ntwo\nthree\nfour\nfive'],
    ['lib (…/libone.so)', 'lib (/tmp/x/libone.so)'],
    ['a…c…e', 'abcde'],
  ])('%j is %j', (shown, real) => expect(matchesOutput(shown, real)).toBe(true));

  it.each([
    ['one', 'two'],
    ['one', 'one\ntwo'],
    ['one\ntwo', 'one'],
    ['', 'one'],
    ['one', ''],
    ['a.c', 'abc'],
    ['a…', 'ba'],
    ['…', ''],
    ['…/one', '/x/one\nmore'],
    ['...\none', 'one\ntwo'],
    ['one\n...', 'two\none'],
    ['one\n...\none', 'one'],
    ['...\ntwo\n...\none\n...', 'one\ntwo'],
  ])('%j is not %j', (shown, real) => expect(matchesOutput(shown, real)).toBe(false));
});

describe('the steps of a page', () => {
  it('are files and commands, in order', () => {
    const page = [
      '```c\n/* one.c */\nint one;\n```\ntext\n',
      console('$ cat one.c\n/* one.c */\nint one;\n$ echo a \\\n>   b\na b'),
      '```yaml\n# solder.yaml\nsuppress: []\n```\n',
      '```yaml\nsuppress: []\n```\n',
      '```sh\n# a comment\nls \\\n  -l\n\ntrue\n```\n',
    ].join('');
    expect(stepsOf(page)).toEqual([
      { kind: 'file', name: 'one.c', text: '/* one.c */\nint one;\n', line: 1 },
      { kind: 'command', command: 'cat one.c', output: '/* one.c */\nint one;', line: 7 },
      { kind: 'command', command: 'echo a \\\n  b', output: 'a b', line: 10 },
      { kind: 'file', name: 'solder.yaml', text: '# solder.yaml\nsuppress: []\n', line: 14 },
      { kind: 'command', command: 'ls \\\n  -l', output: undefined, line: 24 },
      { kind: 'command', command: 'true', output: undefined, line: 26 },
    ]);
    expect(problemsOf(page)).toEqual([]);
  });

  it.each([
    ['a language that nobody knows', '```perl\nprint 1\n```\n'],
    ['a source without a file name', '```c\nint one;\n```\n'],
    ['a fence that is not closed', '```c\n/* one.c */\n'],
    ['an indented fence', '- so:\n  ```c\n  /* one.c */\n  ```\n'],
    ['output without a command', console('lost')],
  ])('are refused for %s', (_, page) => expect(() => stepsOf(page)).toThrow());
});

describe('a page', () => {
  it('shares one shell and one directory between its commands', () => {
    expect(
      problemsOf(console('$ mkdir new; cd new; word=hello\n$ echo "$word $(basename "$PWD")"\nhello new')),
    ).toEqual([]);
  });

  it('changes a file where it shows it anew', () => {
    const file = (text: string) => `\`\`\`text\n# note.txt\n${text}\n\`\`\`\n`;
    expect(
      problemsOf(
        file('one') + console('$ tail -1 note.txt\none') + file('two') + console('$ tail -1 note.txt\ntwo'),
      ),
    ).toEqual([]);
  });

  it('finds the package where it imports it', () => {
    const file =
      "```js\n// main.mjs\nimport { demangle } from 'solder/demangle';\nconsole.log(demangle('_Z1fv'));\n```\n";
    expect(problemsOf(file + console('$ node main.mjs\nf()'))).toEqual([]);
  });

  it('fails for output that differs', () => {
    expect(problemsOf(console('$ echo two\none'))).toEqual([
      'line 2: $ echo two\nshown:\none\nprinted:\ntwo\n',
    ]);
  });

  it('fails for output that it does not show', () => {
    expect(problemsOf(console('$ echo two'))).toHaveLength(1);
  });

  it('fails for what is printed on stderr and not shown', () => {
    expect(problemsOf(console('$ echo oops >&2'))).toHaveLength(1);
  });

  it('has to show a status that is not 0, and the right one', () => {
    expect(problemsOf(console('$ sh -c "exit 3"\n$ echo $?\n3'))).toEqual([]);
    expect(problemsOf(console('$ sh -c "exit 3"\n$ echo $?\n4'))).toHaveLength(1);
    expect(problemsOf(console('$ sh -c "exit 3"'))).toEqual([
      'line 2: $ sh -c "exit 3"\nended with status 3, printed:\n',
    ]);
    expect(problemsOf('```sh\nfalse\n```\n')).toHaveLength(1);
  });

  it('fails where a command ends the shell', () => {
    expect(problemsOf(console('$ exit 0\n$ echo never\nnever'))[0]).toContain('did not end');
  });

  it('fails where a command does not end in time', () => {
    const { directory, problems } = runPage(console('$ echo one\none\n$ sleep 30\n$ echo two\ntwo'), 500);
    directories.push(directory);
    expect(problems).toEqual(['line 4: $ sleep 30\ndid not end, or not in time, and printed:\n']);
  });

  it('does not run npm, but its scripts have to exist', () => {
    expect(problemsOf('```sh\nnpm test\nnpm run build\nnpm ci\ngit clone nowhere\n```\n')).toEqual([]);
    expect(problemsOf('```sh\nnpm run no-such-script\n```\n')).toHaveLength(1);
  });
});
