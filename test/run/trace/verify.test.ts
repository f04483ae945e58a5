import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceEvent, TraceFacts } from '../../../src/analyses/trace/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { scratch, solder } from '../../cli/solder.ts';

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

/** As the loader is to name it. */
const PROGRAM = './app';

const SOURCES = {
  'one.c': 'int one(void) { return 1; } __attribute__((constructor)) static void start(void) {}',
  'two.c': 'int two(void) { return 2; } __attribute__((constructor)) static void start(void) {}',
  'shim.c': 'int one(void) { return 11; }',
  'plugin.c':
    'int one(void); int plugin(void) { return one(); } __attribute__((destructor)) static void end(void) {}',
  'app.c': `#include <dlfcn.h>
    int one(void), two(void);
    int main(void) {
      void *plugin = dlopen("./plugin.so", RTLD_NOW);
      dlclose(plugin);
      return one() + two() == 0;
    }`,
};

describe.skipIf(!hasCompiler)('a trace held against the files', () => {
  let cwd: string;
  let log: string;
  beforeAll(() => {
    cwd = scratch();
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(cwd, name), text);
    const gcc = (...args: readonly string[]) => execFileSync('gcc', args, { cwd });
    gcc('-shared', '-fPIC', '-o', 'libone.so', 'one.c');
    gcc('-shared', '-fPIC', '-o', 'libtwo.so', 'two.c');
    gcc('-shared', '-fPIC', '-o', 'libshim.so', 'shim.c');
    gcc('-shared', '-fPIC', '-o', 'plugin.so', 'plugin.c');
    gcc('-o', 'app', 'app.c', '-L.', '-lone', '-ltwo', '-ldl', '-Wl,-rpath,.');
    const env = { LD_DEBUG: 'libs,files,versions,scopes,reloc,bindings', LD_DEBUG_OUTPUT: join(cwd, 'log') };
    spawnSync(PROGRAM, { cwd, env });
    const name = readdirSync(cwd).find((file) => file.startsWith('log.'))!;
    log = readFileSync(join(cwd, name), 'utf8');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const kinds = (text: string, ...options: readonly string[]) => {
    writeFileSync(join(cwd, 'changed'), text);
    const { stdout, status } = solder(
      ['trace', '--verify', '--format', 'json', ...options, '--file', 'changed'],
      { cwd },
    );
    const found = [...new Set((JSON.parse(stdout) as Report).findings.map(({ kind }) => kind))];
    expect(status).toBe(found.length === 0 ? 0 : 1);
    return found;
  };

  /** The log with its lines changed; undefined leaves one out. At least one line has to change. */
  const edit = (change: (line: string) => string | undefined) => {
    const changed = log.split('\n').flatMap((line) => change(line) ?? []);
    expect(changed.join('\n')).not.toBe(log);
    return changed.join('\n');
  };

  it('agrees', () => expect(kinds(log)).toEqual([]));

  it('has nothing to say of a library that is asked for with RTLD_NOLOAD, and goes on', () => {
    const source = `#define _GNU_SOURCE\n#include <dlfcn.h>
      int main(void) {
        int early = dlopen("./libshim.so", RTLD_NOW | RTLD_NOLOAD) != 0;
        void *shim = dlopen("./libshim.so", RTLD_NOW);
        int late = dlopen("./libshim.so", RTLD_NOW | RTLD_NOLOAD) == 0;
        return early || late || shim == 0;
      }`;
    execFileSync('gcc', ['-x', 'c', '-o', 'asks', '-'], { cwd, input: source });
    const { stdout } = solder(['trace', '--verify', '--format', 'json', '--', './asks'], { cwd });
    const { findings, facts } = JSON.parse(stdout) as Report<TraceFacts>;
    expect(findings).toEqual([]);
    expect(facts.verified).toMatchObject([{ loads: 2, dlopens: 3 }]);
  });

  it('tells a binding to somebody else', () => {
    const other = edit((line) => line.replace(/to \.\/libone\.so (.*`one')/, 'to ./libtwo.so $1'));
    expect(kinds(other)).toEqual(['trace.binding']);
  });

  it('tells a binding of a relocation that did not come', () => {
    const line = log
      .split('\n')
      .find((text) => /binding file \/.*libc\.so\.6 .* to .*libc\.so\.6 /.test(text))!;
    expect(kinds(log.replace(`${line}\n`, ''))).toEqual(['trace.binding']);
  });

  it('tells a library from elsewhere', () => {
    expect(
      kinds(edit((line) => line.replace('trying file=./libone.so', 'trying file=/opt/libone.so'))),
    ).toEqual(['trace.load']);
  });

  it('tells a library that is missing from the log', () => {
    const changed = edit((line) => (line.includes('file=libtwo.so [0];  generating') ? undefined : line));
    expect(kinds(changed)).toEqual(['trace.load']);
  });

  it('tells another lookup scope', () => {
    expect(kinds(edit((line) => line.replace('./libone.so ./libtwo.so', './libtwo.so ./libone.so')))).toEqual(
      ['trace.order'],
    );
  });

  it('tells constructors in another order', () => {
    const swap: Record<string, string> = { one: 'two', two: 'one' };
    const changed = edit((line) =>
      line.replace(
        /(calling init: \.\/lib)(one|two)/,
        (_, start: string, name: string) => start + swap[name],
      ),
    );
    expect(kinds(changed)).toEqual(['trace.order']);
  });

  it('tells a version that was not asked for', () => {
    expect(
      kinds(
        edit((line) =>
          line.replace(/(checking for version `)GLIBC_2\.2\.5(' .*by file \.\/app)/, '$1GLIBC_9$2'),
        ),
      ),
    ).toEqual(['trace.version']);
  });

  it('tells a library that was not unloaded as it should', () => {
    const changed = edit((line) =>
      line.replace('file=./plugin.so [0];  destroying', 'file=./libone.so [0];  destroying'),
    );
    expect(kinds(changed)).toContain('trace.dlopen');
  });

  it('tells a log of another environment', () => {
    expect(kinds(log, '--preload', './libshim.so')).toEqual(
      expect.arrayContaining(['trace.binding', 'trace.load', 'trace.order']),
    );
  });

  it.each([[[]], [['--preload', './libshim.so']]])('binds as bind does with %j', (options) => {
    const rows = solder(['bind', '--format', 'tsv', ...options, './app'], { cwd })
      .stdout.trim()
      .split('\n')
      .map((row) => row.split('\t').slice(1).join(' '));
    const { stdout } = solder(
      ['trace', '--format', 'jsonl', '--categories', 'bindings', ...options, '--', './app'],
      {
        cwd,
        env: { LD_BIND_NOW: '1' },
      },
    );
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TraceEvent);
    const start = events.slice(
      0,
      events.findIndex(
        (event) =>
          event.kind === 'bind' && event.symbol === '_dl_audit_preinit' && event.from.path !== './app',
      ),
    );
    expect(start.length === 0).toBe(false);
    const bound = events.flatMap((event) =>
      event.kind === 'bind'
        ? [`${event.from.path} ${event.symbol} ${event.version ?? '-'} ${event.to.path} ${event.binding}`]
        : [],
    );
    // What the loader asks for itself, and what is bound in and for the plugin, bind knows nothing of.
    const isOwn = (row: string) => /^(\.\/lib\w+\.so|\/\S*libc\.so\.6) /.test(row);
    expect([...new Set(bound.filter(isOwn))].sort()).toEqual([...new Set(rows.filter(isOwn))].sort());
    const ofApp = rows.filter((row) => row.startsWith('./app '));
    expect(bound).toEqual(expect.arrayContaining(ofApp));
    expect(
      bound.some(
        (row) => row === `./app one - ${options.length === 0 ? './libone.so' : './libshim.so'} normal`,
      ),
    ).toBe(true);
  });
});
