import { GnuPrinter } from '../../src/demangle/gnu/printer.ts';
import { demangle, Kind, type Node, parse, print, Qualifier } from '../../src/demangle/index.ts';
import { ItaniumGrammar } from '../../src/demangle/itanium/grammar.ts';
import { Node as TreeNode } from '../../src/demangle/node.ts';
import { DEFAULTS } from '../../src/demangle/options.ts';
import { begin } from '../../src/demangle/tree.ts';
import { type Style, TOOLS } from './tools.ts';

/** Names on which a tool is wrong: every difference from a tool must be one of these. */
export interface KnownDifference {
  readonly style: Style;
  /** What the tool does wrong, and by which rule. */
  readonly reason: string;
  /** A name of the kind, and what solder says to it. */
  readonly example: readonly [name: string, ours: string];
  /** `tool` is what the tool printed. */
  applies(name: string, tool: string, ast: Node): boolean;
}

const unchanged = (name: string, tool: string): boolean => name === tool;

/** Whether some node of the tree satisfies a condition. */
function some(ast: Node, condition: (node: Node) => boolean): boolean {
  const seen = new Set<Node>();
  const open: Node[] = [ast];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (condition(node)) return true;
    if (node.left !== undefined) open.push(node.left);
    if (node.right !== undefined) open.push(node.right);
    open.push(...node.items);
  }
  return false;
}

/** The tool does not read names that have a node of such a kind. */
function notRead(
  style: Style,
  reason: string,
  example: readonly [string, string],
  condition: (node: Node) => boolean,
): KnownDifference {
  return {
    style,
    reason,
    example,
    applies: (name, tool, ast) => unchanged(name, tool) && some(ast, condition),
  };
}

/** Notices a node that is printed inside itself, which c++filt does twice at most. */
class ReentryWatch extends GnuPrinter {
  found = false;
  private readonly around: number[] = [];

  protected override print(node: number): void {
    if (this.around.filter((outer) => outer === node).length > 1) this.found = true;
    this.around.push(node);
    super.print(node);
    this.around.pop();
  }
}

function reenters(ast: Node): boolean {
  const isRust = ast.kind === Kind.RustSymbol || ast.kind === Kind.LegacyPath;
  if (isRust || print(ast) === undefined) return false;
  const watch = new ReentryWatch();
  watch.text(TreeNode.load(ast), DEFAULTS);
  return watch.found;
}

class UnboundWatch extends GnuPrinter {
  /** Whether some template parameter had no argument the way c++filt looks for it. */
  foundIn(ast: Node): boolean {
    if (print(ast) === undefined) return false;
    this.text(TreeNode.load(ast), DEFAULTS);
    return this.isLenient;
  }
}

const isConstrained = (node: Node): boolean =>
  node.kind === Kind.Constrained ||
  ((node.kind === Kind.Arguments || node.kind === Kind.Closure) && node.right !== undefined);

const isRustValue = (node: Node): boolean =>
  node.kind === Kind.RustString || node.kind === Kind.RustAggregate || node.kind === Kind.RustVariant;

const hasExplicitObject = (node: Node): boolean =>
  node.kind === Kind.MemberQualified && (node.value & Qualifier.ExplicitObject) !== 0;

const isOperatorMember = (node: Node): boolean =>
  node.kind === Kind.Binary &&
  /^[dp]t$/.test(node.text) &&
  some(node.right!, ({ kind }) => kind === Kind.OperatorName);

/** A closure that is no part of a name: it stands in a signature outside of functions and classes. */
const holdsBareClosure = (node: Node): boolean =>
  ![Kind.Qualified, Kind.Local, Kind.DefaultArgument, Kind.MemberQualified].some(
    (kind) => kind === node.kind,
  ) && [node.left, node.right, ...node.items].some((part) => part?.kind === Kind.Closure);

