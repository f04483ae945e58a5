import { expect, it } from 'vitest';
import { judge } from './solder.ts';

const statusOf = (...args: string[]): number | null => judge(['judge', ...args]).status;

it('is 0 when nothing is at or above the threshold, 1 for findings', () => {
  expect(statusOf()).toBe(0);
  expect(statusOf('note')).toBe(0);
  expect(statusOf('warning')).toBe(0);
  expect(statusOf('error')).toBe(1);
  expect(statusOf('warning', '--fail-on', 'warning')).toBe(1);
  expect(statusOf('note', '--fail-on', 'warning')).toBe(0);
  expect(statusOf('error', '--fail-on', 'never')).toBe(0);
});

it('is 3 for an unreadable input, findings or not, and says so on stderr in every format', () => {
  for (const format of ['text', 'json', 'tsv']) {
    const { status, stderr } = judge([
      'judge',
      'unreadable',
      'error',
      '--fail-on',
      'never',
      '--format',
      format,
    ]);
    expect({ status, stderr }).toEqual({ status: 3, stderr: 'solder: libodd.so: is no ELF file\n' });
  }
});

it('prints a warning as one line, and with --quiet none', () => {
  expect(judge(['judge', 'odd'])).toMatchObject({
    status: 0,
    stderr: 'solder: warning: libodd.so: has no\\x0asections\n',
  });
  expect(judge(['judge', 'odd', '-q'])).toMatchObject({ status: 0, stderr: '' });
  expect(judge(['judge', 'unreadable', '-q']).stderr).toContain('is no ELF file');
});

it('says in one line what is wrong with an input', () => {
  expect(judge(['fail', 'format'])).toMatchObject({
    status: 3,
    stderr: 'solder: ELF header+0x10: needs 2 bytes, 0 are left\n',
  });
  expect(judge(['fail', 'input'])).toMatchObject({ status: 3, stderr: 'solder: libx.so: is a directory\n' });
});

it('keeps the stack of an error that nobody foresaw, and owns it', () => {
  const { status, stderr } = judge(['fail', 'bug']);
  expect(status).toBe(4);
  expect(stderr).toMatch(/^solder: this is a bug of solder \d/);
  expect(stderr).toContain('TypeError: undefined is not a function\n    at ');
});

it('shows ten notes, and with --all every one', () => {
  const notes = Array.from({ length: 12 }, () => 'note');
  expect(judge(['judge', ...notes]).stdout).toContain('… and 2 more notes: --all shows them');
  expect(judge(['judge', '--all', ...notes]).stdout).toContain('finding 11');
});
