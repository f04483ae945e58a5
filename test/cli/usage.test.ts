import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { judge, solder } from './solder.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('help and version', () => {
  it('gives an overview of all commands and of the exit status', () => {
    const { stdout, stderr, status } = solder(['--help']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain('Usage: solder COMMAND [OPTIONS] [ARGUMENTS]');
    expect(stdout).toMatch(/^ {2}explain {2,}\S/m);
    expect(stdout).toMatch(/^ {2}3 {2}an input could not be read$/m);
  });

  it('is wrong usage to give no command at all', () => {
    const { stdout, stderr, status } = solder([]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain('Commands:');
  });

  it('shows the version of the package', () => {
    for (const option of ['--version', '-V']) {
      expect(solder([option])).toEqual({ stdout: `solder ${version}\n`, stderr: '', status: 0 });
    }
  });

  it('shows usage, options and at least two examples of every command', () => {
    const names = [
      ...solder(['--help'])
        .stdout.split('Options:')[0]!
        .matchAll(/^ {2}([a-z]+) {2}/gm),
    ];
    expect(names.length).toBeGreaterThan(1);
    for (const [, name] of names) {
      const { stdout, stderr, status } = solder([name!, '--help']);
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(stdout).toContain(`Usage: solder ${name} [OPTIONS]`);
      expect(stdout).toMatch(/^ {2}-o, --output FILE /m);
      const examples = stdout
        .split('Examples:\n')[1]!
        .split('\n')
        .filter((line) => /^ {2}\S/.test(line));
      expect(examples.length).toBeGreaterThanOrEqual(2);
      expect(stdout).toContain('solder');
      expect(solder(['help', name!]).stdout).toBe(stdout);
      expect(solder([name!, '-h']).stdout).toBe(stdout);
    }
  });
});

it('lists every command in docs/commands/README.md', () => {
  const index = readFileSync(new URL('../../docs/commands/README.md', import.meta.url), 'utf8');
  const documented = [...index.split('## Options')[0]!.matchAll(/^\| `([a-z]+).*?` *\| (.*?) *\|$/gm)];
  const listed = COMMANDS.map(({ name, brief }) => `${name}: ${brief}`);
  expect(documented.map(([, name, brief]) => `${name}: ${brief}`)).toEqual(listed);
});

describe('wrong usage', () => {
  const wrong = (run: typeof judge, args: readonly string[]): string => {
    const { stdout, stderr, status } = run(args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(/^solder: .*\n$/);
    return stderr;
  };

  it('names the command that may have been meant', () => {
    expect(wrong(solder, ['explian'])).toBe("solder: unknown command 'explian', did you mean explain?\n");
    expect(wrong(solder, ['frobnicate'])).toBe("solder: unknown command 'frobnicate' (see: solder --help)\n");
    expect(wrong(solder, ['--quiet', 'explain'])).toContain('the options of a command follow its name');
  });

  it('names the option that may have been meant', () => {
    expect(wrong(judge, ['judge', '--libary-path', 'x'])).toContain('did you mean --library-path?');
    expect(wrong(judge, ['judge', '--no-demangel'])).toContain('did you mean --no-demangle?');
    expect(wrong(judge, ['judge', '-z'])).toContain('unknown option -z (see: solder judge --help)');
  });

  it('tells what an option takes', () => {
    expect(wrong(judge, ['judge', '--format', 'sarif'])).toContain(
      '--format: this command does not write sarif, only text, json or tsv',
    );
    expect(wrong(judge, ['judge', '--format', 'jsn'])).toContain(
      "'jsn' is none of its values, did you mean json?",
    );
    expect(wrong(judge, ['judge', '--profile', 'musl'])).toContain('musl are not supported yet');
    expect(wrong(judge, ['judge', '--fail-on', 'sometimes'])).toContain('expected error, warning or never');
    expect(wrong(judge, ['judge', '--preload'])).toContain('--preload needs a value');
    expect(wrong(judge, ['judge', '--config', 'a', '--config', 'b'])).toContain('--config is given twice');
    expect(wrong(solder, ['explain', '--output='])).toContain('--output: expected a file name');
    expect(wrong(solder, ['explain', 'a', 'b'])).toContain("one argument too many: 'b'");
    expect(wrong(solder, ['completion'])).toContain('SHELL is missing');
  });
});

describe('the parser', () => {
  const flagsOf = (...args: string[]): Record<string, unknown> => {
    const { stdout } = judge(['judge', '--format', 'json', ...args]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it('takes an empty value, an equals sign and names after --', () => {
    const report = flagsOf('--library-path=', '--sysroot=/a=b', '--', '--not-an-option', '-h', '--x=');
    expect(report['facts']).toMatchObject({ flags: { libraryPath: '', sysroot: '/a=b', profile: 'glibc' } });
    expect(report['targets']).toEqual(['--not-an-option', '-h', '--x=']);
  });

  it('leaves out options that were not given', () => {
    expect((flagsOf()['facts'] as { flags: object }).flags).not.toHaveProperty('sysroot');
  });
});
