import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch } from 'node:process';
import { EM, machineName } from '../elf/index.ts';
import type { LoaderSettings } from '../loader/index.ts';
import type { Architecture } from '../model/index.ts';
import { readLibraryCache } from './ld-cache.ts';
import { NO_SYSROOT, type Sysroot } from './sysroot.ts';

/** Where each architecture's glibc has its dynamic loader (the psABI supplements; GNU ABI list). */
const LOADER_PATHS: readonly { machine: number; is64: boolean; littleEndian?: boolean; paths: string[] }[] = [
  { machine: EM.X86_64, is64: true, paths: ['/lib64/ld-linux-x86-64.so.2'] },
  { machine: EM.X86_64, is64: false, paths: ['/libx32/ld-linux-x32.so.2'] },
  { machine: EM['386'], is64: false, paths: ['/lib/ld-linux.so.2'] },
  { machine: EM.AARCH64, is64: true, littleEndian: true, paths: ['/lib/ld-linux-aarch64.so.1'] },
  { machine: EM.AARCH64, is64: true, littleEndian: false, paths: ['/lib/ld-linux-aarch64_be.so.1'] },
  { machine: EM.ARM, is64: false, paths: ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'] },
  {
    machine: EM.RISCV,
    is64: true,
    paths: ['/lib/ld-linux-riscv64-lp64d.so.1', '/lib/ld-linux-riscv64-lp64.so.1'],
  },
  { machine: EM.PPC64, is64: true, littleEndian: true, paths: ['/lib64/ld64.so.2'] },
  { machine: EM.PPC64, is64: true, littleEndian: false, paths: ['/lib64/ld64.so.1'] },
  { machine: EM.S390, is64: true, paths: ['/lib/ld64.so.1'] },
  { machine: EM.S390, is64: false, paths: ['/lib/ld.so.1'] },
  { machine: EM.MIPS, is64: true, paths: ['/lib64/ld.so.1'] },
  { machine: EM.MIPS, is64: false, paths: ['/lib/ld.so.1'] },
  { machine: EM.LOONGARCH, is64: true, paths: ['/lib64/ld-linux-loongarch-lp64d.so.1'] },
];

/** Value of AT_PLATFORM, which is `$PLATFORM`. */
const PLATFORMS: Readonly<Record<number, string>> = {
  [EM.X86_64]: 'x86_64',
  [EM['386']]: 'i686',
  [EM.AARCH64]: 'aarch64',
};

const NODE_MACHINES: Readonly<Record<string, number>> = { x64: EM.X86_64, arm64: EM.AARCH64 };

/** The oldest glibc whose loader explains itself (2.33 NEWS). */
const ASSUMED_VERSION = 2036;

type Configuration = Omit<LoaderSettings, 'cache' | 'preloads' | 'loaderPath'>;

/**
 * The settings of the loader that would load a root of this architecture. On the machine itself its own
 * loader is asked, which runs nothing of the root; below a sysroot, and for other architectures, what the
 * loader's file holds is taken, and no processor feature beyond the baseline. Nobody is asked before the
 * answer matters: most searches end in the cache.
 */
export function loaderSettings(sysroot: Sysroot, architecture: Architecture): LoaderSettings {
  const candidates = loaderPaths(architecture);
  const loaderPath = candidates.find((path) => exists(sysroot, path)) ?? candidates[0]!;
  const cachePath = sysroot.locate('/etc/ld.so.cache');
  const cache = cachePath === undefined ? new Map() : readLibraryCache(cachePath);
  const native = sysroot === NO_SYSROOT && NODE_MACHINES[arch] === architecture.machine;
  let known: Configuration | undefined;
  const told = (): Configuration => {
    known ??=
      (native ? askLoader(loaderPath) : undefined) ?? readConfiguration(sysroot, loaderPath, architecture);
    return known;
  };
  return {
    cache,
    preloads: readPreloads(sysroot),
    loaderPath,
    get version() {
      return told().version;
    },
    get systemDirectories() {
      return told().systemDirectories;
    },
    get platform() {
      return told().platform;
    },
    get lib() {
      return told().lib;
    },
    get hwcaps() {
      return told().hwcaps;
    },
    get hwcapMask() {
      return told().hwcapMask;
    },
  };
}

/** /etc/ld.so.preload: names between white space and colons; `#` starts a comment (glibc elf/rtld.c). */
function readPreloads(sysroot: Sysroot): string[] {
  const text = exists(sysroot, PRELOAD_FILE) ? (readBelow(sysroot, PRELOAD_FILE)?.toString() ?? '') : '';
  return text
    .replace(/#.*/g, '')
    .split(/[\s:]+/)
    .filter((name) => name !== '');
}

const PRELOAD_FILE = '/etc/ld.so.preload';

/** What the loader's file tells without being run. */
function readConfiguration(sysroot: Sysroot, loaderPath: string, { machine }: Architecture): Configuration {
  const systemDirectories = directoriesInLoader(sysroot, loaderPath);
  return {
    version: versionInLoader(sysroot, loaderPath),
    systemDirectories,
    platform: PLATFORMS[machine],
    lib: (systemDirectories[0] ?? '/lib/').replace(/^\/|\/$/g, ''),
    hwcaps: [],
    hwcapMask: 0n,
  };
}

function loaderPaths(architecture: Architecture): string[] {
  const entry = LOADER_PATHS.find(
    ({ machine, is64, littleEndian }) =>
      machine === architecture.machine &&
      is64 === architecture.is64 &&
      (littleEndian === undefined || littleEndian === architecture.littleEndian),
  );
  return entry?.paths ?? [`/lib/ld.so (${machineName(architecture.machine)})`];
}

function exists(sysroot: Sysroot, path: string): boolean {
  const located = sysroot.locate(path);
  return located !== undefined && existsSync(located);
}

/** A file of the system; undefined where it cannot be read. */
function readBelow(sysroot: Sysroot, path: string): Buffer | undefined {
  try {
    const located = sysroot.locate(path);
    return located === undefined ? undefined : readFileSync(located);
  } catch {
    return undefined;
  }
}

/** `ld.so --list-diagnostics` (glibc 2.33 and later), undefined where the loader does not know it. */
function askLoader(path: string): Configuration | undefined {
  let output: string;
  try {
    // Only the loader of the system itself is started, never one that a target names.
    output = execFileSync(path, ['--list-diagnostics'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals), unquote(line.slice(equals + 1)));
  }
  const [major = 0, minor = 0] = (values.get('version.version') ?? '').split('.').map(Number);
  const systemDirectories: string[] = [];
  for (let index = 0; ; index++) {
    const directory = values.get(`path.system_dirs[0x${index.toString(16)}]`);
    if (directory === undefined) break;
    systemDirectories.push(directory);
  }
  if (systemDirectories.length === 0) return undefined;
  return {
    version: major * 1000 + minor,
    systemDirectories,
    platform: values.get('dl_platform'),
    lib: values.get('dl_dst_lib') ?? 'lib',
    hwcaps: activeHwcaps(values),
    hwcapMask: number(values.get('dl_hwcap')) & number(values.get('dl_hwcap_important')),
  };
}

const unquote = (text: string) => text.replace(/^"(.*)"$/, '$1');
const number = (text: string | undefined) => (text === undefined ? 0n : BigInt(text));

/** The names whose bit is set; bit 0 belongs to the first name (glibc elf/dl-hwcaps_split.c). */
function activeHwcaps(values: ReadonlyMap<string, string>): string[] {
  const names = (values.get('dl_hwcaps_subdirs') ?? '').split(':').filter((name) => name !== '');
  const active = number(values.get('dl_hwcaps_subdirs_active'));
  return names.filter((_, index) => (active >> BigInt(index)) & 1n);
}

/**
 * glibc's loader holds its system directories as one run of NUL-terminated absolute paths that end in a slash
 * (elf/dl-load.c, system_dirs): the longest such run in the file.
 */
export function findSystemDirectories(bytes: Uint8Array): string[] {
  const text = new TextDecoder('latin1').decode(bytes);
  let best: string[] = [];
  for (const run of text.matchAll(/(?:\/(?:[\w.+-]+\/)*lib[\w.+-]*\/(?:[\w.+-]+\/)*\0)+/g)) {
    const directories = run[0].split('\0').filter((directory) => directory !== '');
    if (directories.length > best.length) best = directories;
  }
  return best;
}

function directoriesInLoader(sysroot: Sysroot, path: string): string[] {
  const bytes = readBelow(sysroot, path);
  const found = bytes === undefined ? [] : findSystemDirectories(bytes);
  return found.length > 0 ? found : ['/lib/', '/usr/lib/'];
}

/** The version that the loader prints of itself: `(Debian GLIBC 2.36-9) stable release version 2.36.` */
function versionInLoader(sysroot: Sysroot, path: string): number {
  const bytes = readBelow(sysroot, path);
  const text = bytes === undefined ? '' : new TextDecoder('latin1').decode(bytes);
  const version = /release version (\d+)\.(\d+)/.exec(text);
  return version ? Number(version[1]) * 1000 + Number(version[2]) : ASSUMED_VERSION;
}
