import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/index.ts';
import { hasTools } from '../../support/tools.ts';
import { type Bench, startBench } from './bench.ts';
import { patchRelocation } from './patch-relocation.ts';

/** A failure of dlopen that is really provoked. */
interface Failure {
  readonly name: string;
  /** Sources by file name, then commands. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly build?: readonly string[];
  readonly prepare?: (bench: Bench) => void;
  /** What is opened: a name, or `./` for a file of the directory, which is made absolute. */
  readonly file: string;
  readonly kind: Finding['kind'];
  /** dlerror's text; `DIR` for the directory. */
  readonly message: RegExp;
  /** In the evidence, each. */
  readonly evidence: readonly RegExp[];
  readonly fix: RegExp;
  readonly object?: string;
  readonly mode?: 'now' | 'open' | 'mode';
  /** What the process does to itself before. */
  readonly limits?: readonly string[];
  /** No file tells of it: nothing is predicted. */
  readonly isUnforeseen?: boolean;
}

const LIB = 'int lib_one(void) { return 1; }\n';
const SHARED = 'gcc -shared -fPIC';

/** Overwrites bytes of a file. */
const patch =
  (name: string, at: number, ...bytes: readonly number[]) =>
  ({ directory, write }: Bench): void => {
    const content = readFileSync(join(directory, name));
    content.set(bytes, at);
    write(name, content);
  };

const built = (name: string, at: number, ...bytes: readonly number[]) => ({
  sources: { 'lib.c': LIB },
  build: [`${SHARED} -o ${name} lib.c`],
  prepare: patch(name, at, ...bytes),
});

