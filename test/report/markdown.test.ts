import { type Node, Parser } from 'commonmark';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeMarkdown, renderMarkdown } from '../../src/report/markdown.ts';
import { FINDINGS, sampleReport } from './sample.ts';

/** The text that a reader of CommonMark sees, by the kind of the block that it stands in. */
function blocks(markdown: string): [string, string][] {
  const walker = new Parser().parse(markdown).walker();
  const found: [string, string][] = [];
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node, entering } = event;
    if (!entering) continue;
    if (['paragraph', 'heading', 'code_block'].includes(node.type))
      found.push([nameOf(node), node.literal ?? '']);
    else if (node.type === 'text' || node.type === 'code') found.at(-1)![1] += node.literal;
  }
  return found;
}

function nameOf(node: Node): string {
  let depth = 0;
  for (let at: Node | null = node; at !== null; at = at.parent) if (at.type === 'item') depth++;
  return node.type === 'heading' ? `heading ${node.level}` : depth > 0 ? `item ${depth}` : node.type;
}

it('shows a report with headings, items below items, and its facts as they are', () => {
  const suppressions = [{ kind: 'conflict.variable', subject: 'buffer', reason: 'on *purpose*' }] as const;
  const report = sampleReport(FINDINGS, suppressions);
  const markdown = renderMarkdown(report, { facts: 'app\n``` libone.so\n', showSuppressed: true });
  expect(blocks(markdown)).toEqual([
    ['heading 1', 'solder check'],
    ['paragraph', 'app'],
    ['paragraph', '1 error, 1 warning, 1 note (1 suppressed)'],
    ['code_block', 'app\n``` libone.so\n'],
    ['heading 2', '1 error'],
    ['heading 3', 'Library not found (load.not-found)'],
    ['item 1', 'libgone.so.1 is not found'],
    ['item 2', 'searched the default directories'],
    ['item 2', 'mend: install it, or add its directory to the runpath'],
    ['heading 2', '1 warning'],
    ['heading 3', 'One variable name, several definitions (conflict.variable)'],
    ['item 1', 'counter is defined by libone.so and libtwo.so'],
    ['item 2', 'libone.so: 4 bytes at 0x4010'],
    ['item 2', 'libtwo.so: 8 bytes at 0x4020'],
    ['item 2', 'mend: make it static in one of them'],
    ['heading 2', '1 note'],
    ['heading 3', 'No version information (load.no-version-information)'],
    ['item 1', 'libb.so asks for V1 of liba.so, which has no versions'],
    ['heading 2', 'suppressed'],
    ['item 1', 'buffer is defined by libone.so and libtwo.so (conflict.variable): on *purpose*'],
  ]);
});

it('says so when there is nothing to say', () => {
  expect(renderMarkdown(sampleReport([]), { facts: '' })).toBe(
    '# solder check\n\n`app`\n\n**no findings**\n',
  );
});

it.each([
  'std::vector<int, std::allocator<int> >::operator[](unsigned long) const',
  'operator*(A const&, B&&)',
  '- 1. # > + = ``` ~~~ *** ___ | & &amp; &lt; \\ \\n <b>',
  '1. one',
  '12) two',
  '---',
])('a message is read as it was written: %s', (message) => {
  expect(blocks(`- ${escapeMarkdown(message)}`)).toEqual([['item 1', message]]);
});

it('any message is', () => {
  const punctuation = fc.constantFrom(...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ a1');
  const line = fc.string({ unit: fc.oneof(punctuation, fc.string({ minLength: 1, maxLength: 1 })) });
  fc.assert(
    fc.property(line, (text) => {
      // CommonMark itself drops space at both ends and keeps that inside.
      const message = text.trim();
      fc.pre(message !== '');
      expect(blocks(`- ${escapeMarkdown(message)}`)).toEqual([['item 1', message]]);
    }),
    { numRuns: 2000 },
  );
});

it('a file is named as it is', () => {
  for (const object of ['a`b', '`a``', '*a*', ' a ', 'a<b>&amp;']) {
    const [finding] = FINDINGS.filter(({ evidence }) => evidence.length === 2);
    const evidence = [{ text: 'here', object }];
    const markdown = renderMarkdown(sampleReport([{ ...finding!, evidence }]), { facts: '' });
    expect(blocks(markdown)).toContainEqual(['item 2', `${object}: here`]);
  }
});
