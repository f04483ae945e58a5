import type { Finding } from '../../model/index.ts';
import {
  type Assignment,
  differing,
  LINKERS,
  type LinkerName,
  nodePatterns,
  type Pattern,
  type PredictedLink,
  predictLink,
  predictOther,
  type ReadSymbol,
  type VersionScript,
} from '../../script/index.ts';
import {
  nodeFacts,
  otherRefusals,
  patternFacts,
  programName,
  refusalFinding,
  scriptFinding,
  scriptRemarks,
  withoutLocal,
} from './lint-script.ts';
import { type PatternFacts, type ScriptFacts, type ScriptSymbol, versionedName } from './script-facts.ts';

/** One object, library or member of an archive, with the symbols that a script could assign. */
export interface ScriptInput {
  readonly path: string;
  readonly linked: boolean;
  readonly symbols: readonly ReadSymbol[];
}

export interface ScriptTest {
  readonly facts: ScriptFacts;
  readonly findings: readonly Finding[];
}

/** Names listed in one finding. */
const SHOWN = 10;

/** What one linker would make of scripts and objects, and what of it is hardly meant. */
export function testScripts(
  scripts: readonly VersionScript[],
  inputs: readonly ScriptInput[],
  linker: LinkerName,
): ScriptTest {
  const symbols = inputs.flatMap((input) => input.symbols);
  // In the order of the assignments, which are one for each definition.
  const objects = inputs.flatMap(({ path, symbols: own }) =>
    own.filter(({ defined }) => defined).map(() => path),
  );
  const link = predictLink(scripts, symbols, linker);
  const factsOf = memoized(patternFacts);
  const facts: ScriptFacts = {
    linker,
    refused: link.refusals.length > 0,
    nodes: nodeFacts(scripts),
    symbols: link.assignments.map((assignment, index) => symbolFacts(assignment, objects[index]!, factsOf)),
  };
  const withSymver = new Set(symbols.filter(({ symver }) => symver !== undefined).map(({ name }) => name));
  // One name in two nodes is right where the object itself says which is which.
  const remarks = scriptRemarks(scripts).filter(
    ({ kind, subject }) => kind !== 'script.assigned-twice' || !withSymver.has(subject),
  );
  return {
    facts,
    findings: [
      ...link.refusals.map((refusal) => refusalFinding(linker, refusal)),
      ...remarks,
      ...unmatched(scripts, link),
      ...unnamed(scripts, link),
      ...(inputs.every(({ linked }) => linked) ? differences(link, inputs) : []),
      ...otherResults(scripts, symbols, link, linker),
    ],
  };
}

function memoized<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(key)));
    return value;
  };
}

function symbolFacts(
  { symbol: { name }, exported, version, isDefault, reason, pattern }: Assignment,
  object: string,
  patternFacts: (pattern: Pattern) => PatternFacts,
): ScriptSymbol {
  return {
    name,
    object,
    exported,
    ...(version === undefined ? {} : { version }),
    isDefault,
    reason,
    ...(pattern === undefined ? {} : { pattern: patternFacts(pattern) }),
  };
}

/** Patterns that take nothing: exact names are mistakes more often than wildcards. */
function unmatched(scripts: readonly VersionScript[], { assignments, assigner }: PredictedLink): Finding[] {
  const all = nodePatterns(scripts).flatMap(({ globals, locals }) => [...globals, ...locals]);
  const taken = new Uint8Array(all.length);
  for (const { pattern } of assignments) if (pattern !== undefined) taken[pattern.order] = 1;
  const mark = assigner.marker(taken);
  for (const { symbol } of assignments) mark(symbol);
  return all
    .filter(({ text, order }) => text !== '*' && taken[order] === 0)
    .map((pattern) => {
      const { text, scope, node, script } = pattern;
      const isExact = pattern.quoted || !/[*?[]/.test(text);
      const { place } = patternFacts(pattern);
      const where = `${scope} in ${node.name || 'the anonymous node'}`;
      return isExact
        ? scriptFinding('script.missing-name', {
            subject: text,
            object: script.path,
            message: `${place}: ${text} is ${where}, and nothing defines it`,
            ...(scope === 'global' ? {} : { severity: 'note' as const }),
          })
        : scriptFinding('script.unused-pattern', {
            subject: text,
            object: script.path,
            message: `${place}: ${text}, ${where}, takes no symbol`,
          });
    });
}

/** Symbols that are exported because nobody thought of them. */
function unnamed(scripts: readonly VersionScript[], { assignments }: PredictedLink): Finding[] {
  const names = assignments
    .filter(({ reason }) => reason === 'no-pattern')
    .map(({ symbol: { name } }) => name);
  const [finding] = withoutLocal(scripts);
  if (names.length === 0 || finding === undefined) return [];
  const rest = names.length > SHOWN ? [{ text: `and ${names.length - SHOWN} more` }] : [];
  const message = `${names.length} ${names.length === 1 ? 'symbol is' : 'symbols are'} exported that no pattern names`;
  return [
    {
      ...finding,
      message,
      evidence: [
        ...names
          .slice(0, SHOWN)
          .sort()
          .map((text) => ({ text })),
        ...rest,
      ],
    },
  ];
}

/** A library that was not linked with this script, or not with these objects. */
function differences({ assignments }: PredictedLink, inputs: readonly ScriptInput[]): Finding[] {
  return assignments.flatMap(({ symbol, exported, version, isDefault, reason }) => {
    if (reason === 'visibility') return [];
    const { name, exportedAs, symver } = symbol as ReadSymbol;
    const is = versionedName(name, exportedAs, symver === undefined);
    const becomes = exported ? versionedName(name, version, isDefault) : 'hidden';
    if (is === becomes) return [];
    const subject = name;
    return [
      scriptFinding('script.differs-from-library', {
        subject,
        ...(inputs[0] === undefined ? {} : { object: inputs[0].path }),
        message: `${is} would be ${becomes}`,
      }),
    ];
  });
}

/** Symbols that another linker would give another fate. */
function otherResults(
  scripts: readonly VersionScript[],
  symbols: readonly ReadSymbol[],
  link: PredictedLink,
  linker: LinkerName,
): Finding[] {
  const result = ({ exported, version, isDefault }: Assignment, name: string) =>
    exported ? versionedName(name, version, isDefault) : 'hidden';
  const open = differing(scripts, symbols);
  return LINKERS.filter((other) => other !== linker).flatMap((other) => {
    const theirs = predictOther(scripts, link, other, open);
    if (theirs.refusals.length > 0) return otherRefusals(other, theirs.refusals, link.refusals);
    if (link.refusals.length > 0) return [];
    const lines = theirs.pairs.flatMap(([own, assignment]) => {
      const { name } = assignment.symbol;
      const [ours, their] = [result(own, name), result(assignment, name)];
      return ours === their
        ? []
        : [`${name}: ${programName(linker)} ${ours}, ${programName(other)} ${their}`];
    });
    if (lines.length === 0) return [];
    const rest = lines.length > SHOWN ? [{ text: `and ${lines.length - SHOWN} more` }] : [];
    return [
      scriptFinding('script.linkers-differ', {
        subject: programName(other),
        message: `${programName(other)} would export something else: ${lines.length} ${lines.length === 1 ? 'symbol' : 'symbols'}`,
        evidence: [...lines.slice(0, SHOWN).map((text) => ({ text })), ...rest],
      }),
    ];
  });
}
