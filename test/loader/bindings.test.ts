import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arch } from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { differences } from '../oracle/difference.ts';
import { isNativeElf } from '../oracle/installed.ts';
import { LOADER, type Trace, type TraceOptions, traceWithLdSo } from '../oracle/ld-so.ts';
import { Predictor } from '../oracle/prediction.ts';

/** A sample of what is installed everywhere; the system run compares all of it. */
const PROGRAMS = [
  ...[
    'bash',
    'bunzip2',
    'c++filt',
    'cat',
    'curl',
    'dash',
    'dpkg',
    'file',
    'find',
    'gcc',
    'git',
    'gpgv',
    'grep',
  ],
  ...[
    'gzip',
    'id',
    'ld.bfd',
    'ldd',
    'less',
    'login',
    'ls',
    'make',
    'mount',
    'openssl',
    'passwd',
    'perl',
    'ps',
    'python3',
  ],
  ...['readelf', 'sed', 'ssh', 'su', 'tar', 'top', 'xz', 'zstd'],
];
const LIBRARIES = [
  ...[
    'libacl.so.1',
    'libblkid.so.1',
    'libbz2.so.1.0',
    'libc.so.6',
    'libcrypt.so.1',
    'libcrypto.so.3',
    'libdl.so.2',
  ],
  ...['libgcc_s.so.1', 'libgmp.so.10', 'liblzma.so.5', 'libm.so.6', 'libmount.so.1', 'libncursesw.so.6'],
  ...[
    'libpcre2-8.so.0',
    'libpthread.so.0',
    'libresolv.so.2',
    'libselinux.so.1',
    'libssl.so.3',
    'libstdc++.so.6',
  ],
  ...['libsystemd.so.0', 'libtinfo.so.6', 'libudev.so.1', 'libz.so.1', 'libzstd.so.1'],
];
const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64'];

const programs = PROGRAMS.map((name) => `/usr/bin/${name}`).filter(isNativeElf);
const libraries = LIBRARIES.flatMap((name) =>
  LIBRARY_FOLDERS.map((folder) => join(folder, name))
    .filter(isNativeElf)
    .slice(0, 1),
);
const noLoader = arch !== 'x64' || !existsSync(LOADER);

describe.skipIf(noLoader).each<[string, string[], TraceOptions, number]>([
  ['programs', programs, {}, 20],
  ['libraries as roots', libraries, {}, 15],
  ['programs with a preload', programs.slice(0, 6), { preload: 'libm.so.6 libnope.so libgcc_s.so.1' }, 5],
])('%s', (_, roots, options, least) => {
  let real: Map<string, Trace>;
  const predictor = new Predictor(options);

  beforeAll(() => {
    real = traceWithLdSo(roots, options);
  });

  test('there are enough of them', () => {
    expect(roots.length).toBeGreaterThanOrEqual(least);
    const bindings = [...real.values()].reduce((sum, trace) => sum + trace.bindings.length, 0);
    expect(bindings).toBeGreaterThan(roots.length * 10);
  });

  test.each(roots)('%s is bound as ld.so does', (root) => {
    const trace = real.get(root)!;
    expect(differences(predictor.predict(root), trace)).toEqual([]);
    expect(trace.deps.length + trace.bindings.length).toBeGreaterThan(0);
  });
});
