import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { getuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import { differences } from '../oracle/difference.ts';
import { LOADER, traceWithLdSo } from '../oracle/ld-so.ts';
import { Predictor } from '../oracle/prediction.ts';
import { Farm, hasTool, noOracle } from './farm.ts';

/** Only the superuser may change the root directory, which is what the simulation is compared with. */
const cannotChroot = noOracle !== undefined || getuid!() !== 0 || !hasTool('ldconfig') || !hasTool('chroot');

/** A small system below a directory: the loader, libc, and links that are absolute as seen from inside. */
function smallSystem(farm: Farm): void {
  const copy = (from: string, to: string) => {
    mkdirSync(farm.path(to.slice(0, to.lastIndexOf('/'))), { recursive: true });
    copyFileSync(from, farm.path(to));
  };
  copy(LOADER, 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2');
  copy('/lib/x86_64-linux-gnu/libc.so.6', 'usr/lib/x86_64-linux-gnu/libc.so.6');
  copy('/usr/bin/env', 'usr/bin/env');
  farm.symlink('lib', '/usr/lib');
  farm.symlink('lib64', 'usr/lib64');
  farm.symlink('usr/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2');
}

describe.skipIf(cannotChroot)('below a sysroot, as with that directory for a root', () => {
  test('cache, links, preloads and tokens', () => {
    using farm = new Farm();
    smallSystem(farm);
    farm.library('opt/real/libx.so.1', 'int x(void) { return 1; }', '-soname', 'libx.so.1', '-lc');
    farm.symlink('opt/lib/libx.so.1', '/opt/real/libx.so.1');
    farm.library('usr/lib/liby.so.1', 'int y(void) { return 1; }');
    farm.library('srv/app/lib/libz.so', 'int z(void) { return 1; } int x(void);');
    farm.symlink('app', '../../../srv/app');
    farm.library('extra/libpre.so', 'int x(void) { return 2; } int puts(const char *s) { return 0; }');
    // Without /proc a program does not learn its $ORIGIN: only the library has one here.
    const USES =
      'int x(void), y(void), z(void), puts(const char *); int u(void) { return x() + y() + z() + puts(""); }';
    const needed = ['opt/real/libx.so.1', 'usr/lib/liby.so.1', 'srv/app/lib/libz.so', '-lc'];
    farm.program('srv/app/bin/program', USES, ...needed, '-rpath', '/app/lib');
    farm.library('srv/app/lib/libuser.so', USES, ...needed, '-rpath', '$ORIGIN');
    farm.write('etc/ld.so.conf', '/opt/lib\n');
    farm.run('ldconfig', '-r', farm.directory);
    expect(existsSync(farm.path('etc/ld.so.cache'))).toBe(true);
    const roots = ['/srv/app/bin/program', '/app/bin/program', '/app/lib/libuser.so'];
    compare(farm, roots, {});
    compare(farm, roots, { preload: '/extra/libpre.so libnone.so' });
    compare(farm, roots, { libraryPath: '/opt/real:/app/lib' });
    farm.write('etc/ld.so.preload', '/extra/libpre.so # and no more\n');
    compare(farm, roots, {});
    farm.remove('etc/ld.so.cache');
    compare(farm, roots, {});
  });
});

function compare(
  farm: Farm,
  roots: readonly string[],
  options: { preload?: string; libraryPath?: string },
): void {
  const real = traceWithLdSo(roots, { ...options, chroot: farm.directory });
  const predictor = new Predictor({ ...options, sysroot: farm.directory });
  for (const root of roots) {
    expect(differences(predictor.predict(root), real.get(root)!)).toEqual([]);
    expect(real.get(root)!.bindings.length).toBeGreaterThan(3);
  }
}
