import { expect, it } from 'vitest';
import { PLAIN, renderTable, renderTree } from '../../src/report/index.ts';

it('aligns columns, numbers to the right, without blanks at the ends of lines', () => {
  const table = renderTable(
    [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'NOTE' }],
    [
      ['a', '1', 'first'],
      ['longer', '1000', ''],
    ],
  );
  expect(table).toBe('NAME    SIZE  NOTE\na          1  first\nlonger  1000\n');
});

it('counts what a terminal shows, not characters or colour codes', () => {
  const table = renderTable(
    [{ title: 'N' }, { title: 'X' }],
    [
      ['漢字', 'a'],
      ['e\u0301', 'b'],
      ['ab', 'c'],
    ],
  );
  expect(table).toBe('N     X\n漢字  a\ne\u0301     b\nab    c\n');
  const painted = renderTable(
    [{ title: 'N', paint: (text) => `\x1b[31m${text}\x1b[39m` }, { title: 'X' }],
    [
      ['a', 'b'],
      ['ccc', 'd'],
    ],
    PLAIN,
  );
  expect(painted).toBe('N    X\n\x1b[31ma\x1b[39m    b\n\x1b[31mccc\x1b[39m  d\n');
});

it('escapes control characters before it aligns', () => {
  expect(renderTable([{ title: 'N' }, { title: 'X' }], [['a\tb', 'c']])).toBe('N       X\na\\x09b  c\n');
});

it('draws fifty thousand rows in well under two seconds', () => {
  const rows = Array.from({ length: 50_000 }, (_, index) => [`name${index}`, 'libc.so.6', 'normal']);
  const start = performance.now();
  const table = renderTable([{ title: 'A' }, { title: 'B' }, { title: 'C' }], rows);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(table.split('\n')).toHaveLength(50_002);
});

it('draws a tree', () => {
  const leaf = (label: string) => ({ label, children: [] });
  const root = {
    label: 'app',
    children: [{ label: 'libone.so', children: [leaf('libc.so.6'), leaf('libm.so.6')] }, leaf('libtwo.so')],
  };
  expect(renderTree(root)).toBe(`app
├── libone.so
│   ├── libc.so.6
│   └── libm.so.6
└── libtwo.so
`);
});
