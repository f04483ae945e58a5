import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildSystem, guardFlags } from '../../../src/report/guard/guard-flags.ts';
import { guardSource } from '../../../src/run/guard/native-guard.ts';
import { hasTools } from '../../support/tools.ts';
import { buildHost, guardDirectory, run, runHost, source } from './build.ts';

/** What a user has beside the text that `guard flags` prints, and how the plugin is built and found. */
interface Project {
  readonly tools: readonly string[];
  /** Where the printed text goes; it is put before what the project's own file holds. */
  readonly snippet: string;
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly (readonly [string, ...string[]])[];
  readonly plugin: string;
}

const GN_TOOLCHAIN = `
toolchain("gcc") {
  tool("cc") {
    command = "gcc {{cflags}} {{cflags_c}} -c {{source}} -o {{output}}"
    outputs = [ "{{source_out_dir}}/{{target_output_name}}.{{source_name_part}}.o" ]
  }
  tool("solink") {
    command = "gcc -shared {{ldflags}} -o {{output}} {{inputs}} {{libs}}"
    outputs = [ "{{root_out_dir}}/{{target_output_name}}{{output_extension}}" ]
    default_output_extension = ".so"
  }
  tool("stamp") {
    command = "touch {{output}}"
  }
}
`;

/** ndk-build itself needs the NDK: these two files do what it does with the variables of a module. */
const NDK = {
  'clear-vars.mk': 'LOCAL_SRC_FILES :=\nLOCAL_LDFLAGS :=\nLOCAL_MODULE :=\n',
  'shared-library.mk':
    'lib$(LOCAL_MODULE).so: $(LOCAL_SRC_FILES)\n\tgcc -fPIC -shared -o $@ $(LOCAL_SRC_FILES) $(LOCAL_LDFLAGS)\n',
  Makefile: 'CLEAR_VARS := clear-vars.mk\nBUILD_SHARED_LIBRARY := shared-library.mk\ninclude Android.mk\n',
};

const PROJECTS: Readonly<Record<Exclude<BuildSystem, 'cc'>, Project>> = {
  cmake: {
    tools: ['cmake', 'make'],
    snippet: 'guard.cmake',
    files: {
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.17)
project(plugin LANGUAGES C CXX)
include(guard.cmake)
include(CheckIPOSupported)
check_ipo_supported()
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
add_library(plugin MODULE plugin.c)
solder_guard(plugin)
`,
    },
    commands: [
      ['cmake', '-S', '.', '-B', 'out', '-G', 'Unix Makefiles'],
      ['cmake', '--build', 'out'],
    ],
    plugin: 'out/libplugin.so',
  },
  meson: {
    tools: ['meson', 'ninja'],
    snippet: 'guard/meson.build',
    files: {
      'meson.build':
        "project('plugin', 'c', default_options: ['b_lto=true'])\nsubdir('guard')\nshared_module('plugin', 'plugin.c', dependencies: solder_guard)\n",
    },
    commands: [
      ['meson', 'setup', 'out'],
      ['ninja', '-C', 'out'],
    ],
    plugin: 'out/libplugin.so',
  },
  gn: {
    tools: ['gn', 'ninja'],
    snippet: 'guard/BUILD.gn',
    files: {
      '.gn': 'buildconfig = "//config.gn"\n',
      'config.gn': 'set_default_toolchain("//toolchain:gcc")\n',
      'toolchain/BUILD.gn': GN_TOOLCHAIN,
      'BUILD.gn': `shared_library("plugin") {
  sources = [ "plugin.c" ]
  cflags = [ "-fPIC" ]
  deps = [ "//guard:solder_guard" ]
}
`,
    },
    commands: [
      ['gn', 'gen', 'out'],
      ['ninja', '-C', 'out'],
    ],
    plugin: 'out/plugin.so',
  },
  'ndk-build': {
    tools: ['make'],
    snippet: 'guard.mk',
    files: {
      ...NDK,
      'Android.mk':
        'include $(CLEAR_VARS)\nLOCAL_MODULE := plugin\nLOCAL_SRC_FILES := plugin.c\ninclude guard.mk\ninclude $(BUILD_SHARED_LIBRARY)\n',
    },
    commands: [['make']],
    plugin: 'libplugin.so',
  },
};

let directory = '';
let host = '';
beforeAll(() => {
  directory = guardDirectory();
  host = buildHost(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('what guard flags prints', () => {
  for (const [system, project] of Object.entries(PROJECTS)) {
    it.skipIf(!hasTools('gcc', ...project.tools))(`builds a guarded plugin: ${system}`, () => {
      const folder = join(directory, system);
      const write = (name: string, text: string) => {
        mkdirSync(join(folder, name, '..'), { recursive: true });
        writeFileSync(join(folder, name), text);
      };
      write(project.snippet, guardFlags(system as BuildSystem));
      write(join(project.snippet, '../guard.c'), guardSource());
      for (const [name, text] of Object.entries(project.files)) write(name, text);
      copyFileSync(source('keys-plugin.c'), join(folder, 'plugin.c'));
      for (const [program, ...args] of project.commands) run(program, args, folder);
      const plugin = join(folder, project.plugin);
      expect(runHost(host, ['rounds', 50, 1, plugin]).lines).toEqual(['keys 1024 -> 1024, heap +0, gone']);
    });
  }

  it.skipIf(!hasTools('cmake', 'make'))('stops CMake where a project has no C', () => {
    const folder = join(directory, 'no-c');
    mkdirSync(folder);
    writeFileSync(join(folder, 'guard.cmake'), guardFlags('cmake'));
    writeFileSync(join(folder, 'plugin.cpp'), 'int run() { return 1; }\n');
    writeFileSync(
      join(folder, 'CMakeLists.txt'),
      'cmake_minimum_required(VERSION 3.17)\nproject(plugin LANGUAGES CXX)\ninclude(guard.cmake)\nadd_library(plugin MODULE plugin.cpp)\nsolder_guard(plugin)\n',
    );
    expect(() => run('cmake', ['-S', '.', '-B', 'out', '-G', 'Unix Makefiles'], folder)).toThrow(
      /guard.c is C: add C to the LANGUAGES/,
    );
  });
});
