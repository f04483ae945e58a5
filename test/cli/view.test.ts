import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judge, scratch, shell, solder } from './solder.ts';

const PROGRAM = '/bin/sh';

/** What the commands say of a program of this machine, whatever that is. */
const COMMANDS = [
  ['check', PROGRAM],
  ['deps', PROGRAM],
  ['bind', PROGRAM],
  ['conflicts', PROGRAM],
  ['diff', PROGRAM, PROGRAM],
];

it.each(COMMANDS)('%s writes the page that view makes of its report', (...command) => {
  const folder = scratch();
  const [page, report] = [join(folder, 'page.html'), join(folder, 'report.json')];
  const plain = solder(command);
  expect(solder([...command, '--html', page])).toEqual(plain);
  writeFileSync(report, solder([...command, '--format', 'json']).stdout);
  expect(solder(['view', report])).toEqual({ stdout: readFileSync(page, 'utf8'), stderr: '', status: 0 });
  expect(shell(`$SOLDER view - < ${report}`).stdout).toBe(readFileSync(page, 'utf8'));
  expect(readdirSync(folder).sort()).toEqual(['page.html', 'report.json']);
});

it.each([
  ['inspect', PROGRAM],
  ['demangle', '_ZN3app6BundleC1Ev'],
])('shows the report of %s, which has no page of its own', (...command) => {
  const report = join(scratch(), 'report.json');
  writeFileSync(report, solder([...command, '--format', 'json']).stdout);
  expect(solder(['view', report]).stdout).toContain(`<code>${command[1]}</code>`);
});

it('writes the page also when nobody reads the result, and the status stays that of the findings', () => {
  const page = join(scratch(), 'page.html');
  expect(shell(`$SOLDER bind --html ${page} ${PROGRAM} | head -n 0`).stderr).toBe('');
  expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\n$/);
  expect(judge(['judge', 'error', '--html', page]).status).toBe(1);
  expect(readFileSync(page, 'utf8')).toContain('class="verdict error"');
});

it('leaves no page of a command that fails, and says which option is wrong', () => {
  const folder = scratch();
  expect(solder(['check', '--html', join(folder, 'page.html'), join(folder, 'missing')]).status).toBe(3);
  const page = readdirSync(folder);
  expect(solder(['check', '--html', join(folder, 'none', 'page.html'), PROGRAM])).toEqual({
    stdout: '',
    stderr: `solder: --html ${join(folder, 'none', 'page.html')}: no such file or directory\n`,
    status: 2,
  });
  expect(judge(['fail', 'bug', '--html', join(folder, 'bug.html')]).status).not.toBe(0);
  expect(readdirSync(folder)).toEqual(page);
});

it.each([
  ['', 'no JSON: …'],
  ['{"schemaVersion": 1', 'no JSON: …'],
  ['[]', 'no report of solder: it has no schemaVersion'],
  ['null', 'no report of solder: it has no schemaVersion'],
  ['{"schemaVersion": 2}', 'a report of schema version 2, and only 1 is known'],
  ['{"schemaVersion": 1}', 'no report of solder: …'],
])('tells what is wrong with a file that is no report: %s', (text, message) => {
  const file = join(scratch(), 'report.json');
  writeFileSync(file, text);
  const { stdout, stderr, status } = solder(['view', file]);
  expect({ stdout, status }).toEqual({ stdout: '', status: 3 });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr.startsWith(`solder: ${file}: ${message.replace('…', '')}`)).toBe(true);
});

it('names the place in a report that is not as it should be', () => {
  const report = JSON.parse(solder(['check', '--format', 'json', PROGRAM]).stdout) as Record<string, unknown>;
  const file = join(scratch(), 'report.json');
  const broken = { ...report, summary: { error: 0, warning: -1, note: 0 } };
  writeFileSync(file, JSON.stringify(broken));
  expect(solder(['view', file]).stderr).toContain(`solder: ${file}: no report of solder: /summary/warning `);
});

it('cannot read what is not there', () => {
  expect(solder(['view', '/nowhere/report.json'])).toEqual({
    stdout: '',
    stderr: 'solder: /nowhere/report.json: no such file or directory\n',
    status: 3,
  });
  expect(solder(['view', '/']).status).toBe(3);
});
