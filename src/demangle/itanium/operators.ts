/**
 * Operator names of the Itanium C++ ABI, section 5.1.3, and the operators of its expressions: how each tool
 * spells the operator, and how many operands it has (0: the production is read by code of its own).
 */
export interface OperatorEntry {
  readonly spelling: string;
  readonly operands: number;
  /** May name a function: `operator+`, but not `operator sizeof`. */
  readonly nameable: boolean;
}

const entry = (spelling: string, operands: number, nameable = true): OperatorEntry => ({
  spelling,
  operands,
  nameable,
});

export const OPERATORS: ReadonlyMap<string, OperatorEntry> = new Map([
  ['aN', entry('&=', 2)],
  ['aS', entry('=', 2)],
  ['aa', entry('&&', 2)],
  ['ad', entry('&', 1)],
  ['an', entry('&', 2)],
  ['at', entry('alignof ', 0, false)],
  ['aw', entry('co_await', 1)],
  ['az', entry('alignof ', 0, false)],
  ['cc', entry('const_cast', 0, false)],
  ['cl', entry('()', 0)],
  ['cm', entry(',', 2)],
  ['co', entry('~', 1)],
  ['cp', entry('()', 0, false)],
  ['cv', entry('', 0, false)],
  ['dV', entry('/=', 2)],
  ['da', entry('delete[]', 0)],
  ['dc', entry('dynamic_cast', 0, false)],
  ['de', entry('*', 1)],
  ['dl', entry('delete', 0)],
  ['ds', entry('.*', 2, false)],
  ['dt', entry('.', 0, false)],
  ['dv', entry('/', 2)],
  ['eO', entry('^=', 2)],
  ['eo', entry('^', 2)],
  ['eq', entry('==', 2)],
  ['ge', entry('>=', 2)],
  ['gt', entry('>', 2)],
  ['ix', entry('[]', 2)],
  ['lS', entry('<<=', 2)],
  ['le', entry('<=', 2)],
  ['ls', entry('<<', 2)],
  ['lt', entry('<', 2)],
  ['mI', entry('-=', 2)],
  ['mL', entry('*=', 2)],
  ['mi', entry('-', 2)],
  ['ml', entry('*', 2)],
  ['mm', entry('--', 1)],
  ['na', entry('new[]', 0)],
  ['ne', entry('!=', 2)],
  ['ng', entry('-', 1)],
  ['nt', entry('!', 1)],
  ['nw', entry('new', 0)],
  ['nx', entry('noexcept', 0, false)],
  ['oR', entry('|=', 2)],
  ['oo', entry('||', 2)],
  ['or', entry('|', 2)],
  ['pL', entry('+=', 2)],
  ['pl', entry('+', 2)],
  ['pm', entry('->*', 2)],
  ['pp', entry('++', 1)],
  ['ps', entry('+', 1)],
  ['pt', entry('->', 2)],
  ['qu', entry('?', 0)],
  ['rM', entry('%=', 2)],
  ['rS', entry('>>=', 2)],
  ['rc', entry('reinterpret_cast', 0, false)],
  ['rm', entry('%', 2)],
  ['rs', entry('>>', 2)],
  ['sc', entry('static_cast', 0, false)],
  ['ss', entry('<=>', 2)],
  ['st', entry('sizeof ', 0, false)],
  ['sz', entry('sizeof ', 0, false)],
  ['te', entry('typeid ', 0, false)],
  ['ti', entry('typeid ', 0, false)],
  ['tr', entry('throw', 0, false)],
  ['tw', entry('throw ', 0, false)],
]);

/** The spelling of the operator with this two-letter code. */
export function spelling(code: string): string {
  return OPERATORS.get(code)?.spelling ?? code;
}