const FAILURES: readonly Failure[] = [
  {
    name: 'a name that nothing has',
    file: 'libsolder-nowhere.so.3',
    kind: 'load.not-found',
    message: /^libsolder-nowhere\.so\.3: cannot open shared object file: No such file or directory$/,
    evidence: [/tried in ld\.so\.cache: no entry/, /tried by the default directories: .*libsolder-nowhere/],
    fix: /install the package that has libsolder-nowhere\.so\.3/,
  },
  {
    name: 'a name without a slash, in the working directory',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -o libhere.so lib.c`],
    file: 'libhere.so',
    kind: 'load.not-found',
    message: /^libhere\.so: cannot open/,
    evidence: [/is in the working directory, which is not searched/],
    fix: /write \.\/libhere\.so/,
  },
  {
    name: 'a name without prefix and suffix',
    file: 'm',
    kind: 'load.not-found',
    message: /^m: cannot open/,
    evidence: [/with the prefix and suffix of a library: .*libm\.so/],
    fix: /open libm\.so/,
  },
  {
    name: 'the name of a development package',
    file: 'libgcc_s.so',
    kind: 'load.not-found',
    message: /^libgcc_s\.so: cannot open/,
    evidence: [/the library in another version: .*libgcc_s\.so\.1/],
    fix: /open libgcc_s\.so\.1/,
  },
  {
    name: 'a misspelt path',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -o libspelling.so lib.c`],
    file: './libspeling.so',
    kind: 'load.not-found',
    message: /^DIR\/libspeling\.so: cannot open/,
    evidence: [/spelt nearly so: DIR\/libspelling\.so/],
    fix: /open \.\/libspelling\.so, if that is meant/,
  },
  {
    name: 'a path that only resembles others by the prefix of libraries',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -o libq.so lib.c`],
    file: './libj.so',
    kind: 'load.not-found',
    message: /^DIR\/libj\.so: cannot open/,
    evidence: [],
    fix: /install the package/,
  },
  {
    name: 'a name that is a text for ld with a suffix, and a library with a version',
    sources: {},
    build: [],
    file: 'libm',
    kind: 'load.not-found',
    message: /^libm: cannot open/,
    evidence: [/with the prefix and suffix of a library: .*libm\.so\.6/],
    fix: /open libm\.so\.6: the loader adds neither/,
  },
  {
    name: 'a directory on the way that is not there',
    file: './no/such/lib.so',
    kind: 'load.not-found',
    message: /No such file/,
    evidence: [/DIR\/no is not there/],
    fix: /install/,
  },
  {
    name: 'a link to nothing',
    prepare: ({ directory }) => symlinkSync('libgone.so.1.2', join(directory, 'libgone.so')),
    file: './libgone.so',
    kind: 'load.not-found',
    message: /DIR\/libgone\.so: cannot open/,
    evidence: [/libgone\.so is a link to libgone\.so\.1\.2, which is not there/],
    fix: /install what .*libgone\.so leads to/,
    object: './libgone.so',
  },
  {
    name: 'links in a circle',
    prepare: ({ directory }) => symlinkSync('libloop.so', join(directory, 'libloop.so')),
    file: './libloop.so',
    kind: 'load.not-found',
    message: /DIR\/libloop\.so: cannot open shared object file: Too many levels of symbolic links/,
    evidence: [/in a circle/],
    fix: /make the link anew/,
  },
  {
    name: 'a file in the place of a directory',
    prepare: ({ write }) => write('plain', 'text'),
    file: './plain/lib.so',
    kind: 'load.not-found',
    message: /cannot open shared object file: Not a directory/,
    evidence: [/DIR\/plain is not there, or is no directory/],
    fix: /install the package that has lib\.so/,
  },
  {
    name: 'a directory',
    prepare: ({ directory }) => mkdirSync(join(directory, 'libdir.so')),
    file: './libdir.so',
    kind: 'open.not-a-library',
    message: /DIR\/libdir\.so: cannot read file data: Is a directory/,
    evidence: [/a directory/],
    fix: /name the library|name a library/,
  },
  {
    name: 'a file of the other word size',
    ...built('libclass.so', 4, 1),
    file: './libclass.so',
    kind: 'load.wrong-format',
    message: /DIR\/libclass\.so: wrong ELF class: ELFCLASS32/,
    evidence: [/this process is for X86_64, 64-bit/],
    fix: /install libclass\.so for X86_64, 64-bit/,
  },
  {
    name: 'a file of another machine',
    ...built('libmachine.so', 18, 183),
    file: './libmachine.so',
    kind: 'load.wrong-format',
    message: /DIR\/libmachine\.so: cannot open shared object file/,
    evidence: [/for AARCH64, 64-bit; this process is for X86_64/],
    fix: /install libmachine\.so for X86_64/,
  },
  {
    name: 'a file of the other byte order',
    ...built('liborder.so', 5, 2),
    file: './liborder.so',
    kind: 'load.wrong-format',
    message: /DIR\/liborder\.so: (ELF file data encoding not little-endian|cannot open shared object file)/,
    evidence: [],
    fix: /liborder\.so/,
  },
  {
    name: 'a file of another system',
    ...built('libsystem.so', 7, 9),
    file: './libsystem.so',
    kind: 'load.wrong-format',
    message: /DIR\/libsystem\.so: ELF file OS ABI invalid/,
    evidence: [/a library for X86_64/],
    fix: /build the library anew for this system/,
  },
  {
    name: 'an ABI version that the loader does not know',
    ...built('libabi.so', 8, 77),
    file: './libabi.so',
    kind: 'load.wrong-format',
    message: /DIR\/libabi\.so: ELF file ABI version invalid/,
    evidence: [/a library for X86_64/],
    fix: /build the library anew/,
  },
  {
    name: 'padding of the header that is not zero',
    ...built('libpad.so', 12, 1),
    file: './libpad.so',
    kind: 'load.wrong-format',
    message: /nonzero padding in e_ident/,
    evidence: [],
    fix: /build the library anew/,
  },
  {
    name: 'a version in the identification that does not exist',
    ...built('libident.so', 6, 7),
    file: './libident.so',
    kind: 'load.wrong-format',
    message: /ELF file version ident does not match current one/,
    evidence: [/damaged/],
    fix: /put the real file there/,
  },
  {
    name: 'a version in the header that does not exist',
    ...built('libversion.so', 20, 7),
    file: './libversion.so',
    kind: 'load.wrong-format',
    message: /ELF file version does not match current one/,
    evidence: [],
    fix: /build the library anew/,
  },
  {
    name: 'program headers of another size',
    ...built('libphent.so', 54, 57),
    file: './libphent.so',
    kind: 'load.wrong-format',
    message: /ELF file's phentsize not the expected size/,
    evidence: [],
    fix: /./,
  },
  {
    name: 'a file that ends after a few bytes',
    prepare: ({ write }) => write('libshort.so', '\x7fELF'),
    file: './libshort.so',
    kind: 'load.wrong-format',
    message: /DIR\/libshort\.so: file too short/,
    evidence: [/damaged/],
    fix: /put the real file there/,
  },
  {
    name: 'an empty file',
    prepare: ({ write }) => write('libempty.so', ''),
    file: './libempty.so',
    kind: 'load.wrong-format',
    message: /DIR\/libempty\.so: file too short/,
    evidence: [/an empty file/],
    fix: /put the real file there/,
  },
  {
    name: 'a linker script',
    prepare: ({ write }) =>
      write(
        'libscript.so',
        `/* GNU ld script: use the shared library */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/x86_64-linux-gnu/libm.so.6 AS_NEEDED ( libmvec.so.1 ) )\n`,
      ),
    file: './libscript.so',
    kind: 'open.not-a-library',
    message: /DIR\/libscript\.so: invalid ELF header/,
    evidence: [/a linker script/, /it names \/lib\/x86_64-linux-gnu\/libm\.so\.6/],
    fix: /open \/lib\/x86_64-linux-gnu\/libm\.so\.6/,
  },
  {
    name: 'a pointer of Git LFS',
    prepare: ({ write }) =>
      write(
        'liblfs.so',
        `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
      ),
    file: './liblfs.so',
    kind: 'open.not-a-library',
    message: /invalid ELF header/,
    evidence: [/Git LFS/],
    fix: /put the real file there/,
  },
  {
    name: 'an archive',
    sources: { 'lib.c': LIB },
    build: [
      'gcc -c -fPIC lib.c',
      'rm -f libar.so; ar rc libar.so lib.o lib.o',
      'while [ $(stat -c %s libar.so) -lt 64 ]; do echo >> libar.so; done',
    ],
    file: './libar.so',
    kind: 'open.not-a-library',
    message: /invalid ELF header/,
    evidence: [/a static archive/],
    fix: /--whole-archive/,
  },
  {
    name: 'an object file',
    sources: { 'lib.c': LIB },
    build: ['gcc -c -fPIC -o libobject.so lib.c'],
    file: './libobject.so',
    kind: 'open.not-a-library',
    message: /only ET_DYN and ET_EXEC can be loaded/,
    evidence: [/an object file/],
    fix: /gcc -shared/,
  },
  {
    name: 'a core file',
    ...built('libcore.so', 16, 4),
    file: './libcore.so',
    kind: 'open.not-a-library',
    message: /only ET_DYN and ET_EXEC can be loaded/,
    evidence: [/a core file/],
    fix: /a core file is for a debugger/,
  },
  {
    name: 'a program at fixed addresses',
    sources: { 'main.c': 'int main(void) { return 0; }\n' },
    build: ['gcc -no-pie -o fixed main.c'],
    file: './fixed',
    kind: 'open.program',
    message: /DIR\/fixed: cannot dynamically load executable/,
    evidence: [/ET_EXEC/],
    fix: /-shared/,
  },
  {
    name: 'a position-independent program',
    sources: { 'main.c': 'int main(void) { return 0; }\n' },
    build: ['gcc -pie -fPIE -o pie main.c'],
    file: './pie',
    kind: 'open.program',
    message: /DIR\/pie: cannot dynamically load position-independent executable/,
    evidence: [/DF_1_PIE/],
    fix: /-shared/,
  },
  {
    name: 'a library that is not to be opened',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -Wl,-z,nodlopen -o libnoopen.so lib.c`],
    file: './libnoopen.so',
    kind: 'open.forbidden',
    message: /DIR\/libnoopen\.so: shared object cannot be dlopen\(\)ed/,
    evidence: [/DF_1_NOOPEN/],
    fix: /nodlopen/,
    object: './libnoopen.so',
  },
  {
    name: 'debug information that was split off',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -g -o libfull.so lib.c`, 'objcopy --only-keep-debug libfull.so libdebug.so'],
    file: './libdebug.so',
    kind: 'open.not-a-library',
    message: /object file has no dynamic section/,
    evidence: [/debug information/],
    fix: /open the library itself/,
  },
  {
    name: 'segments that no page can hold',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -Wl,-z,max-page-size=512,-z,common-page-size=512 -o libtiny.so lib.c`],
    file: './libtiny.so',
    kind: 'load.wrong-format',
    message: /libtiny\.so: ELF load command address\/offset not page-aligned/,
    evidence: [/aligned to 512 bytes/],
    fix: /build the library anew/,
  },
  {
    name: 'a needed library that is missing, two steps away',
    sources: {
      'lib.c': LIB,
      'mid.c': 'int lib_one(void); int mid(void) { return lib_one(); }\n',
      'top.c': 'int mid(void); int top(void) { return mid(); }\n',
    },
    build: [
      `${SHARED} -Wl,-soname,libleaf.so.1 -o libleaf.so.1 lib.c`,
      `${SHARED} -o libmid.so mid.c -L. -l:libleaf.so.1`,
      `${SHARED} -o libtop.so top.c -L. -lmid -Wl,-rpath,'$ORIGIN' -Wl,--unresolved-symbols=ignore-all`,
    ],
    file: './libtop.so',
    kind: 'load.not-found',
    message: /^libleaf\.so\.1: cannot open shared object file/,
    evidence: [
      /needs libmid\.so/,
      /needs libleaf\.so\.1/,
      /where the loader does not look: DIR\/libleaf\.so\.1/,
    ],
    fix: /link libmid\.so with -Wl,-rpath,'\$ORIGIN'/,
    object: './libmid.so',
  },
  {
    name: 'a needed library that is a linker script',
    sources: { 'lib.c': LIB, 'mid.c': 'int lib_one(void); int mid(void) { return lib_one(); }\n' },
    build: [
      `${SHARED} -o libtext.so lib.c`,
      `${SHARED} -o libuses.so mid.c -L. -ltext -Wl,-rpath,'$ORIGIN'`,
      'printf "INPUT(-lm libm.so.6) /* %080d */\\n" 0 > libtext.so',
    ],
    file: './libuses.so',
    kind: 'open.not-a-library',
    message: /DIR\/libtext\.so: invalid ELF header/,
    evidence: [/needs libtext\.so/, /a linker script/],
    fix: /open libm\.so\.6/,
    object: './libtext.so',
  },
  {
    name: 'a symbol that nobody has',
    sources: { 'use.c': 'int solder_nobody(void); int use(void) { return solder_nobody(); }\n' },
    build: [`${SHARED} -o libuse.so use.c`],
    file: './libuse.so',
    kind: 'load.undefined-symbol',
    message: /DIR\/libuse\.so: undefined symbol: solder_nobody/,
    evidence: [],
    fix: /link .*libuse\.so with the library that defines solder_nobody/,
    object: './libuse.so',
  },
  {
    name: 'a symbol of a library beside it',
    sources: {
      'use.c': 'int lib_two(void); int use(void) { return lib_two(); }\n',
      'two.c': 'int lib_two(void) { return 2; }\n',
    },
    build: [`${SHARED} -o libtwo.so two.c`, `${SHARED} -o libuse2.so use.c`],
    file: './libuse2.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: lib_two/,
    evidence: [/exports lib_two, and is not loaded/],
    fix: /link .*libuse2\.so with .*libtwo\.so/,
  },
  {
    name: 'a symbol of a library of the system',
    sources: { 'use.c': 'int deflateReset(void *); int use(void) { return deflateReset(0); }\n' },
    build: [`${SHARED} -o libz-user.so use.c`],
    file: './libz-user.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: deflateReset/,
    evidence: [/exports deflateReset, and is not loaded/],
    fix: /link .*libz-user\.so with .*libz\.so/,
  },
  {
    name: 'a symbol of the program, linked without -rdynamic',
    sources: {
      'use.c': 'void host_service(void); void use(void) { host_service(); }\n',
      'service.c': 'void host_service(void) {}\n',
    },
    build: [`${SHARED} -o libplugin.so use.c`, 'gcc -w -o host2 HOST service.c'],
    file: './libplugin.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: host_service/,
    evidence: [/defines host_service, but not among its dynamic symbols: it was linked without -rdynamic/],
    fix: /link the program with -rdynamic/,
  },
  {
    name: 'a symbol that the needed library hides',
    sources: {
      'use.c': 'int secret(void); int use(void) { return secret(); }\n',
      'hide.c':
        '__attribute__((visibility("hidden"))) int secret(void) { return 1; }\nint open_one(void) { return secret(); }\n',
    },
    build: [
      `${SHARED} -fuse-ld=lld -o libhide.so hide.c`,
      `${SHARED} -o libuse3.so use.c -Wl,--no-as-needed -L. -lhide -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse3.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: secret/,
    evidence: [/libhide\.so: defines secret with hidden visibility/],
    fix: /declare secret in .*libhide\.so with __attribute__\(\(visibility\("default"\)\)\)/,
  },
  {
    name: 'a symbol that a version script made local',
    sources: {
      'use.c': 'int inner(void); int use(void) { return inner(); }\n',
      'inner.c': 'int inner(void) { return 1; }\nint outer(void) { return inner(); }\n',
      'inner.map': 'V1 { global: outer; local: *; };\n',
    },
    build: [
      `${SHARED} -Wl,--version-script=inner.map -o libinner.so inner.c`,
      `${SHARED} -o libuse4.so use.c -Wl,--no-as-needed -L. -linner -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse4.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: inner/,
    evidence: [
      /libinner\.so: defines inner, which was global until the linker made it local: by a version script/,
    ],
    fix: /name inner under global: in the version script of .*libinner\.so/,
  },
  {
    name: 'a static function',
    sources: {
      'use.c': 'int kept(void); int use(void) { return kept(); }\n',
      'kept.c':
        '__attribute__((noinline, used)) static int kept(void) { return 1; }\nint outer(void) { return kept(); }\n',
    },
    build: [
      `${SHARED} -o libkept.so kept.c`,
      `${SHARED} -o libuse5.so use.c -Wl,--no-as-needed -L. -lkept -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse5.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: kept/,
    evidence: [/libkept\.so: defines kept for itself alone: static in kept\.c/],
    fix: /take away static from kept in kept\.c/,
  },
  {
    name: 'a C++ function with other parameters',
    sources: {
      'use.cpp': 'int area(int, int); extern "C" int use() { return area(1, 2); }\n',
      'area.cpp': 'int area(long a, long b) { return a * b; }\n',
    },
    build: [
      `g++ -shared -fPIC -o libarea.so area.cpp`,
      `g++ -shared -fPIC -o libuse6.so use.cpp -Wl,--no-as-needed -L. -larea -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse6.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: _Z4areaii/,
    evidence: [/libarea\.so: has _Z4areall \(area\(long, long\)\): the same function with other parameters/],
    fix: /build .*libuse6\.so with the header that belongs to .*libarea\.so/,
  },
  {
    name: 'a C function that is compiled as C++',
    sources: {
      'use.c': 'int volume(int); int use(void) { return volume(1); }\n',
      'volume.cpp': 'int volume(int a) { return a; }\n',
    },
    build: [
      `g++ -shared -fPIC -o libvolume.so volume.cpp`,
      `${SHARED} -o libuse7.so use.c -Wl,--no-as-needed -L. -lvolume -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse7.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: volume/,
    evidence: [/has _Z6volumei \(volume\(int\)\): compiled as C\+\+/],
    fix: /declare the function extern "C" where .*libvolume\.so defines it/,
  },
  {
    name: 'a C function that is used as a C++ one',
    sources: {
      'use.cpp': 'int mass(int); extern "C" int use() { return mass(1); }\n',
      'mass.c': 'int mass(int a) { return a; }\n',
    },
    build: [
      `${SHARED} -o libmass.so mass.c`,
      `g++ -shared -fPIC -o libuse8.so use.cpp -Wl,--no-as-needed -L. -lmass -Wl,-rpath,'$ORIGIN'`,
    ],
    file: './libuse8.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: _Z4massi/,
    evidence: [/has mass: a C name, where the name of a C\+\+ function is asked for/],
    fix: /declare the function extern "C" where .*libuse8\.so uses it/,
  },
  {
    name: 'a symbol in another version',
    sources: {
      'use.c': 'int grow(void); int use(void) { return grow(); }\n',
      'grow.c': 'int grow(void) { return 1; }\n',
      'two.map': 'V1 { local: *; }; V2 { global: grow; } V1;\n',
      'one.map': 'V1 { global: grow; local: *; }; V2 { global: other; } V1;\n',
    },
    build: [
      `${SHARED} -Wl,--version-script=two.map -Wl,-soname,libgrow.so.1 -o libgrow.so.1 grow.c`,
      `${SHARED} -o libuse9.so use.c -L. -l:libgrow.so.1 -Wl,-rpath,'$ORIGIN'`,
      `echo 'int other(void) { return 1; }' >> grow.c`,
      `${SHARED} -Wl,--version-script=one.map -Wl,-soname,libgrow.so.1 -o libgrow.so.1 grow.c`,
    ],
    file: './libuse9.so',
    kind: 'load.undefined-symbol',
    message: /undefined symbol: grow, version V2/,
    evidence: [/libgrow\.so\.1: exports grow@@V1 and no other version of it/],
    fix: /install the .*libgrow\.so\.1 that .*libuse9\.so was linked with/,
  },
  {
    name: 'a version that the library lacks',
    sources: {
      'use.c': 'int thing(void); int use(void) { return thing(); }\n',
      'thing.c': 'int thing(void) { return 1; }\n',
      'new.map': 'V9 { global: thing; local: *; };\n',
      'old.map': 'V8 { global: thing; local: *; };\n',
    },
    build: [
      `${SHARED} -Wl,--version-script=new.map -Wl,-soname,libthing.so.1 -o libthing.so.1 thing.c`,
      `${SHARED} -o libuse10.so use.c -L. -l:libthing.so.1 -Wl,-rpath,'$ORIGIN'`,
      `${SHARED} -Wl,--version-script=old.map -Wl,-soname,libthing.so.1 -o libthing.so.1 thing.c`,
    ],
    file: './libuse10.so',
    kind: 'load.missing-version',
    message: /DIR\/libthing\.so\.1: version `V9' not found \(required by DIR\/libuse10\.so\)/,
    evidence: [/needs version V9 of libthing\.so\.1/, /defines V8/],
    fix: /install a libthing\.so\.1 that is as new/,
    object: './libuse10.so',
  },
  {
    name: 'more initial-exec thread-local storage than there is room for',
    sources: {
      'tls.c':
        '__thread char room[4000] __attribute__((tls_model("initial-exec"))); char *tls_room(void) { return room; }\n',
    },
    build: [`${SHARED} -o libtls.so tls.c`],
    file: './libtls.so',
    kind: 'open.static-tls',
    message: /DIR\/libtls\.so: cannot allocate memory in static TLS block/,
    evidence: [/4000 bytes/, /1664 bytes/, /by the initial-exec model: room/],
    fix: /-ftls-model=initial-exec.*optional_static_tls=\d+/,
    object: './libtls.so',
  },
  {
    name: 'a relocation that the loader does not know',
    sources: { 'rel.c': 'extern int environ_like; int *rel_target = &environ_like; int environ_like = 1;\n' },
    build: [`${SHARED} -o librel.so rel.c`],
    prepare: (bench) => patchRelocation(bench, 'librel.so', 1, 0x7b),
    file: './librel.so',
    kind: 'open.relocation',
    message: /DIR\/librel\.so: unexpected reloc type 0x7b/,
    evidence: [/0x7b/],
    fix: /-fPIC/,
    object: './librel.so',
  },
  {
    name: 'DT_RELR without the version that goes with it',
    sources: {
      'relr.c':
        '#include <stdio.h>\nstatic int a, b; int *const relr_p[] = {&a, &b, &a}; int relr_put(void) { return puts("x"); }\n',
    },
    build: [`${SHARED} -nostartfiles -Wl,-z,pack-relative-relocs -o librelr.so relr.c`],
    prepare: (bench) => renameVersion(bench, 'librelr.so'),
    file: './librelr.so',
    kind: 'open.relr',
    message: /DIR\/librelr\.so: DT_RELR without GLIBC_ABI_DT_RELR dependency/,
    evidence: [/has DT_RELR/],
    fix: /pack-relative-relocs/,
  },
  {
    name: 'a processor that does not exist',
    sources: { 'isa.c': LIB },
    build: [`${SHARED} -Wl,-z,x86-64-v4 -o libisa.so isa.c`],
    prepare: raiseIsaLevel,
    file: './libisa.so',
    kind: 'open.isa-level',
    message: /DIR\/libisa\.so: CPU ISA level is lower than required/,
    evidence: [/a level that this processor does not reach/],
    fix: /-march=x86-64/,
  },
  {
    name: 'flags that are none',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -o libflags.so lib.c`],
    file: './libflags.so',
    mode: 'mode',
    kind: 'open.invalid-call',
    message: /DIR\/libflags\.so: invalid mode for dlopen\(\): Invalid argument/,
    evidence: [/neither RTLD_LAZY nor RTLD_NOW/],
    fix: /RTLD_LAZY and RTLD_NOW/,
  },
  {
    name: 'a file that may not be read',
    sources: { 'lib.c': LIB },
    build: [`${SHARED} -o libsecret.so lib.c`, 'chmod 600 libsecret.so'],
    file: './libsecret.so',
    limits: ['uid=65534'],
    isUnforeseen: true,
    kind: 'open.no-permission',
    message: /DIR\/libsecret\.so: cannot open shared object file: Permission denied/,
    evidence: [/may not read it/],
    fix: /chmod \+r/,
    object: './libsecret.so',
  },
  {
    name: 'no address space left',
    sources: { 'big.c': 'char big[1 << 30];\n' },
    build: [`${SHARED} -o libbig.so big.c`],
    file: './libbig.so',
    limits: ['address-space=500000000'],
    isUnforeseen: true,
    kind: 'open.memory',
    message:
      /DIR\/libbig\.so: failed to map segment from shared object: Cannot allocate memory|failed to map segment from shared object/,
    evidence: [/takes 10737\d+ bytes of address space/],
    fix: /ulimit -v/,
  },
  {
    name: 'no memory for zeros left',
    sources: { 'zeros.c': 'char zeros[1L << 42];\n' },
    build: [`${SHARED} -o libzeros.so zeros.c`],
    file: './libzeros.so',
    isUnforeseen: true,
    kind: 'open.memory',
    message: /cannot map zero-fill pages/,
    evidence: [/takes 43980\d+ bytes/],
    fix: /ulimit/,
  },
];

