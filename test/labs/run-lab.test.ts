import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runLab } from '../../src/run/labs/run-lab.ts';
import { CONFLICT, disagreeing, hasCompiler, LAB, located, RUN, runWith, VARIANT } from './planted.ts';

describe.skipIf(!hasCompiler)('with a C compiler', () => {
  it('passes a lab whose statements are true, with the trace as evidence', async () => {
    const facts = await runWith({});
    expect(facts).toMatchObject({ status: 'passed', source: 'A text, section 1', missingTools: [] });
    expect(facts.variants[0]!.rows).toEqual([
      row('lookup order', 'app libone.so libtwo.so'),
      row('conflict over number', 'function, warning: libone.so over libtwo.so', 'libone.so used'),
      row('number in libtwo.so', 'libone.so'),
      row('number in libone.so', 'libone.so'),
      row('output, line 1', '1 1'),
      row('end', 'exit status 0'),
    ]);
  });

  it.each([
    ['winner', { winner: 'libtwo.so', losers: ['libone.so'] }],
    ['losers', { losers: [] }],
    ['severity', { severity: 'error' }],
    ['kind', { finding: 'conflict.variable' }],
  ] as const)('fails a lab that states another %s of a conflict', async (_what, change) => {
    const facts = await runWith({ run: { predicts: [{ ...CONFLICT, ...change }] } });
    expect(facts.status).toBe('failed');
    expect(disagreeing(facts)).toMatchObject([
      {
        what: 'conflict over number',
        predicted: 'function, warning: libone.so over libtwo.so',
        stated: expect.any(String),
      },
    ]);
  });

  it('fails a lab that does not state a conflict, whether it asks for the name or not', async () => {
    for (const symbols of [['number'], []]) {
      const facts = await runWith({ run: { predicts: [] }, lab: { symbols } });
      expect(disagreeing(facts)).toMatchObject([{ what: 'conflict over number', stated: 'no conflict' }]);
    }
  });

  it('fails a lab that states a conflict where there is none', async () => {
    const [one, , app] = VARIANT.build;
    const two = ['cc', '-shared', '-fPIC', '-Dnumber=other', '-o', 'libtwo.so', 'two.c'] as const;
    const facts = await runWith({
      variant: { build: [one!, two, app!] },
      run: { observes: { stdout: ['1 2'] } },
    });
    expect(disagreeing(facts)).toMatchObject([
      { what: 'conflict over number', predicted: 'no conflict', observed: 'libone.so used' },
    ]);
  });

  it('fails a lab that states another lookup order', async () => {
    const objects = ['app', 'libtwo.so', 'libone.so'];
    const facts = await runWith({ run: { predicts: [{ kind: 'lookup-order', objects }, CONFLICT] } });
    expect(disagreeing(facts)).toEqual([
      {
        what: 'lookup order',
        predicted: 'app libone.so libtwo.so',
        observed: 'app libone.so libtwo.so',
        agrees: false,
        stated: 'app libtwo.so libone.so',
      },
    ]);
  });

  it('fails a lab whose program prints something else, more or less', async () => {
    const [other, more, less] = await Promise.all([
      runWith({ run: { observes: { stdout: ['1 2'] } } }),
      runWith({ run: { observes: { stdout: [] } } }),
      runWith({ run: { observes: { stdout: ['1 1', ''] } } }),
    ]);
    expect(disagreeing(other)).toMatchObject([{ what: 'output, line 1', predicted: '1 2', observed: '1 1' }]);
    expect(disagreeing(more)).toMatchObject([{ what: 'output, line 1', predicted: '(no such line)' }]);
    expect(disagreeing(less)).toMatchObject([{ what: 'output, line 2', observed: '(no such line)' }]);
  });

  it('gives the preloads and the library path of a run to the simulation too', async () => {
    const facts = await runWith({
      variant: {
        build: [...VARIANT.build.slice(0, 2), ['cc', '-o', 'app', 'app.c', '-L.', '-lone', '-ltwo']],
      },
      run: {
        environment: { LD_PRELOAD: './libtwo.so', LD_LIBRARY_PATH: '.' },
        predicts: [
          { kind: 'lookup-order', objects: ['app', 'libtwo.so', 'libone.so'] },
          { ...CONFLICT, winner: 'libtwo.so', losers: ['libone.so'] },
        ],
        observes: { stdout: ['2 2'] },
      },
    });
    expect(disagreeing(facts)).toEqual([]);
  });

  it('runs a variant several times', async () => {
    const preloaded = {
      command: ['./app'],
      environment: { LD_PRELOAD: './libtwo.so' },
      predicts: [],
    } as const;
    const facts = await runWith({
      variant: {
        runs: [
          { ...RUN, name: 'alone' },
          { ...preloaded, observes: { stdout: ['2 2'] } },
        ],
      },
    });
    expect(disagreeing(facts).map(({ what }) => what)).toEqual(['./app: conflict over number']);
    expect(facts.variants[0]!.rows[0]!.what).toBe('alone: lookup order');
  });

  it('tells a death by a signal from an exit status', async () => {
    const dying = {
      variant: { build: [['cc', '-o', 'app', 'die.c']] },
      lab: { symbols: [] },
    } as const;
    const run = { command: ['./app'], predicts: [] } as const;
    const ends = { kind: 'signal', signal: 'SIGABRT' } as const;
    const foretold = await runWith({ ...dying, run: { ...run, observes: { stdout: ['so far'], ends } } });
    expect(foretold.status).toBe('passed');
    const unforeseen = await runWith({ ...dying, run: { ...run, observes: { stdout: ['so far'] } } });
    expect(disagreeing(unforeseen)).toEqual([
      { what: 'end', predicted: 'exit status 0', observed: 'killed by SIGABRT', agrees: false },
    ]);
  });

  it('fails a build with the words of the compiler', async () => {
    const facts = await runWith({ variant: { build: [['cc', '-o', 'app', 'nowhere.c']] } });
    expect(disagreeing(facts)).toMatchObject([
      {
        what: 'build: cc -o app nowhere.c',
        predicted: 'built',
        observed: expect.stringContaining('nowhere.c'),
      },
    ]);
  });

  it('takes a refusal for right only where it is stated, and for the reason that is', async () => {
    const refused = ['cc', '-o', 'both', 'die.c', 'app.c'] as const;
    const because = 'undefined reference';
    const right = await runWith({ variant: { build: [...VARIANT.build, { refused, because }] } });
    expect(right.status).toBe('passed');
    const other = await runWith({ variant: { build: [{ refused, because: 'no space left' }] } });
    expect(disagreeing(other)).toMatchObject([{ predicted: 'refused: no space left' }]);
    const built = await runWith({
      variant: { build: [{ refused: VARIANT.build[0] as typeof refused, because }] },
    });
    expect(disagreeing(built)).toMatchObject([{ observed: 'built' }]);
  });

  it('leaves nothing behind, or with `keep` everything that was built', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'solder-keep-'));
    vi.stubEnv('TMPDIR', temporary);
    try {
      await runWith({});
      expect(readdirSync(temporary).filter((name) => name.startsWith('solder-lab-'))).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
    const lab = located(LAB);
    await runLab(lab, { keep: join(temporary, 'kept') });
    await runLab(lab, { keep: join(temporary, 'kept') });
    const kept = readdirSync(join(temporary, 'kept/planted/lab/planted'));
    expect(kept).toEqual(expect.arrayContaining(['app', 'app.c', 'libone.so', 'libtwo.so']));
    expect(kept.filter((name) => name.startsWith('trace'))).toEqual([]);
  });

  it('asks $CC, with its options', async () => {
    vi.stubEnv('CC', 'cc -Dnumber=figure');
    try {
      const facts = await runWith({});
      expect(disagreeing(facts)[0]).toMatchObject({ what: 'conflict over number', predicted: 'no conflict' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('does not touch the sources', async () => {
    const lab = located(LAB);
    const before = readFileSync(join(lab.sources, 'app.c'), 'utf8');
    const names = readdirSync(lab.sources);
    await runLab(lab);
    expect(readdirSync(lab.sources)).toEqual(names);
    expect(readFileSync(join(lab.sources, 'app.c'), 'utf8')).toBe(before);
  });
});

it('skips a lab when a tool is missing, and names it', async () => {
  const facts = await runWith({ lab: { tools: ['no-such-linker', 'sh'] } });
  expect(facts).toMatchObject({
    status: 'skipped',
    missingTools: expect.arrayContaining(['no-such-linker']),
    variants: [],
  });
  expect(facts.missingTools).not.toContain('sh');
  vi.stubEnv('CC', 'no-such-cc -m64');
  try {
    expect(await runWith({})).toMatchObject({ status: 'skipped', missingTools: ['no-such-cc'] });
  } finally {
    vi.unstubAllEnvs();
  }
});

function row(what: string, predicted: string, observed = predicted) {
  return { what, predicted, observed, agrees: true };
}
