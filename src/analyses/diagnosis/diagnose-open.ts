import { FormatError } from '../../bytes/index.ts';
import type { Finding } from '../../model/index.ts';
import {
  explainAborted,
  explainCall,
  explainForbidden,
  explainNotLoaded,
  explainProgram,
  explainToken,
} from './explain/call.ts';
import { explainDeath } from './explain/death.ts';
import { explainIndirectAccess, explainIsa, explainStack, explainStaticTls } from './explain/demands.ts';
import { explainHeader } from './explain/header.ts';
import {
  explainMapping,
  explainMemory,
  explainMisaligned,
  explainProtection,
  explainText,
} from './explain/mapping.ts';
import { explainNotOpened } from './explain/not-opened.ts';
import { explainCircularIfunc, explainOverflow, explainRelocation } from './explain/relocation.ts';
import { explainSymbol, lostLater } from './explain/symbol.ts';
import { explainRelr, explainVersion, explainVersionTable } from './explain/version.ts';
import { foreseen } from './foresee.ts';
import type { Cause } from './messages/cause.ts';
import { readMessage } from './messages/read-message.ts';
import { type OpenDiagnosis, simulateOpen } from './open-diagnosis.ts';
import { failure, type Refusal, refusal } from './refusal.ts';

/**
 * Why dlopen(3) fails, and what to do. With `message` (the text of dlerror after the call) or `death` (the process
 * did not survive it) the failure that happened is explained; without them the one that would happen is predicted,
 * and functions that would be missed only when they are called. No findings: it opens.
 */
export function diagnoseOpen(diagnosis: OpenDiagnosis): Finding[] {
  try {
    return diagnose(diagnosis);
  } catch (error) {
    if (error instanceof FormatError) return [damaged(diagnosis, error)];
    throw error;
  }
}

function diagnose(diagnosis: OpenDiagnosis): Finding[] {
  if (diagnosis.message !== undefined) return explain(diagnosis, diagnosis.message);
  if (diagnosis.death !== undefined) {
    const broken = foreseen(diagnosis, simulateOpen(diagnosis).added).findings;
    return [
      ...broken.filter(({ severity }) => severity === 'error'),
      explainDeath(diagnosis, diagnosis.death),
    ];
  }
  const { message, added, isLoaded, lostCalls } = simulateOpen(diagnosis);
  if (message !== undefined) return explain(diagnosis, message);
  if (!isLoaded) return explain(diagnosis, `Library ${diagnosis.file} is not already loaded`);
  const early = foreseen(diagnosis, added);
  if (early.refusal !== undefined) return explain(diagnosis, early.refusal);
  const later = lostLater(lostCalls, (text) => {
    const read = readMessage(text);
    return read && refusal(diagnosis, { ...read, message: text });
  });
  return [...early.findings, ...later];
}

function explain(diagnosis: OpenDiagnosis, message: string): Finding[] {
  const read = readMessage(message);
  if (read === undefined) return [unknown(diagnosis, message)];
  return EXPLANATIONS[read.cause](refusal(diagnosis, read));
}

/** Tables that lead out of the file: what the loader makes of them is anybody's guess. */
const damaged = ({ file, message }: OpenDiagnosis, error: FormatError): Finding => ({
  kind: 'load.wrong-format',
  severity: 'error',
  message: message ?? `${file}: ${error.message}`,
  subject: file,
  evidence: [{ text: `a damaged file: ${error.message}` }],
  fix: 'replace the file',
});

/** A text that no loader is known to write. */
function unknown({ file }: OpenDiagnosis, message: string): Finding {
  return {
    kind: 'open.unknown',
    severity: 'error',
    message,
    subject: file,
    evidence: [{ text: 'solder does not know this message of the loader' }],
    fix: 'run it again with LD_DEBUG=all, or under `solder trace`, and see what the loader did last',
  };
}

const explainUnknown = ({ diagnosis, message }: Refusal): Finding[] => [unknown(diagnosis, message.message)];

const explainRead = (told: Refusal): Finding[] =>
  told.message.reason === undefined ||
  told.message.reason === 'Is a directory' ||
  told.message.reason.startsWith('Error ')
    ? explainHeader(told)
    : [
        failure(told, 'open.mapping', {
          evidence: [{ text: `the system said: ${told.message.reason}`, object: told.message.object }],
          fix: 'read the file with another program: the file system, or the disk below it, is at fault',
        }),
      ];

const EXPLANATIONS: Readonly<Record<Cause, (told: Refusal) => Finding[]>> = {
  'not-opened': explainNotOpened,
  'wrong-class': explainNotOpened,
  header: explainHeader,
  read: explainRead,
  program: explainProgram,
  forbidden: explainForbidden,
  'no-dynamic': explainHeader,
  'no-segments': explainHeader,
  misaligned: explainMisaligned,
  mapping: explainMapping,
  protection: explainProtection,
  stack: explainStack,
  text: explainText,
  memory: explainMemory,
  limit: explainCall,
  version: explainVersion,
  'version-table': explainVersionTable,
  relr: explainRelr,
  symbol: explainSymbol,
  relocation: explainRelocation,
  overflow: explainOverflow,
  'circular-ifunc': explainCircularIfunc,
  'indirect-access': explainIndirectAccess,
  'static-tls': explainStaticTls,
  isa: explainIsa,
  mode: explainCall,
  namespace: explainCall,
  token: explainToken,
  'not-loaded': explainNotLoaded,
  handle: explainCall,
  caller: explainCall,
  exiting: explainCall,
  dependencies: explainUnknown,
  aborted: explainAborted,
};
