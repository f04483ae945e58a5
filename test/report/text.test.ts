import { expect, it } from 'vitest';
import type { Finding } from '../../src/model/index.ts';
import { PLAIN, renderFindings, type Style } from '../../src/report/index.ts';
import { FINDINGS, sampleReport } from './sample.ts';

it('shows the most severe first, a kind once, and a fix once when all of a kind share it', () => {
  expect(renderFindings(sampleReport())).toBe(`error: Library not found [load.not-found]
  libgone.so.1 is not found
    searched the default directories
  → install it, or add its directory to the runpath

warning: One variable name, several definitions [conflict.variable]
  buffer is defined by libone.so and libtwo.so
  counter is defined by libone.so and libtwo.so
    libone.so: 4 bytes at 0x4010
    libtwo.so: 8 bytes at 0x4020
  → make it static in one of them

note: No version information [load.no-version-information]
  libb.so asks for V1 of liba.so, which has no versions

1 error, 2 warnings, 1 note
`);
});

it('keeps a fix with its finding when fixes differ', () => {
  const [first, second] = FINDINGS.filter(({ kind }) => kind === 'conflict.variable');
  const text = renderFindings(sampleReport([first!, { ...second!, fix: 'rename it' }]));
  expect(text).toContain('buffer is defined by libone.so and libtwo.so\n  → rename it\n  counter');
  expect(text).toContain('8 bytes at 0x4020\n  → make it static');
});

it('says that nothing was found', () => {
  expect(renderFindings(sampleReport([]))).toBe('no findings\n');
});

it('limits notes only, and counts the rest', () => {
  const [note] = FINDINGS;
  const notes = Array.from({ length: 5 }, (_, index): Finding => ({ ...note!, subject: `lib${index}.so` }));
  const warnings = FINDINGS.filter(({ severity }) => severity === 'warning');
  const text = renderFindings(sampleReport([...notes, ...warnings]), { noteLimit: 2 });
  expect(text.match(/has no versions/g)).toHaveLength(2);
  expect(text.match(/is defined by/g)).toHaveLength(2);
  expect(text).toContain('… and 3 more notes: --all shows them');
  expect(text).toContain('2 warnings, 5 notes\n');
});

it('shows a note of each kind before the second of any, in the order of the report', () => {
  const [note] = FINDINGS;
  const kinds = ['load.no-version-information', 'conflict.function', 'conflict.guard'] as const;
  const notes = kinds.flatMap((kind) =>
    ['one', 'two'].map((word): Finding => ({ ...note!, kind, subject: word, message: `${kind} ${word}` })),
  );
  const text = renderFindings(sampleReport(notes), { noteLimit: 4 });
  expect(text.match(/^ {2}[a-z.-]+ \w+$/gm)).toEqual([
    '  conflict.function one',
    '  conflict.function two',
    '  conflict.guard one',
    '  load.no-version-information one',
  ]);
});

it('limits the evidence of a finding, and counts the rest', () => {
  const warning = FINDINGS.find(({ severity }) => severity === 'warning')!;
  const evidence = ['one', 'two', 'three'].map((text) => ({ text }));
  const text = renderFindings(sampleReport([{ ...warning, evidence }]), { evidenceLimit: 2 });
  expect(text).toContain('    one\n    two\n    … and 1 more: --all shows them\n');
  expect(renderFindings(sampleReport([{ ...warning, evidence }]))).toContain('    three\n');
});

it('counts what was suppressed and lists it with its reason on demand', () => {
  const report = sampleReport(FINDINGS, [{ kind: 'conflict.*', subject: 'count*', reason: 'see README' }]);
  expect(renderFindings(report)).toContain('1 error, 1 warning, 1 note (1 suppressed)\n');
  expect(renderFindings(report)).not.toContain('see README');
  expect(renderFindings(report, { showSuppressed: true })).toContain(`suppressed:
  counter is defined by libone.so and libtwo.so [conflict.variable]
    reason: see README
`);
});

it('colours by severity only through the style it is given', () => {
  const style: Style = { ...PLAIN, red: (text) => `<r>${text}</r>`, yellow: (text) => `<y>${text}</y>` };
  const text = renderFindings(sampleReport(), { style });
  expect(text).toContain('<r>error:</r>');
  expect(text).toContain('<y>2 warnings</y>');
});

it('lets no name from a file control the terminal', () => {
  const [note] = FINDINGS;
  const text = renderFindings(sampleReport([{ ...note!, message: 'a\x1b[2Jb\nc\u202ed\x9b' }]));
  expect(text).toContain('  a\\x1b[2Jb\\x0ac\\u{202e}d\\x9b\n');
});
