/** solder as a library: one namespace a layer. The same modules are exported one by one (`solder/elf`…). */
export * as analyses from './analyses/index.ts';
export * as archive from './archive/index.ts';
export * as bytes from './bytes/index.ts';
export * as demangle from './demangle/index.ts';
export * as elf from './elf/index.ts';
export * as host from './host/index.ts';
export * as loader from './loader/index.ts';
export * as model from './model/index.ts';
export * as report from './report/index.ts';
export * as script from './script/index.ts';
