import type { Finding } from '../../model/index.ts';
import { FINDING_KINDS, type FindingKind } from '../../model/index.ts';
import {
  LINKERS,
  type LinkerName,
  nodePatterns,
  type Pattern,
  positionIn,
  type Refusal,
  refusalsOf,
  refusalText,
  type VersionScript,
} from '../../script/index.ts';
import type { PatternFacts, ScriptNodeFacts } from './script-facts.ts';

/** A finding with the severity of its kind. */
export function scriptFinding(
  kind: FindingKind,
  finding: Omit<Finding, 'kind' | 'severity' | 'evidence'> & Partial<Finding>,
): Finding {
  return { kind, severity: FINDING_KINDS[kind].severity, evidence: [], ...finding };
}

/** `file:line:column` */
function placeOf(script: VersionScript, at: number): string {
  const { line, column } = positionIn(script, at);
  return `${script.path}:${line}:${column}`;
}

export function patternFacts({ text, node, scope, script, at }: Pattern): PatternFacts {
  return { text, node: node.name, scope, place: placeOf(script, at) };
}

export function nodeFacts(scripts: readonly VersionScript[]): ScriptNodeFacts[] {
  const parents = scripts.flatMap(({ nodes }) => nodes.map((node) => node.parents.map(({ name }) => name)));
  return nodePatterns(scripts).map(({ name, globals, locals }, index) => ({
    name,
    parents: parents[index]!,
    globals: globals.length,
    locals: locals.length,
  }));
}

/** `ld.bfd` for `bfd`. */
export const programName = (linker: LinkerName): string => `ld.${linker}`;

export function refusalFinding(linker: LinkerName, refusal: Refusal): Finding {
  const { subject, script } = refusal;
  const isSymbol = script === undefined && subject.includes('@');
  return scriptFinding(isSymbol ? 'script.unknown-version' : 'script.refused', {
    subject,
    ...(script === undefined ? {} : { object: script.path }),
    message: `${programName(linker)} refuses: ${refusalText(refusal)}`,
  });
}

/** What can be said of scripts alone, for one linker; what the others make of them beside it. */
export function lintScripts(scripts: readonly VersionScript[], linker: LinkerName): Finding[] {
  const refusals = refusalsOf(scripts, linker);
  const others = LINKERS.filter((other) => other !== linker);
  return [
    ...refusals.map((refusal) => refusalFinding(linker, refusal)),
    ...others.flatMap((other) => otherRefusals(other, refusalsOf(scripts, other), refusals)),
    ...scriptRemarks(scripts),
    ...withoutLocal(scripts),
  ];
}

/** What every linker takes, and hardly anybody means. */
export function scriptRemarks(scripts: readonly VersionScript[]): Finding[] {
  return [...gluedLabels(scripts), ...assignedTwice(scripts)];
}

/** What another linker refuses, beyond what the one that was asked for does. */
export function otherRefusals(
  other: LinkerName,
  theirs: readonly Refusal[],
  ours: readonly Refusal[],
): Finding[] {
  const known = new Set(ours.map(({ message }) => message));
  const refusals = theirs.filter(({ message }) => !known.has(message));
  if (refusals.length === 0) return [];
  return [
    scriptFinding('script.linkers-differ', {
      subject: programName(other),
      message: `${programName(other)} would refuse it`,
      evidence: refusals.map((refusal) => ({ text: refusalText(refusal) })),
    }),
  ];
}

/** `local:*` is a name for ld.lld, and everything is exported. */
function gluedLabels(scripts: readonly VersionScript[]): Finding[] {
  return scripts.flatMap((script) =>
    script.nodes.flatMap(({ sections }) =>
      sections
        .filter(({ glued }) => glued)
        .map(({ label, at }) =>
          scriptFinding('script.linkers-differ', {
            subject: 'ld.lld',
            object: script.path,
            message: `ld.lld takes '${label}:' at ${placeOf(script, at)} for the start of a name: no blank follows`,
            fix: `put a blank behind '${label}:', as solder script format does`,
          }),
        ),
    ),
  );
}

/** Exact names that stand in two places, of which one counts. */
function assignedTwice(scripts: readonly VersionScript[]): Finding[] {
  const all = nodePatterns(scripts)
    .flatMap(({ globals, locals }) => [...globals, ...locals])
    .filter(({ text, quoted }) => quoted || !/[*?[]/.test(text));
  // Most names stand there once: groups are made of the others.
  const seen = new Set<string>();
  const again = new Set<string>();
  const key = ({ language, text }: Pattern) => `${language} ${text}`;
  for (const pattern of all) {
    const own = key(pattern);
    if (seen.has(own)) again.add(own);
    else seen.add(own);
  }
  if (again.size === 0) return [];
  const groups = Map.groupBy(
    all.filter((pattern) => again.has(key(pattern))),
    key,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const isOne = group.every(({ node, scope }) => node === first!.node && scope === first!.scope);
    if (isOne) return [];
    const where = group.map(({ node, scope }) => `${scope} in ${node.name || 'the anonymous node'}`);
    return [
      scriptFinding('script.assigned-twice', {
        subject: first!.text,
        object: first!.script.path,
        message: `${first!.text} is ${where.join(' and ')}`,
        evidence: group.map((pattern) => ({
          text: `${placeOf(pattern.script, pattern.at)}: ${pattern.scope}`,
        })),
      }),
    ];
  });
}

/** Without a `*` whatever nobody thought of is exported. */
export function withoutLocal(scripts: readonly VersionScript[]): Finding[] {
  const nodes = nodePatterns(scripts);
  const patterns = nodes.flatMap(({ globals, locals }) => [...globals, ...locals]);
  if (patterns.some(({ text, quoted }) => text === '*' && !quoted)) return [];
  return [
    scriptFinding('script.no-local', {
      subject: scripts[0]?.path ?? 'script',
      ...(scripts[0] === undefined ? {} : { object: scripts[0].path }),
      message: `${scripts.map(({ path }) => path).join(', ')}: what no pattern names is exported`,
      fix: "add 'local: *;' to a node",
    }),
  ];
}