/** Takes the mark of packed relocations away, as linkers do that do not know it: another needed version instead. */
function renameVersion({ directory, write }: Bench, name: string): void {
  const bytes = readFileSync(join(directory, name));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = 0xfd0e42;
  for (let at = 0; at + 16 <= bytes.length; at += 4) {
    if (view.getUint32(at, true) !== wanted) continue;
    // GLIBC_2.2.5 in its place: hash and name of the entry beside it.
    for (let other = at - 64; other <= at + 64; other += 16) {
      if (other !== at && view.getUint32(other, true) === 0x09691a75) {
        view.setUint32(at, 0x09691a75, true);
        view.setUint32(at + 8, view.getUint32(other + 8, true), true);
        write(name, bytes);
        return;
      }
    }
  }
  throw new Error('no mark');
}

/** GNU_PROPERTY_X86_ISA_1_NEEDED with a bit above all levels. */
function raiseIsaLevel({ directory, write }: Bench): void {
  const bytes = readFileSync(join(directory, 'libisa.so'));
  const at = bytes.indexOf(Buffer.from([0x02, 0x80, 0x00, 0xc0, 4, 0, 0, 0]));
  if (at < 0) throw new Error('no property');
  bytes[at + 9] = 0x80;
  write('libisa.so', bytes);
}

