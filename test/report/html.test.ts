import fc from 'fast-check';
import { type ParserError, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/index.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { printable } from '../../src/report/printable.ts';
import { FINDINGS, sampleReport } from './sample.ts';

/** What a browser would make of the page; throws for whatever HTML calls an error. */
function read(page: string): Tree.Element[] {
  const errors: ParserError[] = [];
  const document = parse(page, { onParseError: (error) => errors.push(error) });
  expect(errors).toEqual([]);
  return elementsBelow(document);
}

function elementsBelow(node: Tree.ParentNode): Tree.Element[] {
  return node.childNodes.flatMap((child) => ('tagName' in child ? [child, ...elementsBelow(child)] : []));
}

function textOf(node: Tree.ParentNode): string {
  return node.childNodes
    .map((child) => ('value' in child ? child.value : 'childNodes' in child ? textOf(child) : ''))
    .join('');
}

const named = (elements: readonly Tree.Element[], tag: string) =>
  elements.filter(({ tagName }) => tagName === tag);
const bodyText = (page: string) => textOf(named(read(page), 'body')[0]!);
const withFacts = (facts: unknown): Report => ({ ...sampleReport([]), facts });

/** Control characters and what HTML forbids are spelled out. */
const spelled = (text: string) =>
  printable(text).replace(
    /\p{Noncharacter_Code_Point}|\p{Surrogate}/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );

it('shows every finding with its evidence and its remedy, the most severe first', () => {
  const suppressions = [{ kind: 'conflict.variable', subject: 'buffer', reason: 'on purpose' }] as const;
  const elements = read(renderHtml(sampleReport(FINDINGS, suppressions)));
  expect(named(elements, 'h3').map((heading) => textOf(heading))).toEqual([
    'error Library not found load.not-found',
    'warning One variable name, several definitions conflict.variable',
    'note No version information load.no-version-information',
  ]);
  expect(named(elements, 'summary').map((summary) => textOf(summary))).toEqual([
    'libgone.so.1 is not found',
    'counter is defined by libone.so and libtwo.so',
    '1 suppressed',
  ]);
  const text = textOf(named(elements, 'body')[0]!);
  for (const { message, evidence, fix = '' } of FINDINGS)
    for (const part of [message, fix, ...evidence.map((piece) => piece.text)]) expect(text).toContain(part);
  expect(text).toContain('on purpose');
});

it('offers a box for each severity that occurs, each with the class that its style hides', () => {
  const elements = read(renderHtml(sampleReport(FINDINGS)));
  const ids = named(elements, 'input').map(({ attrs }) => attrs.find(({ name }) => name === 'id')?.value);
  expect(ids).toEqual(['show-error', 'show-warning', 'show-note']);
  const style = textOf(named(elements, 'style')[0]!);
  for (const id of ids) {
    const severity = id!.slice('show-'.length);
    expect(style).toContain(`body:has(#${id}:not(:checked)) .kind.${severity}`);
    const classes = elements.flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'class'));
    expect(classes.map(({ value }) => value)).toContain(`kind ${severity}`);
  }
});

it('shows rows as a table, rows with rows of their own as records, the rest beside its name', () => {
  const facts = {
    soname: 'liba.so.1',
    stripped: true,
    needed: ['libb.so', 'libc.so.6'],
    nothing: [],
    exports: [
      { name: 'open_it', size: 12 },
      { name: 'close_it', size: 7, version: 'V1' },
    ],
    roots: [{ path: '/bin/app', lookUps: { own: 3 }, objects: [{ name: 'liba.so' }] }],
  };
  const elements = read(renderHtml(withFacts(facts)));
  const rows = named(elements, 'tr').map((row) =>
    elementsBelow(row)
      .filter(({ tagName }) => tagName === 'td' || tagName === 'th')
      .map((cell) => textOf(cell)),
  );
  expect(rows).toEqual([
    ['name', 'size', 'version'],
    ['open_it', '12', '–'],
    ['close_it', '7', 'V1'],
    ['name'],
    ['liba.so'],
  ]);
  const pairs = named(elements, 'dt').map((term, index) => [
    textOf(term),
    textOf(named(elements, 'dd')[index]!),
  ]);
  expect(pairs).toEqual([
    ['soname', 'liba.so.1'],
    ['stripped', 'yes'],
    ['needed', 'libb.so, libc.so.6'],
    ['nothing', 'none'],
    ['path', '/bin/app'],
    ['own', '3'],
  ]);
  expect(named(elements, 'summary').map((summary) => textOf(summary))).toEqual(['/bin/app']);
});

it('counts the rows that it leaves out, and stays small', () => {
  const rows = Array.from({ length: 50_000 }, (_, index) => ({ name: `function_${index}`, index }));
  const page = renderHtml(withFacts({ exports: rows, imports: rows }));
  expect(page.length).toBeLessThan(300_000);
  expect(bodyText(page).match(/… and \d+ more, in the JSON report/g)).toEqual([
    '… and 49500 more, in the JSON report',
    '… and 49500 more, in the JSON report',
  ]);
  const nested = Array.from({ length: 400 }, () => ({ a: rows.slice(0, 400), b: rows.slice(0, 400) }));
  expect(renderHtml(withFacts({ nested })).length).toBeLessThan(1_000_000);
});

it('survives facts that nest without end', () => {
  let facts: unknown = 'end';
  for (let depth = 0; depth < 5000; depth++) facts = depth % 2 === 0 ? [facts] : { facts };
  expect(bodyText(renderHtml(withFacts(facts)))).toContain('nested too deeply for a page');
});

it('is well-formed, without a script or anything to load, whatever stands in a report', () => {
  const allowed = new Set(
    'html head meta title style body header h1 h2 h3 p b br code main section form label input details summary ul li dl div dt dd span data table thead tbody tr th td footer'.split(
      ' ',
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '</style><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '<!--',
      ']]>&amp;&#x3c;',
      '</details></title><h1>',
    ),
  );
  const finding = fc.record({
    kind: fc.constantFrom(...FINDINGS.map(({ kind }) => kind)),
    severity: fc.constantFrom('error', 'warning', 'note'),
    message: text,
    subject: text,
    object: text,
    evidence: fc.array(fc.record({ text, object: text }), { maxLength: 3 }),
    fix: text,
  });
  const facts = fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' }));
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 4 }), facts, text, (findings, value, target) => {
      const report = { ...sampleReport(findings), facts: value, targets: [target], verdict: target };
      const elements = read(renderHtml(report));
      for (const { tagName, attrs } of elements) {
        expect(allowed).toContain(tagName);
        for (const { name } of attrs)
          expect([
            'class',
            'id',
            'lang',
            'type',
            'checked',
            'open',
            'scope',
            'charset',
            'name',
            'content',
            'http-equiv',
            'aria-label',
          ]).toContain(name);
      }
      const shown = textOf(named(elements, 'body')[0]!).replaceAll('\r\n', '\n');
      for (const { message } of findings) expect(shown).toContain(spelled(message));
    }),
    { numRuns: 300 },
  );
});