const isEmptyLiteral = (node: Node): boolean =>
  node.kind === Kind.Literal && node.text === '' && node.left?.kind === Kind.Name;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  notRead(
    'gnu',
    'c++filt takes the suffix of an optimiser after functions only, but Clang and GCC give it to variables too',
    ['_ZL5table.llvm.123', 'table [clone .llvm.123]'],
    (node) => node.kind === Kind.Clone && node.left?.kind !== Kind.Encoding,
  ),
  {
    style: 'gnu',
    reason:
      'c++filt expects a plain number in GR; the ABI (section 5.1.4.5) has a sequence number that ends in _',
    example: ['_ZGRN1A1xE0_', 'reference temporary #1 for A::x'],
    applies: (name, tool) => unchanged(name, tool) && name.startsWith('_ZGR'),
  },
  notRead(
    'gnu',
    'c++filt 2.40 does not know declarations of template parameters in front of arguments (section 5.1.5.8)',
    ['_Z1fITnDaLi1EEvv', 'void f<1>()'],
    (node) => node.kind === Kind.DeclaredArgument,
  ),
  notRead(
    'gnu',
    'c++filt 2.40 does not know parameters of enclosing functions (fL, section 5.1.6.1)',
    ['_Z1fIiEvDTfL0p_E', 'void f<int>(decltype ({parm#1}))'],
    (node) => node.kind === Kind.FunctionParameter && node.text !== '',
  ),
  {
    style: 'gnu',
    reason:
      'c++filt counts one digit too few of Rust constants of more than 64 bits: it drops the first and ' +
      'prints the underscore that ends them (RFC 2603, const-data)',
    example: [
      '_RINvC1a1fKo80000000000000000000000000000000_E',
      'a[0]::f::<0x80000000000000000000000000000000: u128>',
    ],
    applies: (_name, tool, ast) =>
      /0x[0-9a-f]+_/.test(tool) &&
      some(ast, (node) => node.kind === Kind.RustConstant && node.text.length > 16),
  },
  {
    style: 'gnu',
    reason:
      'c++filt reads the type of alignof (at) as an expression, so that it numbers substitutions otherwise',
    example: ['_Z1fIlEDTatT_ES0_', 'decltype (alignof (long)) f<long>(long)'],
    applies: (_name, _tool, ast) => some(ast, (node) => node.kind === Kind.Query && node.text === 'at'),
  },
  notRead(
    'gnu',
    'c++filt does not know blocks of Clang',
    ['___Z1fv_block_invoke_2', 'invocation function for block in f()'],
    (node) =>
      (node.kind === Kind.Special && node.text === 'block') ||
      (node.kind === Kind.Name && node.text === "'block-literal'"),
  ),
  notRead(
    'gnu',
    'c++filt 2.40 does not know _BitInt (DB, DU; section 5.1.5.2)',
    ['_Z1fDB7_DU33_', 'f(_BitInt(7), unsigned _BitInt(33))'],
    (node) => node.kind === Kind.BitInt,
  ),
  notRead(
    'gnu',
    'c++filt does not know the attribute enable_if of Clang',
    ['_Z1fUa9enable_ifIXLi1EEEi', 'f [enable_if:1](int)'],
    (node) => node.kind === Kind.EnableIf,
  ),
  {
    style: 'gnu',
    reason:
      'c++filt counts vendor qualifiers and the cv-qualifiers after them as two substitutions, not as one',
    example: ['_Z1fPU3AS1KiS0_', 'f(int const AS1*, int const AS1*)'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.VendorQualified && node.left?.kind === Kind.CvQualified),
  },
  {
    style: 'gnu',
    reason: 'c++filt gives up when a type stands inside itself a third time, as closures in closures do',
    example: [
      '_ZN4llvm15unique_functionIFvNS_3orc6shared21WrapperFunctionBufferEEEC2IZNS1_22ExecutorProcessCon' +
        'trol9RunAsTaskclIZNS2_15WrapperFunctionIFNS2_8SPSErrorENS2_15SPSExecutorAddrENS2_11SPSSequenceIS' +
        'C_EEEE9callAsyncIZNS7_19callSPSWrapperAsyncISF_S8_ZNS1_30EPCGenericJITLinkMemoryManager13InFligh' +
        'tAlloc7abandonENS0_IFvNS_5ErrorEEEEEUlSL_SL_E_JNS1_12ExecutorAddrENS_8ArrayRefISP_EEEEEvOT0_SP_O' +
        'T1_DpRKT2_EUlOT_PKcmE_SO_JSP_SR_EEEvS11_ST_DpRKT1_EUlS3_E_EENS7_18IncomingWFRHandlerES11_EUlS3_E' +
        '_EES10_PNSt9enable_ifIXntsr3std7is_sameINS_12remove_cvrefIS10_E4typeES5_EE5valueEvE4typeEPNS1C_I' +
        'Xsr3std11disjunctionISt7is_voidIvESt7is_sameIDTclclsr3stdE7declvalIS10_EEclL_ZSt7declvalIS3_EDTc' +
        'l9__declvalIS10_ELi0EEEvEEEEvES1L_IKS1O_vESt14is_convertibleIS1O_vEEE5valueEvE4typeE',
      'llvm::unique_function<void (llvm::orc::shared::WrapperFunctionBuffer)>::unique_function<llvm::or' +
        'c::ExecutorProcessControl::RunAsTask::operator()<llvm::orc::shared::WrapperFunction<llvm::orc::s' +
        'hared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::s' +
        'hared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm' +
        '::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm' +
        '::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGe' +
        'nericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{l' +
        'ambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorA' +
        'ddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGe' +
        'nericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{l' +
        'ambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::' +
        'ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}, llvm::orc::EPCGenericJI' +
        'TLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(l' +
        'lvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(' +
        'llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::s' +
        'hared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llv' +
        'm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAl' +
        'loc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, l' +
        'lvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessCont' +
        'rol::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAl' +
        'loc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&,' +
        ' llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1' +
        '&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc:' +
        ':ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(llvm::orc::shared' +
        '::WrapperFunctionBuffer)#1}>(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::s' +
        'hared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::s' +
        'hared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJIT' +
        'LinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(ll' +
        'vm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(l' +
        'lvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJIT' +
        'LinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(ll' +
        'vm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::Executor' +
        'Addr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&)::{lambda(llvm::orc::shared::W' +
        'rapperFunctionBuffer)#1}>(llvm::orc::ExecutorProcessControl::RunAsTask::operator()<llvm::orc::sh' +
        'ared::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc' +
        '::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProces' +
        'sControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, l' +
        'lvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessCo' +
        'ntrol::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique' +
        '_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, l' +
        'lvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::o' +
        'rc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique' +
        '_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr ' +
        'const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned' +
        ' long)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_functi' +
        'on<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::Ar' +
        'rayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::o' +
        'rc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::o' +
        'rc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGener' +
        'icJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lamb' +
        'da(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr' +
        '> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGener' +
        'icJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lamb' +
        'da(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::Exe' +
        'cutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProce' +
        'ssControl::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> ' +
        'const&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>(llvm::orc::shared::WrapperFunctio' +
        'n<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequenc' +
        'e<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessControl::callSPSWra' +
        'pperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SP' +
        'SSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, ll' +
        'vm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm' +
        '::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::' +
        'orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, ll' +
        'vm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm' +
        '::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayR' +
        'ef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}, llvm::orc' +
        '::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error' +
        ')>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::Ex' +
        'ecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError' +
        ' (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecu' +
        'torAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManag' +
        'er::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm' +
        '::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::Execu' +
        'torProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManag' +
        'er::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm' +
        '::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::' +
        '{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessControl::RunAsTask' +
        '&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(llv' +
        'm::orc::shared::WrapperFunctionBuffer)#1}&&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#' +
        '1}, std::enable_if<!std::is_same<llvm::remove_cvref<llvm::orc::ExecutorProcessControl::RunAsTask' +
        '::operator()<llvm::orc::shared::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::' +
        'SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync' +
        '<llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::' +
        'shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), ll' +
        'vm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightA' +
        'lloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, ' +
        'llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessCon' +
        'trol::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightA' +
        'lloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&' +
        ', llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:' +
        '1&&, char const*, unsigned long)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::a' +
        'bandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::o' +
        'rc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::c' +
        'allSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::s' +
        'hared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunA' +
        'sTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<v' +
        'oid (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayR' +
        'ef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::Executo' +
        'rAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<v' +
        'oid (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llv' +
        'm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&' +
        ', llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef' +
        '<llvm::orc::ExecutorAddr> const&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>(llvm::o' +
        'rc::shared::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llv' +
        'm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::Executor' +
        'ProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorA' +
        'ddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorPro' +
        'cessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::' +
        'unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorA' +
        'ddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, l' +
        'lvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::' +
        'unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::Executo' +
        'rAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, un' +
        'signed long)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_' +
        'function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, ll' +
        'vm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<l' +
        'lvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<l' +
        'lvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EP' +
        'CGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>):' +
        ':{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::Execut' +
        'orAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EP' +
        'CGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>):' +
        ':{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::or' +
        'c::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::Executo' +
        'rProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::Executor' +
        'Addr> const&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}&&)::{lambda(llvm::orc::share' +
        'd::WrapperFunctionBuffer)#1}>::type, llvm::unique_function<void (llvm::orc::shared::WrapperFunct' +
        'ionBuffer)> >::value, void>::type*, std::enable_if<std::disjunction<std::is_void<void>, std::is_' +
        'same<decltype (((std::declval<llvm::orc::ExecutorProcessControl::RunAsTask::operator()<llvm::orc' +
        '::shared::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm:' +
        ':orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorPr' +
        'ocessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAdd' +
        'r, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProce' +
        'ssControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::un' +
        'ique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAdd' +
        'r, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llv' +
        'm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::un' +
        'ique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorA' +
        'ddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsi' +
        'gned long)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_fu' +
        'nction<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm' +
        '::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llv' +
        'm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llv' +
        'm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCG' +
        'enericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{' +
        'lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::Executor' +
        'Addr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCG' +
        'enericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{' +
        'lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc:' +
        ':ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorP' +
        'rocessControl::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAd' +
        'dr> const&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>(llvm::orc::shared::WrapperFun' +
        'ction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSeq' +
        'uence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessControl::callSP' +
        'SWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared' +
        '::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask' +
        ', llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (' +
        'llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<ll' +
        'vm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr' +
        ', llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (' +
        'llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::Ar' +
        'rayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}, llvm:' +
        ':orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::E' +
        'rror)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc' +
        '::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSE' +
        'rror (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSE' +
        'xecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryM' +
        'anager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, ' +
        'llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::E' +
        'xecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryM' +
        'anager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, ' +
        'llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const' +
        '&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessControl::RunAs' +
        'Task&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda' +
        '(llvm::orc::shared::WrapperFunctionBuffer)#1}&&)::{lambda(llvm::orc::shared::WrapperFunctionBuff' +
        'er)#1}>)())((std::declval<llvm::orc::shared::WrapperFunctionBuffer>)())), void>, std::is_same<de' +
        'cltype (((std::declval<llvm::orc::ExecutorProcessControl::RunAsTask::operator()<llvm::orc::share' +
        'd::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::s' +
        'hared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessCo' +
        'ntrol::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm' +
        '::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessContr' +
        'ol::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_fu' +
        'nction<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm' +
        '::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc:' +
        ':ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_fu' +
        'nction<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr con' +
        'st&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned lo' +
        'ng)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<' +
        'void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::Array' +
        'Ref<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc:' +
        ':shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc:' +
        ':shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJ' +
        'ITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(' +
        'llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >' +
        '(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJ' +
        'ITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(' +
        'llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::Execut' +
        'orAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessC' +
        'ontrol::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> con' +
        'st&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>(llvm::orc::shared::WrapperFunction<l' +
        'lvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<l' +
        'lvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessControl::callSPSWrappe' +
        'rAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSe' +
        'quence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm:' +
        ':orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::E' +
        'rror)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc' +
        '::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm:' +
        ':orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::E' +
        'rror)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<' +
        'llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}, llvm::orc::E' +
        'PCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)' +
        '::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::Execu' +
        'torAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (l' +
        'lvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutor' +
        'Addr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager:' +
        ':InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::E' +
        'rror)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::Executor' +
        'ProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager:' +
        ':InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::E' +
        'rror)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{la' +
        'mbda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessControl::RunAsTask&&,' +
        ' llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(llvm::' +
        'orc::shared::WrapperFunctionBuffer)#1}&&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>' +
        ')())((std::declval<llvm::orc::shared::WrapperFunctionBuffer>)())) const, void>, std::is_converti' +
        'ble<decltype (((std::declval<llvm::orc::ExecutorProcessControl::RunAsTask::operator()<llvm::orc:' +
        ':shared::WrapperFunction<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::' +
        'orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorPro' +
        'cessControl::callSPSWrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr' +
        ', llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProces' +
        'sControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::uni' +
        'que_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr' +
        ', llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm' +
        '::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::uni' +
        'que_function<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAd' +
        'dr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsig' +
        'ned long)#1}, llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_fun' +
        'ction<void (llvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm:' +
        ':ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm' +
        '::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm' +
        '::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGe' +
        'nericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{l' +
        'ambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorA' +
        'ddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGe' +
        'nericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{l' +
        'ambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::' +
        'ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorPr' +
        'ocessControl::RunAsTask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAdd' +
        'r> const&)::{lambda(llvm::orc::shared::WrapperFunctionBuffer)#1}>(llvm::orc::shared::WrapperFunc' +
        'tion<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequ' +
        'ence<llvm::orc::shared::SPSExecutorAddr>)>::callAsync<llvm::orc::ExecutorProcessControl::callSPS' +
        'WrapperAsync<llvm::orc::shared::SPSError (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared:' +
        ':SPSSequence<llvm::orc::shared::SPSExecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask,' +
        ' llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (l' +
        'lvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llv' +
        'm::orc::ExecutorAddr> >(llvm::orc::ExecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr,' +
        ' llvm::orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (l' +
        'lvm::Error)>)::{lambda(llvm::Error, llvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::Arr' +
        'ayRef<llvm::orc::ExecutorAddr> const&)::{lambda(auto:1&&, char const*, unsigned long)#1}, llvm::' +
        'orc::EPCGenericJITLinkMemoryManager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Er' +
        'ror)>)::{lambda(llvm::Error, llvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc:' +
        ':ExecutorAddr> >(llvm::orc::ExecutorProcessControl::callSPSWrapperAsync<llvm::orc::shared::SPSEr' +
        'ror (llvm::orc::shared::SPSExecutorAddr, llvm::orc::shared::SPSSequence<llvm::orc::shared::SPSEx' +
        'ecutorAddr>), llvm::orc::ExecutorProcessControl::RunAsTask, llvm::orc::EPCGenericJITLinkMemoryMa' +
        'nager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, l' +
        'lvm::Error)#1}, llvm::orc::ExecutorAddr, llvm::ArrayRef<llvm::orc::ExecutorAddr> >(llvm::orc::Ex' +
        'ecutorProcessControl::RunAsTask&&, llvm::orc::ExecutorAddr, llvm::orc::EPCGenericJITLinkMemoryMa' +
        'nager::InFlightAlloc::abandon(llvm::unique_function<void (llvm::Error)>)::{lambda(llvm::Error, l' +
        'lvm::Error)#1}&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&' +
        ')::{lambda(auto:1&&, char const*, unsigned long)#1}&&, llvm::orc::ExecutorProcessControl::RunAsT' +
        'ask&&, llvm::orc::ExecutorAddr const&, llvm::ArrayRef<llvm::orc::ExecutorAddr> const&)::{lambda(' +
        'llvm::orc::shared::WrapperFunctionBuffer)#1}&&)::{lambda(llvm::orc::shared::WrapperFunctionBuffe' +
        'r)#1}>)())((std::declval<llvm::orc::shared::WrapperFunctionBuffer>)())), void> >::value, void>::' +
        'type*)',
    ],
    applies: (name, tool, ast) => unchanged(name, tool) && reenters(ast),
  },
  {
    style: 'gnu',
    reason:
      'c++filt takes the comma before empty packs back, unless its buffer of 256 characters was written out ' +
      'in between',
    example: [
      '_Z3stdlFZNV4typeB3tagcvjEvEUlVKCdE_ZN3BarILb0ELi53EXtlSost3_x1ILt65EiEfp0_EEE3std3_x14type' +
        'EiMZ3BarILj41EJEEVKDuDpOT0_DpT0_DpRT0_EUlPDv4_fE_iEUlDv4_iE_OxE',
      'std(long, type[abi:tag]::operator unsigned int() volatile::{lambda(double _Complex const v' +
        'olatile)#1} (Bar<false, 53, std::basic_ostream<char, std::char_traits<char> >{sizeof (_x1<' +
        '(unsigned short)65, int>), {parm#2}}>::std::_x1::type(int, int Bar<41u>()::{lambda(float _' +
        '_vector(4)*)#1}::*)::{lambda(int __vector(4))#1}, long long&&))',
    ],
    applies: (name, tool) =>
      tool.includes(', ') &&
      tool.length > 256 &&
      tool.length > demangle(name).length &&
      tool.replaceAll(', ', '') === demangle(name).replaceAll(', ', ''),
  },
  {
    style: 'gnu',
    reason: 'c++filt takes the cv of a conversion operator in a name inside an expression for a cast',
    example: ['_Z1fIXtlZN1AcviEvEUlvE_EEEvv', 'void f<A::operator int()::{lambda()#1}{}>()'],
    applies: (name, tool, ast) =>
      unchanged(name, tool) &&
      some(ast, (node) => isExpression(node) && some(node, (inner) => inner.kind === Kind.Conversion)),
  },
  notRead(
    'gnu',
    'c++filt 2.40 does not know constraints (Q, section 5.1.5.8)',
    ['_Z1fIiEvT_Q1CIS0_E', 'void f<int>(int) requires C<int>'],
    isConstrained,
  ),
  notRead(
    'gnu',
    'c++filt 2.40 does not know constrained auto (Dk, section 5.1.5)',
    ['_Z1fIiEDk1CT_', 'C auto f<int>(int)'],
    (node) => node.kind === Kind.ConstrainedAuto,
  ),
  notRead(
    'gnu',
    'c++filt 2.40 does not know explicit object parameters (H, section 5.1.4.1)',
    ['_ZNH1A1fES_', 'A::f(this A)'],
    hasExplicitObject,
  ),
  notRead(
    'gnu',
    'c++filt does not know subobjects (so, section 5.1.6.2)',
    ['_Z1fIXadsoiL_Z1gE4EEEvv', 'void f<&(g.<4>)>()'],
    (node) => node.kind === Kind.Subobject,
  ),
  notRead(
    'gnu',
    'c++filt does not know typeid and names of destructors in expressions (ti, te, dn, section 5.1.6)',
    ['_Z1fIiEDTcldtfp_dnT_EES0_', 'decltype (({parm#1}.~int)()) f<int>(int)'],
    (node) => node.kind === Kind.DestructorName || (node.kind === Kind.Query && /^t[ie]$/.test(node.text)),
  ),
  notRead(
    'gnu',
    'c++filt takes a closure (Ul) that is a whole type for a vendor qualifier',
    ['_Z1fIUlvE_Evv', 'void f<{lambda()#1}>()'],
    holdsBareClosure,
  ),
  notRead(
    'gnu',
    'c++filt does not know closures of Clang without a value in expressions',
    ['_Z1fIiEvDTL3$_0EE', 'void f<int>(decltype ($_0))'],
    isEmptyLiteral,
  ),
  notRead(
    'gnu',
    'c++filt does not find the template arguments of an inherited constructor, as Clang writes them',
    ['_ZN1ACI11BIiEEPT_', 'A::B(int*)'],
    (node) => node.kind === Kind.Constructor && node.right?.kind === Kind.Template,
  ),
  {
    style: 'gnu',
    reason: 'c++filt takes the return type of a template in a default argument for its first parameter',
    example: [
      '_ZZ1fiEd_NKUlT_E_clIlEEDaS_',
      'auto f(int)::{default arg#1}::{lambda(auto:1)#1}::operator()<long>(long) const',
    ],
    applies: (_name, tool, ast) =>
      tool.includes('{default arg#') &&
      some(ast, (node) => node.kind === Kind.DefaultArgument && some(node, isTemplate)),
  },
  {
    style: 'gnu',
    reason: 'c++filt counts an unnamed type in a nested name as two substitutions, not as one',
    example: ['_Z1fN1AUt_E1BS1_', 'f(A::{unnamed type#1}, B, B)'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.Qualified && node.right?.kind === Kind.UnnamedType),
  },
  {
    style: 'gnu',
    reason: 'c++filt knows only ASCII behind the escape `$u` in legacy names of Rust',
    example: ['_ZN1a6g$uf6$1b17h0123456789abcdefE', 'a::g\u00f6::b::h0123456789abcdef'],
    applies: (_name, tool) => /\$u(?:[89a-f][0-9a-f]|[0-9a-f]{3,})\$/.test(tool),
  },
  notRead(
    'gnu',
    'c++filt does not know strings, aggregates and variants as constants of Rust (nightly compilers make them)',
    ['_RINvC1m1aKAh1_h2_EE', 'm[0]::a::<{[1, 2]}>'],
    isRustValue,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt does not know strings, aggregates and variants as constants of Rust (nightly compilers make them)',
    ['_RINvC1m1aKAh1_h2_EE', 'm::a::<{[1, 2]}>'],
    isRustValue,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know modules (section 5.1.11)',
    ['_ZW3foo1fv', 'f@foo()'],
    (node) => node.kind === Kind.ModuleName,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know _BitInt (DB, DU; section 5.1.5.2)',
    ['_Z1fDB7_DU33_', 'f(_BitInt(7), unsigned _BitInt(33))'],
    (node) => node.kind === Kind.BitInt,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 knows no literals of types with two letters but LDnE; GCC writes a null pointer as LDn0E',
    ['_Z1fILDn0ELDu97EEvv', 'void f<nullptr, (char8_t)97>()'],
    (node) =>
      node.kind === Kind.Literal && /^(decltype\(nullptr\)|char(8|16|32)_t)$/.test(node.left?.text ?? ''),
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know constraints (Q, section 5.1.5.8)',
    ['_Z1fIiEvT_Q1CIS0_E', 'void f<int>(int) requires C<int>'],
    isConstrained,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know constrained auto (Dk, section 5.1.5)',
    ['_Z1fIiEDk1CT_', 'C auto f<int>(int)'],
    (node) => node.kind === Kind.ConstrainedAuto,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know explicit object parameters (H, section 5.1.4.1)',
    ['_ZNH1A1fES_', 'A::f(this A)'],
    hasExplicitObject,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt takes a closure (Ul) that is a whole type for a vendor qualifier',
    ['_Z1fIUlvE_Evv', "void f<'lambda'()>()"],
    holdsBareClosure,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt does not know closures of Clang without a value in expressions',
    ['_Z1fIiEvDTL3$_0EE', 'void f<int>(decltype(($_0)))'],
    isEmptyLiteral,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt reads a long double only as the machine has it that it was built for, here of ten bytes',
    [
      '_Z1fILe3fff0000000000000000000000000000EEvv',
      'void f<(long double)3fff0000000000000000000000000000>()',
    ],
    (node) => node.kind === Kind.Literal && node.left?.text === 'long double' && node.text.length !== 20,
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know the operator co_await, nor operators as members without `on`, as GCC writes them',
    ['_Z1fI1AEDTcldtfp_plfp_EET_', 'decltype(fp.operator+(fp)) f<A>(A)'],
    (node) => (node.kind === Kind.Operator && node.text === 'aw') || isOperatorMember(node),
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know folds over ->*',
    ['_Z1fIJiEEDTfrpmfp_EDpT_', 'decltype(((fp...) ->* ...)) f<int>(int)'],
    (node) => node.kind === Kind.Fold && node.items[0]?.text === 'pm',
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know std::bfloat16_t (DF16b, section 5.1.5.2)',
    ['_Z1fPDF16b', 'f(std::bfloat16_t*)'],
    (node) => node.kind === Kind.Builtin && node.text === 'std::bfloat16_t',
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know _Float32x and _Float64x (DF <number> x, section 5.1.5.2)',
    ['_ZTIDF32x', 'typeinfo for _Float32x'],
    (node) => node.kind === Kind.Builtin && /^_Float\d+x$/.test(node.text),
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt finds blocks of Clang only behind `___Z`, which those in the initializers of variables lack',
    ['_ZL1b_block_invoke_2', 'invocation function for block in b'],
    (node) => node.kind === Kind.Special && node.text === 'block',
  ),
  {
    style: 'llvm',
    reason:
      'llvm-cxxfilt does not count the class of an inherited constructor as a substitution (CI, section 5.1.4.3)',
    example: ['_ZN1ACI1N1n1BEEPiPS1_', 'A::A(int*, n::B*)'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.Constructor && node.right !== undefined),
  },
  {
    style: 'llvm',
    reason: 'llvm-cxxfilt 14 does not count a template template parameter as a substitution',
    example: ['_Z1fI4ListJicEEvT_IJDpT0_EEDpOS2_', 'void f<List, int, char>(List<int, char>, int&&, char&&)'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.Template && node.left?.kind === Kind.TemplateParameter),
  },
  {
    style: 'llvm',
    reason: 'llvm-cxxfilt 14 prints no name for constructors and destructors of a class with an ABI tag',
    example: ['_ZN1AB3tagC2Ev', 'A[abi:tag]::A()'],
    applies: (_name, tool, ast) =>
      /::~?[([<]/.test(tool) &&
      some(ast, (node) => node.kind === Kind.AbiTag && isClassOfStructor(ast, node)),
  },
  notRead(
    'llvm',
    'llvm-cxxfilt does not know the clones of transactional memory (GTt, GTn), which GCC makes',
    ['_ZGTt1fv', 'transaction clone for f()'],
    (node) => node.kind === Kind.Special && node.text.startsWith('GT'),
  ),
  notRead(
    'llvm',
    'llvm-cxxfilt 14 does not know declarations of template parameters in front of arguments (section 5.1.5.8)',
    ['_Z1fITnDaLi1EEvv', 'void f<1>()'],
    (node) => node.kind === Kind.DeclaredArgument,
  ),
  {
    style: 'llvm',
    reason: 'llvm-cxxfilt reads `sr` only as the ABI has it today; GCC writes `sr`, a whole type and a name',
    example: ['_Z1fIiEvN1AIXsrSt7is_voidIT_E5valueEE1bE', 'void f<int>(A<std::is_void<int>::value>::b)'],
    applies: (name, tool, ast) =>
      unchanged(name, tool) && /sr(St|N|\d)/.test(name) && some(ast, (node) => node.kind === Kind.Qualified),
  },
  notRead(
    'llvm',
    'llvm-cxxfilt expects no template arguments after a substitution in the type of a conversion operator',
    ['_ZN1AcvN1n1BISaIcEEEEv', 'A::operator n::B<std::allocator<char> >()'],
    (node) =>
      node.kind === Kind.Conversion &&
      node.left !== undefined &&
      some(node.left, (inner) => inner.kind === Kind.Template),
  ),
  {
    style: 'llvm',
    reason: 'llvm-cxxfilt drops the right half of the type of a named cast: `static_cast<int [3]>`',
    example: ['_Z1fIiEvDTscPA3_iLi0EE', 'void f<int>(decltype(static_cast<int (*) [3]>(0)))'],
    applies: (_name, _tool, ast) =>
      some(
        ast,
        (node) =>
          node.kind === Kind.NamedCast &&
          node.left !== undefined &&
          some(node.left, (type) => type.kind === Kind.Array || type.kind === Kind.Function),
      ),
  },
  {
    style: 'gnu',
    reason: 'c++filt does not know conversions of pointers to members (mc, section 5.1.6.2)',
    example: ['_Z1fIXmcM1DiadL_ZN1A1xEEEEEvv', 'void f<(int D::*)(&A::x)>()'],
    applies: (name, tool) => unchanged(name, tool) && name.includes('mcM'),
  },
  notRead(
    'gnu',
    'c++filt does not know __uuidof the way Clang wrote it up to version 11',
    ['_Z1fI1UE1IIXszu8__uuidoftT_EES2_', 'I<sizeof (__uuidof(U))> f<U>(U)'],
    (node) => node.kind === Kind.VendorExpression && node.text === '__uuidof',
  ),
  notRead(
    'gnu',
    'c++filt knows no capital letters in the suffixes of optimisers, which Clang writes for versions of functions',
    ['_Z1fi._MsbMsimd', 'f(int) [clone ._MsbMsimd]'],
    (node) => node.kind === Kind.Clone && /[A-Z]/.test(node.text),
  ),
  {
    style: 'gnu',
    reason: 'c++filt takes the first parameter of a constructor template with an ABI tag for a return type',
    example: ['_ZN1AIiEC2B3tagIlEET_S2_', 'A<int>::A[abi:tag]<long>(long, long)'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.AbiTag && some(node, ({ kind }) => kind === Kind.Constructor)),
  },
  {
    style: 'gnu',
    reason: "c++filt takes the template arguments of a vendor's type for an argument pack",
    example: ['_Z1fI1AIu5traitIiEEEvv', 'void f<A<trait<int> > >()'],
    applies: (_name, _tool, ast) =>
      some(ast, (node) => node.kind === Kind.VendorType && node.right !== undefined),
  },
  {
    style: 'gnu',
    reason:
      'c++filt looks for the arguments of template parameters only while it prints, and finds none for some',
    example: ['_ZNO1AcvN1n1BIT_EEB3tagIiEEv', 'A::operator n::B<int>[abi:tag]<int>() &&'],
    applies: (name, tool, ast) => unchanged(name, tool) && new UnboundWatch().foundIn(ast),
  },
  ...(['gnu', 'llvm'] as const).map(
    (style): KnownDifference => ({
      style,
      reason: `${TOOLS[style]} takes the attribute pass_object_size of Clang for a qualifier of the next parameter`,
      example: [
        '_ZL8snprintfPcU17pass_object_size1mPKcz',
        'snprintf(char* pass_object_size1, unsigned long, char const*, ...)',
      ],
      applies: (_name, _tool, ast) =>
        some(
          ast,
          (node) => node.kind === Kind.VendorQualified && /^pass_(dynamic_)?object_size/.test(node.text),
        ),
    }),
  ),
  notRead(
    'llvm',
    "llvm-cxxfilt 14 does not know the template arguments of a vendor's type",
    ['_Z2utI1EEvu17__underlying_typeIT_E', 'void ut<E>(__underlying_type(E))'],
    (node) => node.kind === Kind.VendorType && node.right !== undefined,
  ),
  {
    style: 'llvm',
    reason: 'llvm-cxxfilt does not know argument packs as GCC wrote them before version 4.6 (I for J)',
    example: ['_Z1fIIiEEvDpT_', 'void f<int>(int)'],
    applies: (name, tool, ast) =>
      unchanged(name, tool) &&
      (name.includes('II') || !name.includes('J')) &&
      some(ast, (node) => node.kind === Kind.Arguments && node.value === 1),
  },
  ...(['gnu', 'llvm'] as const).map(
    (style): KnownDifference => ({
      style,
      reason: `${TOOLS[style]} counts the variable that a closure initializes (M) as GCC does since version 13`,
      example:
        style === 'gnu'
          ? ['_ZNK1lMUlT_E_clIiEEDaS_', 'auto l::{lambda(auto:1)#1}::operator()<int>(int) const']
          : ['_ZNK1lMUlT_E_clIiEEDaS_', "auto l::'lambda'(auto)::operator()<int>(auto) const"],
      applies: (name) => name.includes('MUl') && readsUncounted(name, style),
    }),
  ),
  ...(['gnu', 'llvm'] as const).flatMap((style): readonly KnownDifference[] => [
    {
      style,
      reason: `${TOOLS[style]} takes the local type of a value (LZ) for a function`,
      example: ['_Z1fILZ1gvE1E2EEvv', 'void f<(g()::E)2>()'],
      applies: (name, tool, ast) =>
        unchanged(name, tool) &&
        some(ast, (node) => node.kind === Kind.Literal && node.left?.kind === Kind.Local),
    },
    notRead(
      style,
      `${TOOLS[style]} does not know guards of the temporaries of references (GV, a name and a sequence number)`,
      [
        '_ZGV1r_',
        style === 'gnu'
          ? 'guard variable for reference temporary #0 for r'
          : 'guard variable for reference temporary for r',
      ],
      (node) => node.kind === Kind.Special && node.text === 'GV' && node.left?.text === 'GR',
    ),
    {
      style,
      reason: `${TOOLS[style]} does not know structured bindings with internal linkage (L in DC), as GCC has them`,
      example: ['_ZDCL1aL1bE', '[a, b]'],
      applies: (name, tool) => unchanged(name, tool) && name.includes('DCL'),
    },
  ]),
  notRead(
    'llvm',
    'llvm-cxxfilt does not know values of floating-point types with longer codes (DF) or of __float128',
    ['_Z1fILDF16_3c00EEvv', 'void f<(_Float16)3c00>()'],
    (node) => node.kind === Kind.Literal && /^(_Float|std::bf|__float128)/.test(node.left?.text ?? ''),
  ),
  ...(['gnu', 'llvm'] as const).map((style) =>
    notRead(
      style,
      `${TOOLS[style]}${style === 'gnu' ? ' 2.40' : ''} does not know unnamed enumerations by their first enumerator (Ue), as GCC 16 has them`,
      ['_Z1fUej3one', style === 'gnu' ? 'f({enum:unsigned int{one}})' : "f('enum:unsigned int{one}')"],
      (node) => node.kind === Kind.UnnamedType && node.left !== undefined,
    ),
  ),
];

/** Whether a name makes sense only when the variable that a closure initializes is no substitution. */
function readsUncounted(name: string, style: Style): boolean {
  const grammar = new ItaniumGrammar();
  grammar.symbol(begin(name), 2, style);
  return !grammar.countsMembers;
}

function isClassOfStructor(ast: Node, tag: Node): boolean {
  return some(ast, (node) => {
    const structor = node.kind === Kind.Constructor || node.kind === Kind.Destructor;
    return structor && node.left !== undefined && some(node.left, (inner) => inner === tag);
  });
}

const isTemplate = (node: Node): boolean => node.kind === Kind.Template;

function isExpression(node: Node): boolean {
  return node.kind >= Kind.Literal && node.kind <= Kind.Delete;
}

/** The rule that explains why a tool printed something else for a name. */
export function explain(style: Style, name: string, tool: string): KnownDifference | undefined {
  const result = parse(name, style);
  // What a tool reads is never excused by what it would do wrong.
  if (!('ast' in result) || demangle(name, { style }) === name) return undefined;
  return KNOWN_DIFFERENCES.find((known) => known.style === style && known.applies(name, tool, result.ast));
}
