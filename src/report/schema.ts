import { type Static, type TSchema, Type } from 'typebox';
import {
  FINDING_KINDS,
  type FindingKind,
  SCHEMA_VERSION,
  SEVERITIES,
  type Severity,
} from '../model/index.ts';
import { demangleFacts } from './schema/demangle-facts.ts';
import { diffFacts } from './schema/diff-facts.ts';
import { guardFacts } from './schema/guard-facts.ts';
import { inspectFacts } from './schema/inspect-facts.ts';
import { labsFacts } from './schema/lab-facts.ts';
import { loadFacts } from './schema/load-facts.ts';
import { bindFacts, checkFacts, conflictsFacts, depsFacts } from './schema/process-facts.ts';
import { releaseFacts } from './schema/release-facts.ts';
import { scriptFacts } from './schema/script-facts.ts';
import { soakFacts } from './schema/soak-facts.ts';
import { countSchema, strict } from './schema/strict.ts';
import { traceFacts } from './schema/trace-facts.ts';
import { unloadFacts } from './schema/unload-facts.ts';

const SeveritySchema = Type.Enum([...SEVERITIES] as Severity[], {
  description: 'error breaks a process, warning may, note is worth knowing',
});

const EvidenceSchema = strict({
  text: Type.String(),
  object: Type.Optional(Type.String({ description: 'the file it was read from' })),
});

const FindingSchema = strict({
  kind: Type.Enum(Object.keys(FINDING_KINDS) as FindingKind[], {
    description: 'stable key; docs/findings/KIND.md explains it',
  }),
  severity: SeveritySchema,
  message: Type.String(),
  subject: Type.String({ description: 'the name it is about: a symbol, a soname' }),
  object: Type.Optional(Type.String({ description: 'the file that has to change, or that it was found in' })),
  evidence: Type.Array(EvidenceSchema),
  fix: Type.Optional(Type.String({ description: 'what to do about it' })),
});

const SuppressedSchema = strict({ finding: FindingSchema, reason: Type.String({ minLength: 1 }) });

const DiagnosticSchema = strict({
  level: Type.Enum(['error', 'warning'], {
    description: 'error: an input could not be read; warning: read in spite of an oddity',
  }),
  message: Type.String(),
  object: Type.Optional(Type.String()),
});

/**
 * What `facts` holds, by command. A command without an entry may put anything there; an entry is a promise
 * to whoever reads the JSON.
 */
const FACTS: Readonly<Record<string, TSchema>> = {
  bind: bindFacts,
  check: checkFacts,
  conflicts: conflictsFacts,
  demangle: demangleFacts,
  deps: depsFacts,
  diff: diffFacts,
  guard: guardFacts,
  inspect: inspectFacts,
  lab: labsFacts,
  load: loadFacts,
  release: releaseFacts,
  script: scriptFacts,
  soak: soakFacts,
  trace: traceFacts,
  unload: unloadFacts,
};

/** The part of a report that all commands share; `facts` is open here and closed by `FACTS`. */
export const ReportShape = strict({
  schemaVersion: Type.Literal(SCHEMA_VERSION),
  tool: strict({ name: Type.Literal('solder'), version: Type.String() }),
  command: Type.String(),
  targets: Type.Array(Type.String(), { description: 'as they were given' }),
  verdict: Type.Optional(Type.String()),
  facts: Type.Unknown({ description: 'what the command states without judging, in a shape of its own' }),
  findings: Type.Array(FindingSchema, {
    description: 'sorted by severity, kind, subject, object and message; suppressed ones are not among them',
  }),
  suppressed: Type.Array(SuppressedSchema),
  diagnostics: Type.Array(DiagnosticSchema),
  summary: strict(
    { error: countSchema(), warning: countSchema(), note: countSchema() },
    'how many findings there are of each severity',
  ),
});

/** The type the schema describes: a test holds it against `Report`. */
export type ReportJson = Static<typeof ReportShape>;

/** The JSON Schema (draft 2020-12) of every report, with the facts of each command as a condition. */
export function reportSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `solder report, schema version ${SCHEMA_VERSION}`,
    ...ReportShape,
    allOf: Object.entries(FACTS).map(([command, facts]) => ({
      if: { properties: { command: { const: command } } },
      // biome-ignore lint/suspicious/noThenProperty: `then` is the keyword of JSON Schema, nothing awaits it
      then: { properties: { facts } },
    })),
  };
}