const available = hasTools('gcc', 'g++', 'ar', 'objcopy');

describe.skipIf(!available || process.arch !== 'x64')('what the real loader refuses', () => {
  let bench: Bench;
  beforeAll(() => {
    bench = startBench();
  });
  afterAll(() => bench[Symbol.dispose]());

  test.each(FAILURES.map((failure) => [failure.name, failure] as const))('%s', (_, failure) => {
    const { directory } = bench;
    const inDirectory = (path: string): string => path.replace(/^\.\//, `${directory}/`);
    for (const [name, text] of Object.entries(failure.sources ?? {})) bench.write(name, text);
    const source = new URL('host.c', import.meta.url).pathname;
    for (const command of failure.build ?? []) bench.build(command.replace('HOST', source));
    failure.prepare?.(bench);
    const file = inDirectory(failure.file);
    const hasOwnHost = failure.build?.some((command) => command.includes('HOST')) ?? false;
    const host = hasOwnHost ? `${directory}/host2` : `${directory}/host`;
    const op = failure.mode ?? 'now';

    const real = bench.runWith(host, {}, ...(failure.limits ?? []), `${op}=${file}`);
    const message = real.lines.at(-1)!;
    const readable = (text: string): string => text.replaceAll(directory, 'DIR');
    expect(readable(message)).toMatch(failure.message);

    const program = bench.context().openTarget(host);
    if (program.kind !== 'dynamic') throw new Error('no host');
    const mode = { now: op === 'now', ...(op === 'mode' ? { noBinding: true } : {}) };
    const predicted = bench.diagnose(file, mode, { program });
    const explained = bench.diagnose(file, mode, { program, message });
    if (!failure.isUnforeseen) {
      expect(predicted.map((finding) => finding.message)).toEqual([message]);
      expect(predicted).toEqual(explained);
    } else {
      expect(predicted).toEqual([]);
    }
    const [finding] = explained;
    expect(explained).toHaveLength(1);
    expect(finding!.kind).toBe(failure.kind);
    const evidence = finding!.evidence.map(({ text, object }) =>
      readable(object === undefined ? text : `${object}: ${text}`),
    );
    for (const pattern of failure.evidence) expect(evidence.join('\n')).toMatch(pattern);
    expect(finding!.fix).toMatch(failure.fix);
    if (failure.object !== undefined) expect(finding!.object).toBe(inDirectory(failure.object));
  });
});
