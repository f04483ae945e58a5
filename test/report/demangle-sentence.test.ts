import { expect, test } from 'vitest';
import { demangleSentence } from '../../src/report/demangle-text.ts';

test.each([
  ['needs _Z4areai', 'needs area(int)'],
  ['ask for _Z4areai (area(int)); area is another one', 'ask for _Z4areai (area(int)); area is another one'],
  ['_Z4areai (area(long)) and _Z4areai (area(int))', 'area(int) (area(long)) and _Z4areai (area(int))'],
  ['_Znwm (no name) of _init (it)', 'operator new(unsigned long) (no name) of _init (it)'],
  ['plain', 'plain'],
])('%s', (text, shown) => {
  expect(demangleSentence(text)).toBe(shown);
});
