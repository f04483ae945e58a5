import { describe, expect, test } from 'vitest';
import { endsWithCall } from '../../../src/run/native-host/call-instruction.ts';
import { parseLastWords } from '../../../src/run/native-host/last-words.ts';
import { mappingAt, parseMappings } from '../../../src/run/native-host/mappings.ts';
import { WORDS } from '../../../src/run/native-host/protocol.ts';
import { ForeignBytes, type Reply, ReplyReader } from '../../../src/run/native-host/reply-reader.ts';
import { RequestWriter } from '../../../src/run/native-host/request-writer.ts';

const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
const reply = (id: number, status: number, body: Buffer): Buffer =>
  Buffer.concat([u32(8 + body.length, id, status), body]);

describe('requests', () => {
  test('hold size, id, operation and fields, little endian', () => {
    const writer = new RequestWriter();
    writer.begin(7, 3);
    writer.u8(0xab);
    writer.u64(-2n);
    writer.f32(1.5);
    writer.string('ü');
    writer.string(undefined);
    writer.finish();
    const expected = [
      u32(8 + 1 + 8 + 8 + 4 + 3 + 4, 7, 3),
      Buffer.from('abfeffffffffffffff0000c03f0000000003000000c3bc0000000000', 'hex'),
    ];
    expect(writer.take()).toEqual(Buffer.concat(expected));
    expect(writer.size).toBe(0);
  });

  test('one that was not finished leaves nothing behind', () => {
    const writer = new RequestWriter();
    writer.begin(1, 2);
    expect(() => writer.string('a\0b')).toThrow(RangeError);
    writer.begin(1, 13);
    writer.finish();
    expect(writer.take()).toEqual(u32(8, 1, 13));
  });

  test('grow beyond the first buffer', () => {
    const writer = new RequestWriter();
    const large = Buffer.alloc(100_000, 0x5a);
    writer.begin(1, 10);
    writer.raw(large);
    writer.finish();
    expect(writer.take().subarray(12)).toEqual(large);
  });
});

describe('replies', () => {
  const bodies = [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(5000, 1), Buffer.from('last')];
  const stream = Buffer.concat(bodies.map((body, index) => reply(index, index % 3, body)));

  test.each([1, 3, 11, 12, 13, 4096, 1 << 20])('arrive whole in pieces of %i bytes', (size) => {
    const seen: [number, number, Buffer][] = [];
    const reader = new ReplyReader(
      () => seen.length,
      (frame) => seen.push([frame.id, frame.status, Buffer.from(frame.rest())]),
    );
    for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
    expect(seen).toEqual(bodies.map((body, index) => [index, index % 3, body]));
  });

  test.each([
    ['another id', reply(5, 0, Buffer.alloc(0))],
    ['a size below the header', u32(3, 0, 0)],
  ])('with %s were not written by a host', (_, bytes) => {
    const reader = new ReplyReader(
      () => 0,
      () => {},
    );
    expect(() => reader.push(bytes)).toThrow(ForeignBytes);
  });

  test('cannot be read past their end', () => {
    const seen: Reply[] = [];
    const reader = new ReplyReader(
      () => 0,
      (frame) => seen.push(frame),
    );
    reader.push(reply(0, 0, u32(9)));
    expect(() => seen[0]!.string()).toThrow(ForeignBytes);
    expect(() => seen[0]!.u64()).toThrow(ForeignBytes);
  });
});

describe('last words', () => {
  const frame = (kind: number, body: Buffer): Buffer => Buffer.concat([u32(body.length, kind), body]);
  const signal = Buffer.alloc(48);
  signal.writeUInt32LE(11, 0);
  signal.writeInt32LE(-6, 4);
  signal.writeBigUInt64LE(0x1234n, 16);
  signal.writeUInt32LE(1, 40);

  test('of a signal after exit: the signal with its own mappings', () => {
    const words = parseLastWords(
      Buffer.concat([
        frame(WORDS.exit, u32(0, 0, 0, 1)),
        frame(WORDS.maps, Buffer.from('old')),
        frame(WORDS.signal, signal),
        frame(WORDS.maps, Buffer.from('first ')),
        frame(WORDS.maps, Buffer.from('second')),
      ]),
    );
    expect(words.exit).toBe('exit');
    expect(words.fault).toMatchObject({ signal: 11, code: -6, pc: 0x1234n });
    expect(words.scene).toEqual({ isOtherThread: true, isWaiting: false });
    expect(words.mappings).toBe('first second');
  });

  test('that were cut off count as far as they are whole', () => {
    const whole = frame(WORDS.signal, signal);
    for (let size = 0; size < whole.length; size++) {
      expect(parseLastWords(whole.subarray(0, size)).fault).toBeUndefined();
    }
  });
});

test('mappings are found by address', () => {
  const mappings = parseMappings(
    [
      '1000-3000 r-xp 00002000 08:01 42                         /lib/a b.so (deleted)',
      '3000-4000 rw-p 00000000 00:00 0 ',
      '7000-8000 r-xp 00000000 00:00 0                          [vdso]',
      '9000-a000 r-xp 00000000 08:01 43                         /two\\012lines',
      'no mapping',
    ].join('\n'),
  );
  expect(mappings.map(({ path }) => path)).toEqual(['/lib/a b.so (deleted)', '', '[vdso]', '/two\nlines']);
  expect(mappings[0]).toMatchObject({ start: 0x1000n, end: 0x3000n, offset: 0x2000n, executable: true });
  const found = [0xfffn, 0x1000n, 0x2fffn, 0x3000n, 0x4000n, 0x7fffn, 0x8000n].map((address) =>
    mappingAt(mappings, address)?.start.toString(16),
  );
  expect(found).toEqual([undefined, '1000', '1000', '3000', undefined, '7000', undefined]);
});

describe('calls in machine code', () => {
  const X86 = 62;
  // Assembled with GNU as: the call, and what looks like one and is none.
  test.each([
    ['call rel32', 'e800000000', true],
    ['call *%rax', 'ffd0', true],
    ['call *%r11', '41ffd3', true],
    ['call *(%rax)', 'ff10', true],
    ['call *(%r12)', '41ff1424', true],
    ['call *8(%rsp)', 'ff542408', true],
    ['call *0x100(%rbx)', 'ff9300010000', true],
    ['call *0x100(%rsp)', 'ff942400010000', true],
    ['call *sym(%rip)', 'ff1500000000', true],
    ['jmp *%rax', 'ffe0', false],
    ['call before nop; leave; ret', 'e873ffffff90c9c3', false],
    ['ret', 'c3', false],
  ])('x86-64: %s', (_, code, expected) => {
    const bytes = Buffer.from(`90909090909090${code}`, 'hex').subarray(-7);
    expect(endsWithCall(new Uint8Array(bytes), X86)).toBe(expected);
  });

  test.each([
    ['bl', 0x94000010, true],
    ['blr x3', 0xd63f0060, true],
    ['blraaz x3', 0xd63f087f, true],
    ['b', 0x14000010, false],
    ['br x3', 0xd61f0060, false],
    ['ret', 0xd65f03c0, false],
  ])('aarch64: %s', (_, word, expected) => {
    expect(endsWithCall(new Uint8Array(u32(word)), 183)).toBe(expected);
  });
});
