import { describe, expect, test } from 'vitest';
import { type Description, describe as describeAst, parse } from '../../src/demangle/index.ts';

function describeName(name: string): Description {
  const result = parse(name);
  if (!('ast' in result)) throw new Error(`${name}: ${result.reason}`);
  return describeAst(result.ast);
}

/** Each name with the facts that matter about it. */
const CASES: readonly (readonly [string, Partial<Description>])[] = [
  ['_Z1fv', { role: 'function', name: 'f', scope: [], class: undefined, template: false, local: false }],
  ['_ZN1a1fEv', { role: 'function', name: 'f', scope: ['a'], class: undefined }],
  ['_ZNK1a1B1fEv', { role: 'function', name: 'f', scope: ['a', 'B'], class: 'a::B' }],
  ['_ZN1a1BC2Ev', { role: 'constructor', variant: 2, scope: ['a', 'B'], class: 'a::B' }],
  ['_ZN1a1BC1IiEET_', { role: 'constructor', variant: 1, template: true, class: 'a::B' }],
  ['_ZN1BD0Ev', { role: 'destructor', variant: 0, class: 'B' }],
  ['_ZN1A5valueE', { role: 'variable', nestedVariable: true, scope: ['A'], name: 'value' }],
  ['_ZN1AIiE5valueE', { role: 'variable', nestedVariable: true, class: 'A<int>', template: true }],
  ['_ZZ1fvE5value', { role: 'variable', local: true, nestedVariable: false, scope: ['f'] }],
  ['_ZL5value', { role: 'variable', nestedVariable: false }],
  ['_ZTVN1a1BE', { role: 'vtable', class: 'a::B', name: 'B', scope: ['a'] }],
  ['_ZTI1AIiE', { role: 'typeinfo', class: 'A<int>', template: true }],
  ['_ZTS1A', { role: 'typeinfo-name', class: 'A' }],
  ['_ZTIN1a1BE', { role: 'typeinfo', class: 'a::B', scope: ['a'] }],
  ['_ZTIa', { role: 'typeinfo', class: undefined, name: 'signed char' }],
  ['_ZTSPK1A', { role: 'typeinfo-name', class: undefined, name: 'A const*' }],
  ['_ZTIFviE', { role: 'typeinfo', class: undefined }],
  ['_ZTT1A', { role: 'vtt', class: 'A' }],
  ['_ZTC1A0_1B', { role: 'construction-vtable', class: 'B' }],
  ['_ZGVZN1A1fEvE5value', { role: 'guard', local: true, name: 'value' }],
  ['_ZGVN1A5valueE', { role: 'guard', scope: ['A'], name: 'value' }],
  ['_ZGVN1A5valueE_', { role: 'guard', scope: ['A'], name: 'value' }],
  ['_ZThn8_N1A1fEv', { role: 'thunk', name: 'f', scope: ['A'] }],
  ['_ZTHN1a5valueE', { role: 'tls-initializer' }],
  ['_ZTWN1a5valueE', { role: 'tls-wrapper' }],
  ['_ZGRN1a5valueE_', { role: 'reference-temporary' }],
  ['_ZNSt3__112basic_stringIcE4sizeEv', { inlineNamespace: '__1', template: true }],
  ['_ZNSt6__ndk16vectorIiE4sizeEv', { inlineNamespace: '__ndk1' }],
  ['_ZNSt3__h4sortEv', { inlineNamespace: '__h' }],
  ['_ZNSt7__cxx1112basic_stringIcE4sizeEv', { inlineNamespace: '__cxx11' }],
  ['_ZNSt6vectorIiE4sizeEv', { inlineNamespace: undefined, scope: ['std', 'vector'] }],
  ['_ZNSt8__detail3fooEv', { inlineNamespace: undefined }],
  ['_ZNSt12__shared_ptrIiE3getEv', { inlineNamespace: undefined, class: 'std::__shared_ptr<int>' }],
  ['_ZNSt3_V214error_categoryD2Ev', { inlineNamespace: '_V2', role: 'destructor' }],
  [
    '_ZNSt6chrono3_V212system_clock3nowEv',
    { inlineNamespace: '_V2', scope: ['std', 'chrono', '_V2', 'system_clock'] },
  ],
  ['_ZNSt10filesystem7__cxx114pathD1Ev', { inlineNamespace: '__cxx11', role: 'destructor', name: '~path' }],
  ['_ZTVNSt7__cxx1112basic_stringIcEE', { role: 'vtable', inlineNamespace: '__cxx11', name: 'basic_string' }],
  ['_ZN3foo3__11fEv', { inlineNamespace: undefined }],
  ['_ZGVZZ1fvENKUlvE_clEvE1s', { role: 'guard', scope: ['f', '{lambda()#1}', 'operator()'], local: true }],
  ['_ZZN1AC1EvE1x', { role: 'variable', scope: ['A', 'A'], local: true, nestedVariable: false }],
  ['_ZZN1AC1EvENKUlvE_clEv', { role: 'operator', class: '{lambda()#1}', local: true }],
  ['_ZTAXtl2PtLi1EEE', { role: 'template-parameter-object', name: 'Pt{1}' }],
  ['_ZL1b_block_invoke_2', { role: 'block', name: 'b' }],
  ['_Z3co1i.actor', { role: 'function', name: 'co1', cloneSuffix: '.actor' }],
  ['_ZN1SC2ERKS_.constprop.0.isra.1.cold', { role: 'constructor', cloneSuffix: '.constprop.0.isra.1.cold' }],
  ['_Z1fIiEvT_Q1CIS0_E', { role: 'function', name: 'f', template: true }],
  ['_ZNH1A1fES_', { role: 'function', class: 'A' }],
  ['_ZNO1A1fEv', { role: 'function', class: 'A' }],
  ['_ZN12_GLOBAL__N_11xE', { role: 'variable', scope: ['(anonymous namespace)'] }],
  ['_ZN12_GLOBAL__N_13HidC2Ev', { class: '(anonymous namespace)::Hid', name: 'Hid' }],
  ['_Z2piIdE', { role: 'variable', template: true, nestedVariable: false }],
  ['_ZN1AIiE4tmplIcE5valueE', { role: 'variable', class: 'A<int>::tmpl<char>', nestedVariable: true }],
  ['_ZTv0_n24_N1VD0Ev', { role: 'thunk', name: '~V', class: 'V' }],
  ['_ZTch0_v0_n24_N1E1cEv', { role: 'thunk', name: 'c', scope: ['E'] }],
  ['_ZTHN1VI1AE2tlE', { role: 'tls-initializer', class: 'V<A>', name: 'tl' }],
  ['_ZN1qDC1d1eEE', { role: 'variable', name: '[d, e]', scope: ['q'], nestedVariable: true }],
  ['_Zli2_aPKcm', { role: 'operator', name: 'operator"" _a' }],
  ['_ZN1OIiEcvT_IlEEv', { role: 'conversion', name: 'operator long', class: 'O<int>' }],
  ['_ZN1OIiEcvPT_IcEEv', { role: 'conversion', name: 'operator char*', class: 'O<int>' }],
  ['_ZN1OIiEnwEmi', { role: 'operator', name: 'operator new' }],
  ['_ZN1ACI11BEi', { role: 'constructor', variant: 1, name: 'A', class: 'A' }],
  ['_ZN1AUt_C1Ev', { role: 'constructor', name: '{unnamed type#1}', class: 'A::{unnamed type#1}' }],
  ['_ZNSaIcEC1Ev', { role: 'constructor', name: 'allocator', scope: ['std', 'allocator'], template: true }],
  ['_ZNSolsEi', { role: 'operator', scope: ['std', 'basic_ostream'], template: true }],
  ['_ZNW3foo1A1fEv', { role: 'function', name: 'f', scope: ['A'] }],
  ['_ZNSs6appendEPKc', { scope: ['std', 'basic_string'], template: true, name: 'append' }],
  ['_ZNSsC1Ev', { role: 'constructor', scope: ['std', 'basic_string'] }],
  ['_Z1fB5cxx11v', { abiTags: ['cxx11'] }],
  ['_Z1fv.isra.0', { cloneSuffix: '.isra.0', role: 'function' }],
  ['_ZN1AplEi', { role: 'operator', name: 'operator+' }],
  ['_ZNK1AcvbEv', { role: 'conversion', class: 'A' }],
  ['___Z1fv_block_invoke', { role: 'block', name: 'f' }],
  ['_RNvNtCs1234_3foo3bar3baz', { language: 'rust', scope: ['foo', 'bar'], name: 'baz' }],
  ['_RINvC3foo3barlE', { language: 'rust', template: true }],
  ['_ZN3foo3bar17h0123456789abcdefE', { language: 'rust', scope: ['foo'], name: 'bar' }],
];

describe('what a name tells', () => {
  test.each(CASES)('%s', (name, facts) => {
    expect(describeName(name)).toMatchObject(facts);
  });
});
