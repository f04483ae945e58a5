import { describe, expect, it } from 'vitest';
import { Timeline, type TraceFacts, TraceReader } from '../../../src/analyses/trace/index.ts';

const tagged = (pid: number, text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => `${String(pid).padStart(10)}:\t${line}\n`)
    .join('');

function factsOf(...logs: readonly (readonly [number, string])[]): Omit<TraceFacts, 'lines'> {
  const timeline = new Timeline();
  for (const [owner, text] of logs) {
    const reader = new TraceReader({ source: 'loader' }, (event) => timeline.add(event, owner));
    reader.push(text);
    reader.end();
  }
  return { command: null, ending: null, categories: null, ...timeline.facts() };
}

/** `KIND SUBJECT`, a level in for each depth. */
const outline = ({ processes }: Pick<TraceFacts, 'processes'>, image = 0) =>
  processes[0]!.images[image]!.steps.map(
    ({ step, subject, depth }) => `${'  '.repeat(depth)}${step} ${subject}`,
  );

const START = `
symbol=__vdso_clock_gettime;  lookup in file=linux-vdso.so.1 [0]
file=libc.so.6 [0];  needed by app [0]
find library=libc.so.6 [0]; searching
 search path=/opt/lib		(RUNPATH from file app)
  trying file=/opt/lib/libc.so.6
 search cache=/etc/ld.so.cache
  trying file=/lib/libc.so.6
file=libc.so.6 [0];  generating link map
  dynamic: 0x0000000000001b60  base: 0x0000000000001000   size: 0x0000000000002000
Initial object scopes
object=app [0]
 scope 0: app /lib/libc.so.6
relocation processing: /lib/libc.so.6 (lazy)
symbol=f;  lookup in file=app [0]
symbol=f;  lookup in file=/lib/libc.so.6 [0]
binding file /lib/libc.so.6 [0] to /lib/libc.so.6 [0]: normal symbol \`f' [V1]
calling init: /lib/libc.so.6
initialize program: app
transferring control: app
`;

const OPEN = `
file=./p.so [0];  dynamically loaded by app [0]
file=./p.so [0];  generating link map
relocation processing: ./p.so
calling init: ./p.so
file=./q.so [0];  dynamically loaded by ./p.so [0]
file=./q.so [0];  generating link map
relocation processing: ./q.so
calling init: ./q.so
opening file=./q.so [0]; direct_opencount=1
add ./p.so [0] to global scope
opening file=./p.so [0]; direct_opencount=1
`;

describe('the timeline of a program', () => {
  it('tells of a library how it was found, and of a relocation what was bound', () => {
    const [load, relocate] = ['load', 'relocate'].map((kind) =>
      factsOf([9, tagged(9, START)]).processes[0]!.images[0]!.steps.find(({ step }) => step === kind),
    );
    expect(load).toEqual({
      step: 'load',
      depth: 0,
      subject: 'libc.so.6',
      by: 'app',
      path: '/lib/libc.so.6',
      through: '/etc/ld.so.cache',
      tried: ['/opt/lib/libc.so.6', '/lib/libc.so.6'],
      triedCount: 2,
      base: '0x0000000000001000',
      size: 8192,
    });
    expect(relocate).toMatchObject({ subject: '/lib/libc.so.6', isLazy: true, count: 1, lookups: 2 });
  });

  it('nests what is opened by what is opened', () => {
    expect(outline(factsOf([9, tagged(9, START + OPEN.trimStart())])).slice(-10)).toEqual([
      'transfer app',
      'dlopen ./p.so',
      '  load ./p.so',
      '  relocate ./p.so',
      '  init ./p.so',
      '  dlopen ./q.so',
      '    load ./q.so',
      '    relocate ./q.so',
      '    init ./q.so',
      '  global ./p.so',
    ]);
  });

  it('tells a dlopen that failed without a word from one that worked', () => {
    const failing = `
file=libgone.so [0];  dynamically loaded by app [0]
find library=libgone.so [0]; searching
  trying file=/lib/libgone.so
binding file app [0] to /lib/libc.so.6 [0]: normal symbol \`puts' [V1]
calling fini:  [0]
calling fini: /lib/libc.so.6 [0]`;
    const facts = factsOf([9, tagged(9, START + failing.trimStart())]);
    const { steps } = facts.processes[0]!.images[0]!;
    expect(steps.find(({ step }) => step === 'dlopen')).toMatchObject({
      subject: 'libgone.so',
      message: 'libgone.so was not mapped',
    });
    expect(outline(facts).slice(-4)).toEqual([
      '  load libgone.so',
      'bind puts',
      'fini app',
      'fini /lib/libc.so.6',
    ]);
  });

  it('tells a library that is closed from the end of the program', () => {
    const closing = `
calling fini: ./p.so [0]
file=./p.so [0];  destroying link map
closing file=./r.so; direct_opencount=1
file=./s.so [0];  dynamically loaded by app [0]
opening file=./s.so [0]; direct_opencount=1
calling fini:  [0]`;
    expect(outline(factsOf([9, tagged(9, START + closing.trimStart())])).slice(-7)).toEqual([
      'dlclose ./p.so',
      '  fini ./p.so',
      '  unload ./p.so',
      'dlclose ./r.so',
      'dlopen ./s.so',
      '  load ./s.so',
      'fini app',
    ]);
  });
});

