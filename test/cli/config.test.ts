import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judge, type Run, scratch } from './solder.ts';

function withConfig(text: string, args: readonly string[], name = '.solder.yaml'): Run {
  const cwd = scratch();
  writeFileSync(join(cwd, name), text);
  return judge(['judge', ...args], { cwd });
}

it('reads suppressions and the threshold from the working directory', () => {
  const text = `# accepted
fail-on: warning
suppress:
  - kind: conflict.*
    subject: "name0"
    object: lib*.so
    reason: a test double
`;
  for (const name of ['.solder.yaml', 'solder.yaml']) {
    const { stdout, stderr, status } = withConfig(text, ['error', 'warning', '--all'], name);
    expect(stdout).toContain('1 warning (1 suppressed)');
    expect(stdout).toContain('reason: a test double');
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  }
  expect(withConfig(text, ['error', 'warning', '--fail-on', 'error']).status).toBe(0);
  expect(withConfig('', ['warning']).status).toBe(0);
  expect(withConfig('# nothing but a comment\n', ['warning']).status).toBe(0);
});

it('reads the named file instead', () => {
  const cwd = scratch();
  writeFileSync(join(cwd, '.solder.yaml'), 'fail-on: never\n');
  writeFileSync(join(cwd, 'strict.yaml'), 'fail-on: warning\n');
  expect(judge(['judge', 'warning', '--config', 'strict.yaml'], { cwd }).status).toBe(1);
  expect(judge(['judge', '--config', 'gone.yaml'], { cwd })).toEqual({
    stdout: '',
    stderr: 'solder: --config gone.yaml: no such file or directory\n',
    status: 2,
  });
});

it('warns of a suppression that matches nothing', () => {
  const text = 'suppress:\n  - kind: conflict.tls\n    reason: long gone\n';
  expect(withConfig(text, ['error'])).toMatchObject({
    status: 1,
    stderr: 'solder: warning: the suppression of conflict.tls matches no finding\n',
  });
  expect(withConfig(text.replace('conflict.tls', 'load.*'), []).stderr).toBe('');
});

it.each([
  ['fail-on: [', ':1: '],
  ['fail-on: warning\nfail-on: error\n', ':2: Map keys must be unique'],
  ['\nfail-no: error\n', ':2: fail-no: unknown key, did you mean fail-on?'],
  ['fail-on: sometimes\n', ":1: fail-on: 'sometimes' is none of its values, expected error, warning, never"],
  ['fail-on: 1\n', ':1: fail-on: expected a string'],
  ['- a\n', ':1: the file must be a map with the keys fail-on, suppress'],
  ['suppress: all\n', ':1: suppress: expected a list'],
  [
    'suppress:\n  - conflict.tls\n',
    ':2: suppress[0] must be a map with the keys kind, subject, object, reason',
  ],
  ['suppress:\n  - reason: r\n', ':2: suppress[0].kind: is missing'],
  ['suppress:\n  - kind: conflict.tls\n', ':2: suppress[0].reason: is missing: say why'],
  ['suppress:\n  - kind: conflict.tls\n    reason: " "\n', ':3: suppress[0].reason: is missing'],
  [
    'suppress:\n  - kind: conflict.tls\n    raeson: r\n',
    ':3: suppress[0].raeson: unknown key, did you mean reason?',
  ],
  [
    'suppress:\n  - reason: r\n    kind: conflict.tsl\n',
    ":3: suppress[0].kind: no kind of finding is called 'conflict.tsl', did you mean conflict.tls?",
  ],
])('refuses %j before any work is done', (text, message) => {
  const { stdout, stderr, status } = withConfig(text, ['unreadable']);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr.startsWith(`solder: .solder.yaml${message}`), stderr).toBe(true);
  expect(stderr.trimEnd()).not.toContain('\n');
});
