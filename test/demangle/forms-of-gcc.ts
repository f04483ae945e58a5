/**
 * Names that GCC 12 to 16 made, which one of the installed tools cannot read or reads wrongly. A comment says who
 * confirmed the text: c++filt of binutils 2.47, llvm-cxxfilt 21, or GCC itself, which gives a function its name of
 * an older ABI version as an alias, so that both must mean the same.
 */
export const FORMS_OF_GCC: readonly (readonly [name: string, gnu: string, llvm: string])[] = [
  // The requires-clause of a function template stands behind the function (c++filt 2.47).
  ['_Z2t2I2NSQ2TCIT_EEvv', 'void t2<NS>() requires TC<NS>', 'void t2<NS>()'],
  ['_Z1fIiQ1CIT_EEPFvvES0_', 'void (*f<int>(int))() requires C<int>', 'void (*f<int>(int))()'],
  [
    '_Z1fIiQaa1CIT_E1DIS0_EEvS0_Q1EIS0_E',
    'void f<int>(int) requires E<int> requires (C<int>)&&(D<int>)',
    'void f<int>(int) requires E<int>',
  ],
  [
    '_ZZ1gIiQ1CIiEEvvENK1A1fIiQ1CIiEEEvv',
    'void g<int>() requires C<int>::A::f<int>() const requires C<int>',
    'void void g<int>()::A::f<int>() const',
  ],
  [
    '_ZN1fIiQ1CIiEE1gIlQ1DIlEEEvv',
    'void f<int requires C<int> >::g<long>() requires D<long>',
    'void f<int>::g<long>()',
  ],
  // What is declared of a parameter hides neither packs nor references (alias).
  ['_Z2f8ITpTk1CJicEEvDpT_', 'void f8<int, char>(int, char)', 'void f8<int, char>(int, char)'],
  [
    '_Z2f5ITk1DIiEiTpTk1CJicEEvRKT_DpT0_',
    'void f5<int, int, char>(int const&, int, char)',
    'void f5<int, int, char>(int const&, int, char)',
  ],
  [
    '_Z5applyIiTkSt12__tuple_likeRSt5tupleIJiEEEDcOT_OT0_',
    'decltype(auto) apply<int, std::tuple<int>&>(int&&, std::tuple<int>&)',
    'decltype(auto) apply<int, std::tuple<int>&>(int&&, std::tuple<int>&)',
  ],
  // GCC counts no concept with arguments as a substitution, and writes the arguments behind nested names (alias).
  [
    '_Z2f1IiTkN1n1DEIT_EiEvS1_T0_P1AS4_',
    'void f1<int, int>(int, int, A*, A*)',
    'void f1<int, int>(int, int, A*, A*)',
  ],
  [
    '_Z2f3IiTkSt1DIT_EiEvS0_T0_P1AS3_',
    'void f3<int, int>(int, int, A*, A*)',
    'void f3<int, int>(int, int, A*, A*)',
  ],
  [
    '_Z2f6ITkN1n1m1DEI1AEiTkNS1_1DEIS2_EiTkNS0_1CEiEvPS2_S3_T_T0_T1_',
    'void f6<int, int, int>(A*, A*, int, int, int)',
    'void f6<int, int, int>(A*, A*, int, int, int)',
  ],
  ['_Z2f7ITnDkN1n1DEIiELi1EEvP1AS2_', 'void f7<1>(A*, A*)', 'void f7<1>(A*, A*)'],
  ['_Z2f8ITtTkN1n1DEI1AEE1ZEvPS1_S3_', 'void f8<Z>(A*, A*)', 'void f8<Z>(A*, A*)'],
  // Clang 21 counts it, as the ABI says.
  [
    '_Z2f3IiTkSt1DIT_EiEvS1_T0_P1AS4_',
    'void f3<int, int>(int, int, A*, A*)',
    'void f3<int, int>(int, int, A*, A*)',
  ],
  [
    '_Z2f4ITkN1n1DI1AEEiTkNS1_IS2_EEiEvPS2_S3_T_T0_',
    'void f4<int, int>(A*, A*, int, int)',
    'void f4<int, int>(A*, A*, int, int)',
  ],
  [
    '_ZN1n1XIicE1gITkNS_1DIT_EEiTkNS_1m1DIT0_EEiEEvS4_S7_1APS8_',
    'void n::X<int, char>::g<int, int>(int, int, A, A*)',
    'void n::X<int, char>::g<int, int>(int, int, A, A*)',
  ],
  // A concept behind the arrow of a requirement counts alike (alias).
  [
    '_Z2eqIiQrQRKT__Xeqfp_fp_R2toIbEEEbRK1VIS0_ES6_',
    'bool eq<int>(V<int> const&, V<int> const&) requires requires(int const&) { {{parm#1}=={parm#1}} -> to<bool>; }',
    'bool eq<int>(V<int> const&, V<int> const&)',
  ],
  // Constraints in closures and local classes count templates from the outermost around them.
  [
    '_Z3useIZ4locfIiEvvEUlTk1DIT_ES1_E_EvS1_',
    'void use<locf<int>()::{lambda<D<int> $T0>($T0)#1}>(locf<int>()::{lambda<D<int> $T0>($T0)#1})',
    "void use<void locf<int>()::'lambda'<D<int> $T>($T)>(void locf<int>()::'lambda'<D<int> $T>($T))",
  ],
  [
    '_ZNK2l6MUlTyTk1DIT_ES0_T0_E_clIiiEEDaS0_S1_',
    'auto l6::{lambda<typename $T0, D<$T0> $T1>($T0, $T1)#1}::operator()<int, int>(int, int) const',
    "auto l6::'lambda'<typename $T, D<$T> $T0>($T, $T0)::operator()<int, int>(int, $T0) const",
  ],
  [
    '_ZZ4locfIiEvvEN1L2lmEvQ1CIT_E',
    'locf<int>()::L::lm() requires C<int>',
    'void locf<int>()::L::lm() requires C<int>',
  ],
  // A variable in a constraint may have the parameters in its name: std::ranges::subrange (llvm-cxxfilt 21).
  [
    '_ZN8subrangeIPcLi1EEC1IS0_EET_QntL_ZNS_IS3_XT0_EE5storeEE',
    'subrange<char*, 1>::subrange<char*>(char*) requires !subrange<char*, 1>::store',
    'subrange<char*, 1>::subrange<char*>(char*) requires !(subrange<char*, 1>::store)',
  ],
  // Or what a closure mentioned before: std::ranges::filter_view.
  [
    '_ZN1VIZ1gvEUlRT_E_EF1fERKS3_Q2eqIDTcl5begincl7declvalIS1_EEEEE',
    'V<g()::{lambda(auto:1&)#1}>::f[friend](V<g()::{lambda(auto:1&)#1}> const&) requires ' +
      'eq<decltype (begin((declval<g()::{lambda(auto:1&)#1}&>)()))>',
    "V<g()::'lambda'(auto&)>::friend f(V<g()::'lambda'(auto&)> const&) requires " +
      "eq<decltype(begin(declval<g()::'lambda'(auto&)&>()))>",
  ],
  // Values of types that are local, in each compiler.
  ['_Z5takevILZ2levEUt_0EEvv', 'void takev<(le()::{unnamed type#1})0>()', "void takev<(le()::'unnamed')0>()"],
  ['_Z5takevILZ1fvE1En3EEvv', 'void takev<(f()::E)-3>()', 'void takev<(f()::E)-3>()'],
  ['_Z5takevILZ1fvEN1A1EE7EEvv', 'void takev<(f()::A::E)7>()', 'void takev<(f()::A::E)7>()'],
  // GCC 16 names an unnamed enumeration after its first enumerator (c++filt 2.47).
  [
    '_Z4takeIUej10enumeratorEvT_',
    'void take<{enum:unsigned int{enumerator}}>({enum:unsigned int{enumerator}})',
    "void take<'enum:unsigned int{enumerator}'>('enum:unsigned int{enumerator}')",
  ],
  [
    '_Z1fUeN1A1BE3fooS_S0_S1_',
    'f({enum:A::B{foo}}, A, A::B, {enum:A::B{foo}})',
    "f('enum:A::B{foo}', A, A::B, 'enum:A::B{foo}')",
  ],
  // Floating-point values (c++filt 2.40 and 2.47).
  ['_Z2ffILDF16_3c00EEvv', 'void ff<(_Float16)3c00>()', 'void ff<(_Float16)3c00>()'],
  ['_Z2ffILDF16b3fc0EEvv', 'void ff<(std::bfloat16_t)[3fc0]>()', 'void ff<(std::bfloat16_t)3fc0>()'],
  ['_Z2ffILg3fffEEvv', 'void ff<(__float128)[3fff]>()', 'void ff<(__float128)3fff>()'],
  // GCC 15 with ABI version 10, as c++filt 2.40 confirms.
  ['_ZZ1fvE1x_10', 'f()::x', 'f()::x'],
  ['_ZZ1fvE1x_10.llvm.7', 'f()::x [clone .llvm.7]', 'f()::x (.llvm.7)'],
  [
    '_Z1fI1XEv1AIXszcl1gLCf00000000_00000000EEEE',
    'void f<X>(A<sizeof (g((float _Complex)00000000_00000000))>)',
    'void f<X>(A<sizeof (g((float complex)00000000_00000000))>)',
  ],
  // The guard of a reference's temporary, and structured bindings with internal linkage.
  [
    '_ZGVN2TRIiE1rB5cxx11E_',
    'guard variable for reference temporary #0 for TR<int>::r[abi:cxx11]',
    'guard variable for reference temporary for TR<int>::r[abi:cxx11]',
  ],
  ['_ZDCL3sb3L1bE', '[sb3, b]', '[sb3, b]'],
];
