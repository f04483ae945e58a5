import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { baseName, FINDING_KINDS, type Finding, type FindingKind, type Report } from '../model/index.ts';

/** The schema that the standard's section 3.13.3 asks readers to be told of. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A report for programs that gather the results of many analysers, such as code scanning of a forge. */
export function toSarif(report: Report): Log {
  const { tool, command, targets, verdict, findings, suppressed, diagnostics } = report;
  const kinds = [
    ...new Set([...findings, ...suppressed.map(({ finding }) => finding)].map(({ kind }) => kind)),
  ].sort();
  const result = (finding: Finding) => toResult(finding, kinds.indexOf(finding.kind), targets[0]);
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...tool, rules: kinds.map(toRule) } },
        automationDetails: { id: `${tool.name}/${command}/` },
        invocations: [
          {
            executionSuccessful: diagnostics.every(({ level }) => level !== 'error'),
            toolExecutionNotifications: diagnostics.map(({ level, message, object }) => ({
              level,
              message: { text: message },
              ...(object === undefined ? {} : { locations: [fileLocation(object)] }),
            })),
          },
        ],
        results: [
          ...findings.map(result),
          ...suppressed.map(
            ({ finding, reason }): Result => ({
              ...result(finding),
              suppressions: [{ kind: 'external', justification: reason }],
            }),
          ),
        ],
        properties: { targets: [...targets], ...(verdict === undefined ? {} : { verdict }) },
      },
    ],
  };
}

function toRule(kind: FindingKind): ReportingDescriptor {
  const { title, severity } = FINDING_KINDS[kind];
  return {
    id: kind,
    shortDescription: { text: title },
    help: { text: `solder explain ${kind}` },
    defaultConfiguration: { level: severity },
  };
}

/** `target` stands for a finding about a whole process: readers want a file for each result. */
function toResult(finding: Finding, ruleIndex: number, target: string | undefined): Result {
  const { kind, severity, message, subject, object = target, evidence, fix } = finding;
  const related = evidence.flatMap(({ text, object: file }) =>
    file === undefined ? [] : [{ ...fileLocation(file), message: { text } }],
  );
  const lines = [
    message,
    ...evidence.flatMap(({ text, object: file }) => (file === undefined ? [text] : [])),
    ...(fix === undefined ? [] : [`Mend: ${fix}`]),
  ];
  return {
    ruleId: kind,
    ruleIndex,
    level: severity,
    message: { text: lines.join('\n') },
    locations: [
      {
        ...(object === undefined ? {} : fileLocation(object)),
        logicalLocations: [{ fullyQualifiedName: subject }],
      },
    ],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((location, id) => ({ id, ...location })) }),
    // The same finding in another build, wherever that was made.
    partialFingerprints: {
      'solder/v1': [kind, subject, object === undefined ? '' : baseName(object)].join('\n'),
    },
  };
}

const fileLocation = (path: string): Location => ({
  physicalLocation: { artifactLocation: { uri: toUri(path) } },
});

/** A URI reference (RFC 3986): a file URI for an absolute path, otherwise relative to where the command ran. */
function toUri(path: string): string {
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${escaped}`;
  // A colon in the first segment would make it a scheme; it is escaped already.
  return escaped;
}
