import { describe, expect, test } from 'vitest';
import { loadProcess, relocationOrder } from '../../src/loader/index.ts';
import { literalContext, literalObject } from './literals.ts';

/** Who needs whom, `p` being the root; returns who is relocated before whom. */
function order(graph: Readonly<Record<string, string>>): string {
  const needs = (name: string) => (graph[name] ?? '').split(' ').filter((other) => other !== '');
  const files = Object.fromEntries(
    Object.keys(graph).map((name) => [`/lib/${name}`, literalObject({ needed: needs(name) })]),
  );
  const process = loadProcess(literalContext(files), literalObject({ needed: needs('p') }), 'p');
  return relocationOrder(process)
    .map(({ name }) => name)
    .join(' ');
}

describe('who is relocated first', () => {
  test.each([
    ['a chain from its end', { p: 'a', a: 'b', b: 'c', c: '' }, 'c b a p'],
    ['what is loaded last, otherwise', { p: 'a b c', a: '', b: '', c: '' }, 'c b a p'],
    ['what is needed, before those that need it', { p: 'a b', a: 'c', b: 'a', c: '' }, 'c a b p'],
    ['a circle, from the one loaded last', { p: 'a', a: 'b', b: 'a' }, 'a b p'],
    ['the root last, even in a circle', { p: 'a', a: 'b p2', b: 'a', p2: '' }, 'p2 a b p'],
  ])('%s', (_, graph, expected) => {
    expect(order(graph)).toBe(expected);
  });
});