const after = (text: string) => factsOf([9, tagged(9, START + text.trimStart())]);
const subjects = (text: string, size: number) => outline(after(text)).slice(-size);

describe('other namespaces', () => {
  it('begin with a library of which nobody says who asked for it', () => {
    const open = `
file=./p.so [1];  generating link map
file=libc.so.6 [1];  needed by ./p.so [1]
find library=libc.so.6 [1]; searching
  trying file=/lib/libc.so.6
file=libc.so.6 [1];  generating link map
relocation processing: ./p.so
calling init: ./p.so
opening file=./p.so [1]; direct_opencount=1
binding file app [0] to /lib/libc.so.6 [0]: normal symbol \`exit' [V1]`;
    expect(after(open).processes[0]!.images).toHaveLength(1);
    expect(subjects(open, 6)).toEqual([
      'dlopen ./p.so',
      '  load ./p.so',
      '  load libc.so.6',
      '  relocate ./p.so',
      '  init ./p.so',
      'bind exit',
    ]);
  });

  it('end before that of the program', () => {
    const end = `
calling fini: ./q.so [2]
calling fini: ./p.so [1]
calling fini:  [0]`;
    expect(subjects(end, 4)).toEqual(['transfer app', 'fini ./q.so', 'fini ./p.so', 'fini app']);
  });

  it('are those of audit modules before the program starts', () => {
    const audit = `
file=./audit.so [1];  generating link map
Initial object scopes
object=./audit.so [1]
 scope 0: ./audit.so
relocation processing: ./audit.so
opening file=./audit.so [1]; direct_opencount=1
`;
    const facts = factsOf([9, tagged(9, audit) + tagged(9, START)]);
    const { steps } = facts.processes[0]!.images[0]!;
    expect(outline(facts).slice(0, 3)).toEqual([
      'dlopen ./audit.so',
      '  load ./audit.so',
      '  relocate ./audit.so',
    ]);
    expect(steps.find(({ step }) => step === 'scope')).toMatchObject({ subject: 'app', depth: 0 });
  });
});

it('a destructor after something was unmapped belongs to the next dlclose', () => {
  const closing = `
calling fini: ./p.so [0]
file=./p.so [0];  destroying link map
calling fini: ./q.so [0]
file=./q.so [0];  destroying link map`;
  expect(subjects(closing, 6)).toEqual([
    'dlclose ./p.so',
    '  fini ./p.so',
    '  unload ./p.so',
    'dlclose ./q.so',
    '  fini ./q.so',
    '  unload ./q.so',
  ]);
});

it('what is fatal ends the process: an error that another line follows was caught', () => {
  const error = './p.so: error: symbol lookup error: undefined symbol: f (fatal)';
  const isFatal = (text: string) =>
    after(text).processes[0]!.images[0]!.steps.findLast(({ step }) => step === 'error')!.isFatal;
  expect(isFatal(error)).toBe(true);
  expect(isFatal(`${error}\ncalling fini:  [0]`)).toBe(false);
});

