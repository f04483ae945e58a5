/** The functions that --wrap leads to the guard. */
const WRAPPED = ['pthread_key_create', 'pthread_key_delete', 'tss_create', 'tss_delete'] as const;

/** The ways to build a plugin for which `guardFlags` knows what to write. */
export const BUILD_SYSTEMS = ['cc', 'cmake', 'meson', 'gn', 'ndk-build'] as const;
export type BuildSystem = (typeof BUILD_SYSTEMS)[number];

/** One word for the driver of a compiler that links with GNU ld, gold, lld or mold. */
const WORD = `-Wl,${WRAPPED.map((name) => `--wrap=${name}`).join(',')}`;

const SNIPPETS: Readonly<Record<BuildSystem, string>> = {
  cc: `${WORD}\n`,
  cmake: `# guard.cmake, beside guard.c. In CMakeLists.txt: include(guard.cmake), then solder_guard(TARGET).
function(solder_guard target)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT C IN_LIST languages)
    message(FATAL_ERROR "solder_guard: guard.c is C: add C to the LANGUAGES of project()")
  endif()
  add_library(\${target}_guard OBJECT \${CMAKE_CURRENT_FUNCTION_LIST_DIR}/guard.c)
  set_target_properties(\${target}_guard PROPERTIES
    POSITION_INDEPENDENT_CODE ON C_STANDARD 11 INTERPROCEDURAL_OPTIMIZATION OFF)
  target_sources(\${target} PRIVATE $<TARGET_OBJECTS:\${target}_guard>)
  target_link_options(\${target} PRIVATE "LINKER:${WRAPPED.map((name) => `--wrap=${name}`).join(',')}")
endfunction()
`,
  meson: `# In meson.build, beside guard.c; the project needs the language c.
# shared_module('plugin', ..., dependencies: solder_guard)
solder_guard = declare_dependency(
  link_whole: static_library('solder_guard', 'guard.c', pic: true,
    override_options: ['c_std=c11', 'b_lto=false']),
  link_args: '${WORD}',
)
`,
  gn: `# In BUILD.gn, beside guard.c. In the plugin's target: deps += [ ":solder_guard" ]
config("solder_guard_wrap") {
  ldflags = [ "${WORD}" ]
}
source_set("solder_guard") {
  sources = [ "guard.c" ]
  cflags_c = [ "-std=c11", "-fPIC", "-fno-lto" ]
  public_configs = [ ":solder_guard_wrap" ]
}
`,
  'ndk-build': `# In Android.mk, beside guard.c, in the plugin's module: before include $(BUILD_SHARED_LIBRARY)
LOCAL_SRC_FILES += guard.c
LOCAL_LDFLAGS += ${WORD}
`,
};

/** What to add to the build of a plugin. */
export const guardFlags = (system: BuildSystem): string => SNIPPETS[system];
