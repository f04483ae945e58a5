import { describe, expect, it } from 'vitest';
import { givesBack, keepsCallbacks } from '../../../src/analyses/unload/callbacks.ts';
import { deriveLibc } from '../../../src/analyses/unload/index.ts';
import { exhaustedAtRound } from '../../../src/analyses/unload/key-losses.ts';
import { memorySource } from '../../../src/bytes/index.ts';
import { ElfFile } from '../../../src/elf/index.ts';
import { dynamicObject } from '../../../src/model/index.ts';
import { assemble, type ElfSpec } from '../../support/assembler/index.ts';

describe('words of functions', () => {
  it.each([
    'host_register',
    'register_handler',
    'add_listener',
    'set_hook',
    'g_log_set_handler',
    'setCallback',
    'SSL_CTX_set_verify_callback',
    'onEvent_install',
    'xmlRegisterInputCallbacks',
    'subscribe',
  ])('%s keeps what it is given', (name) => expect(keepsCallbacks(name)).toBe(true));

  it.each([
    'host_unregister',
    'remove_listener',
    'deregister_it',
    'qsort',
    'reset_all',
    'padding',
    'offset_of',
    'host_each',
  ])('%s does not', (name) => expect(keepsCallbacks(name)).toBe(false));

  it.each([
    'host_unregister',
    'remove_listener',
    'delete_hook',
    'g_source_remove',
    'clearCallback',
    'unsubscribe',
  ])('%s gives back', (name) => expect(givesBack(name)).toBe(true));
});

describe('the round without keys', () => {
  it('comes sooner the more are lost, and never without losses', () => {
    expect(exhaustedAtRound(() => ({ min: 1, max: 1 }))).toEqual({
      glibc: 1025,
      musl: 129,
      bionic: 129,
      ohos: 129,
    });
    expect(exhaustedAtRound(() => ({ min: 0, max: 3 })).glibc).toBe(342);
    expect(exhaustedAtRound(() => ({ min: 0, max: 0 })).ohos).toBeNull();
    expect(exhaustedAtRound(() => ({ min: 0, max: 200 })).ohos).toBe(1);
  });

  it('is the latest where a loop hides how many are lost', () => {
    expect(exhaustedAtRound(() => ({ min: 2, max: null })).glibc).toBe(513);
  });

  it('never comes where the library stays', () => {
    expect(exhaustedAtRound((libc) => ({ min: 0, max: libc === 'musl' ? 0 : 1 }))).toMatchObject({
      glibc: 1025,
      musl: null,
    });
  });
});

describe('the C library of a file', () => {
  const derive = (spec: Partial<ElfSpec>) => {
    const file = new ElfFile(memorySource(assemble({ class: 64, soname: 'libx.so', ...spec })));
    return deriveLibc(file, dynamicObject(file, 'libx.so')!);
  };

  it.each([
    [['libc.so.6'], 'glibc', 'stated'],
    [['ld-linux-aarch64.so.1'], 'glibc', 'stated'],
    [['libc.musl-x86_64.so.1'], 'musl', 'stated'],
    [['libc.so'], 'musl', 'assumed'],
    [[], 'glibc', 'assumed'],
  ] as const)('by what it needs: %j', (needed, libc, certainty) => {
    expect(derive({ needed: [...needed] })).toMatchObject({ libc, certainty });
  });

  it.each([
    ['_ZNSt6__ndk16thread4joinEv', 'bionic'],
    ['_ZNSt4__n16thread4joinEv', 'ohos'],
    ['_ZNSt3__h6thread4joinEv', 'ohos'],
    ['_ZNSt3__16thread4joinEv', 'musl'],
  ] as const)('by its C++ library: %s', (name, libc) => {
    expect(derive({ needed: ['libc.so'], symbols: [{ name }] }).libc).toBe(libc);
  });
});