describe('where the loader was asked for little', () => {
  const loads = (text: string) =>
    factsOf([9, tagged(9, text)]).processes[0]!.images[0]!.steps.flatMap(({ step, subject, path }) =>
      step === 'load' ? [[subject, path]] : [],
    );

  it('a library that is initialised was found where it was tried last', () => {
    const libs = `
find library=liba.so [0]; searching
  trying file=/opt/liba.so
  trying file=/lib/liba.so
find library=libgone.so [0]; searching
  trying file=/lib/libgone.so
calling init: /lib/liba.so`;
    expect(loads(libs)).toEqual([
      ['liba.so', '/lib/liba.so'],
      ['libgone.so', undefined],
    ]);
  });

  it('and one that is mapped at the path by which it is initialised', () => {
    const files = `
file=liba.so [0];  needed by app [0]
file=liba.so [0];  generating link map
calling init: /lib/liba.so`;
    expect(loads(files)).toEqual([['liba.so', '/lib/liba.so']]);
  });

  it('each search after the constructors of another library is a dlopen of its own', () => {
    const search = (name: string) => `
find library=${name} [0]; searching
  trying file=/lib/${name}
calling init: /lib/${name}`;
    const text = `calling init: /lib/libc.so.6\ntransferring control: app${search('a.so')}${search('b.so')}`;
    expect(outline(factsOf([9, tagged(9, text)])).slice(2)).toEqual([
      'dlopen a.so',
      '  load a.so',
      '  init /lib/a.so',
      'dlopen b.so',
      '  load b.so',
      '  init /lib/b.so',
    ]);
  });
});

describe('processes and the programs that they execute', () => {
  it('begin anew where the loader starts again, with the vDSO', () => {
    const facts = factsOf([9, tagged(9, START) + tagged(9, START.replaceAll('app', 'next'))]);
    expect(facts.processes[0]!.images.map(({ program }) => program)).toEqual(['app', 'next']);
    expect(outline(facts, 1)).toContain('load libc.so.6');
  });

  it('and without, for logs of other categories and systems', () => {
    const plain = START.split('\n')
      .filter((line) => !line.includes('vdso'))
      .join('\n');
    const facts = factsOf([9, tagged(9, plain) + tagged(9, plain.replaceAll('app', 'next'))]);
    expect(outline(facts, 1)).toEqual(
      outline(factsOf([9, tagged(9, plain)])).map((line) => line.replaceAll('app', 'next')),
    );
    expect(outline(facts, 0)).not.toContain('dlopen libc.so.6');
  });

  it('leave a dlopen behind whose constructor has executed them', () => {
    const opening = `
file=./p.so [0];  dynamically loaded by app [0]
file=./p.so [0];  generating link map
relocation processing: ./p.so
calling init: ./p.so
`;
    const facts = factsOf([
      9,
      tagged(9, START + opening.trimStart()) + tagged(9, START.replaceAll('app', 'next')),
    ]);
    expect(outline(facts).slice(-4)).toEqual([
      'dlopen ./p.so',
      '  load ./p.so',
      '  relocate ./p.so',
      '  init ./p.so',
    ]);
    expect(outline(facts, 1)).not.toContain('load ./p.so');
  });

  it('are copies of their parent before they execute anything', () => {
    const child = tagged(10, "binding file app [0] to /lib/libc.so.6 [0]: normal symbol `execve' [V1]");
    const facts = factsOf([9, tagged(9, START) + child], [10, tagged(10, START.replaceAll('app', 'ls'))]);
    expect(facts.processes.map(({ pid, parent }) => [pid, parent])).toEqual([
      [9, null],
      [10, 9],
    ]);
    expect(facts.processes[1]!.images.map(({ program, begins }) => [program, begins])).toEqual([
      [null, 'fork'],
      ['ls', 'exec'],
    ]);
  });
});

it('what is kept does not grow with the log', () => {
  const timeline = new Timeline();
  const reader = new TraceReader({ source: 'loader' }, (event) => timeline.add(event, 9));
  reader.push(tagged(9, START));
  for (let at = 0; at < 40_000; at++) {
    reader.push(tagged(9, `calling init: ./lib${at}.so\nsymbol=s${at};  lookup in file=app [0]`));
  }
  for (let pid = 100; pid < 4100; pid++) reader.push(tagged(pid, 'find library=a [0]; searching'));
  reader.end();
  const { processes, omittedProcesses } = timeline.facts();
  const { steps, omittedSteps, counts } = processes[0]!.images[0]!;
  expect(steps).toHaveLength(5000);
  expect(steps.length + omittedSteps).toBeGreaterThan(80_000);
  expect(counts).toMatchObject({ init: 40_001, lookup: 40_003 });
  expect(processes.length + omittedProcesses).toBe(4001);
  expect(processes).toHaveLength(2000);
});
