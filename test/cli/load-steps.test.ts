import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/errors.ts';
import { StepReader } from '../../src/cli/load-steps.ts';

/** Reads steps after an opened `./liba.so`. */
function read(...texts: string[]) {
  const reader = new StepReader();
  reader.addOpen('./liba.so', {});
  for (const text of texts) reader.addText(text);
  return reader;
}

const last = (...texts: string[]) => read(...texts).steps.at(-1);

describe('the steps of load', () => {
  it('opens with every flag, in a namespace, under a name', () => {
    expect(last('open ./libb.so now global nodelete noload deepbind as b')).toEqual({
      step: 'open',
      text: 'open ./libb.so now global nodelete noload deepbind as b',
      call: {
        call: 'dlopen',
        file: './libb.so',
        handle: 'b',
        mode: { now: true, global: true, noDelete: true, noLoad: true, deepBind: true },
      },
    });
    expect(last('open ./libb.so lazy local namespace new')).toMatchObject({
      call: { namespace: 'new', mode: {} },
    });
    expect(last('open ./libb.so namespace liba.so')).toMatchObject({
      call: { namespace: { of: 'liba.so' } },
    });
    expect(last('open NULL')).toMatchObject({ call: { file: null, handle: 'NULL' } });
  });

  const handlesOf = ({ steps }: StepReader) =>
    steps.map((step) => 'call' in step && 'handle' in step.call && step.call.handle);

  it('numbers the handles of one file, and means the latest that is open where none is named', () => {
    const reader = read('open ./liba.so', 'symbol x', 'close liba.so', 'symbol x', 'close liba.so#2');
    expect(handlesOf(reader)).toEqual([
      'liba.so',
      'liba.so#2',
      'liba.so#2',
      'liba.so',
      'liba.so#2',
      'liba.so#2',
    ]);
    // The first one is closed: its name is that of the file still.
    const again = read('close', 'open ./liba.so', 'close liba.so');
    expect(handlesOf(again)).toEqual(['liba.so', 'liba.so', 'liba.so#2', 'liba.so#2']);
  });

  it('writes a step as it can be typed again', () => {
    const reader = new StepReader();
    reader.addOpen('./my lib.so', {});
    reader.addSymbol('greet:char *(char *)', ["it's me"]);
    reader.addInfo('greet', 'my lib.so');
    reader.closeAll();
    const texts = reader.steps.map(({ text }) => text);
    expect(texts).toEqual([
      "open './my lib.so'",
      `symbol 'greet:char *(char *)' "it's me"`,
      "info greet in 'my lib.so'",
      "close 'my lib.so'",
    ]);
    const typed = new StepReader();
    for (const text of texts) typed.addText(text);
    expect(typed.steps).toEqual(reader.steps);
  });

  it('parts a prototype at a colon that stands alone', () => {
    expect(last('symbol ns::area(int)')).toMatchObject({ use: 'find', call: { symbol: 'ns::area(int)' } });
    expect(last('symbol ns::area:int')).toMatchObject({ use: 'read', call: { symbol: 'ns::area' } });
  });

  it('closes what is still open, the latest first', () => {
    const reader = read('open ./libb.so', 'open ./libc.so');
    reader.closeAll();
    expect(reader.steps.slice(3).map(({ text }) => text)).toEqual([
      'close libc.so',
      'close libb.so',
      'close liba.so',
    ]);
  });

  it('looks symbols up by version, in a handle or a pseudo-handle', () => {
    expect(last('symbol x@V_1')).toMatchObject({ call: { symbol: 'x', version: 'V_1', handle: 'liba.so' } });
    expect(last('symbol x@@V_1')).toMatchObject({ call: { version: 'V_1' } });
    expect(last('symbol malloc in default')).toMatchObject({ call: { handle: { pseudo: 'default' } } });
    expect(last('symbol malloc in next')).toMatchObject({ call: { handle: { pseudo: 'next' } } });
    expect(last('open ./libb.so', 'symbol x in liba.so')).toMatchObject({ call: { handle: 'liba.so' } });
    expect(last('open ./libb.so', 'symbol x in ./liba.so')).toMatchObject({ call: { handle: 'liba.so' } });
  });

  it('takes a prototype and arguments, quoted where they have blanks', () => {
    expect(last('symbol add:int(int, int, char *, char *) 2 3 \'in\' "two words"')).toMatchObject({
      call: { symbol: 'add' },
      prototype: 'int(int, int, char *, char *)',
      args: ['2', '3', 'in', 'two words'],
    });
    expect(last("symbol f:void(char *, char *) 'in' 'liba.so'")).toMatchObject({ args: ['in', 'liba.so'] });
    expect(last("symbol 'name:const char *'")).toMatchObject({ prototype: 'const char *', args: [] });
  });

  it('asks for the address of a symbol, behind it, or of a number', () => {
    expect(last('info x')).toMatchObject({ address: { symbol: 'x' }, offset: 0n });
    expect(last('info x+0x10')).toMatchObject({ address: { symbol: 'x' }, offset: 16n });
    expect(last('info 4096')).toMatchObject({ address: 4096n });
  });

  it.each([
    ['jump x', "'jump' is no step, expected open, symbol, info, close"],
    ['simbol x', "'simbol' is no step, did you mean symbol?"],
    ['', "'' is no step, expected open, symbol, info, close"],
    ['open', 'which file?'],
    ['open x glbal', "'glbal' is no way to open, did you mean global?"],
    ['open x as', 'as needs a word behind it'],
    ['open x as liba.so', "two handles are called 'liba.so'"],
    ['close libb.so', "no open handle is called 'libb.so', did you mean liba.so?"],
    ['close a b', "one word too many: 'b'"],
    ['symbol', 'which symbol?'],
    ['symbol x 5', "'x': to call it say how: x:PROTOTYPE, such as 'x:int(int, const char *)'"],
    ['info', 'which symbol or address?'],
    ["symbol 'x", "the quote ' is not closed"],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(new UsageError(`--then '${text}': ${message}`));
  });

  it('refuses a step for which nothing is open', () => {
    expect(() => read('close', 'symbol x')).toThrow('nothing is open at this step');
  });
});
