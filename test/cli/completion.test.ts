import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { SOLDER, scratch, shell, solder } from './solder.ts';

describe('the words', () => {
  const completed = (...words: string[]): string[] =>
    solder(['--complete', ...words])
      .stdout.split('\n')
      .slice(0, -1);

  it.each([
    [['exp'], ['explain']],
    [['--'], ['--help', '--version']],
    [['explain', '--fo'], ['--format']],
    [
      ['explain', '--format', ''],
      ['text', 'json'],
    ],
    [
      ['explain', '--format='],
      ['--format=text', '--format=json'],
    ],
    [['explain', '--format=j'], ['--format=json']],
    [['explain', '--format', '=', 'j'], ['json']],
    [['inspect', '--format=json', '--so'], ['--sort']],
    [['inspect', '--no'], ['--no-demangle']],
    [
      ['explain', 'conflict.v'],
      ['conflict.variable', 'conflict.vtable'],
    ],
    [['no-such-command', ''], []],
    [['no-such-command', '--format='], []],
  ])('%j: %j', (words, expected) => {
    expect(completed(...words)).toEqual(expected);
  });
});

describe('the scripts', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = scratch();
    writeFileSync(join(cwd, 'plugin.so'), '');
    mkdirSync(join(cwd, 'home'));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));
  const withPath = (line: string) => {
    const { stdout, stderr } = shell(`PATH=$(dirname "$SOLDER"):$PATH\n${line}`, { cwd });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((text) => text !== '');
  };

  it('bash', () => {
    const words = withPath(`eval "$(solder completion bash)"
      COMP_WORDS=(solder explain load.n); COMP_CWORD=2; _solder
      printf '%s\\n' "\${COMPREPLY[@]}"`);
    expect(words).toEqual(['load.not-found', 'load.no-version-information']);
  });

  it.skipIf(!hasTools('fish')).each([
    ['solder insp', ['inspect']],
    ['solder inspect --format=j', ['--format=json']],
    ['solder inspect --format ', ['json', 'text']],
    ['solder load ./plug', ['./plugin.so']],
  ])('fish: %s', (line, expected) => {
    expect(withPath(`fish --no-config -c 'solder completion fish | source; complete -C "${line}"'`)).toEqual(
      expected,
    );
  });

  it.skipIf(!hasTools('zsh')).each([
    ['solder insp', 'solder inspect '],
    ['solder inspect --format=j', 'solder inspect --format=json '],
    ['solder load ./plug', 'solder load ./plugin.so '],
  ])('zsh: %s', (line, expected) => {
    expect(completedByZsh(line, cwd)).toBe(expected);
  });
});

/** The line after the tabulator key: completion works only in a shell that talks to a terminal. */
function completedByZsh(line: string, cwd: string): string {
  const script = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'autoload -Uz compinit && compinit -u -D; eval "$(solder completion zsh)"
      keep() { print -rn -- "$BUFFER" > line; exit }; zle -N keep; bindkey "^X" keep; print REA""DY'
    zpty -r -m shell seen '*READY*'
    zpty -w -n shell ${JSON.stringify(line)}$'\\t'$'\\C-x'
    for (( tries = 0; tries < 100; tries++ )); do
      [[ -s line ]] && break
      sleep 0.1
    done
    cat line; rm -f line
    zpty -d shell`;
  return execFileSync('zsh', ['-f', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { PATH: `${join(SOLDER, '..')}:${process.env['PATH']}`, HOME: join(cwd, 'home'), TERM: 'dumb' },
  });
}
