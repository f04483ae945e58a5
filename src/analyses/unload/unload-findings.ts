import { baseName, type Evidence, type Finding, type KeptBy } from '../../model/index.ts';
import { counted } from '../exports/finding-text.ts';
import type { Fate } from './fate.ts';
import { countOfLeft, type Hazard } from './hazards.ts';
import type { Trait } from './more-hazards.ts';
import { type Pin, siteEvidence } from './pins.ts';
import type { PluginCode } from './plugin-code.ts';

export const pinFinding = (code: PluginCode, { certainty: _, symbol, ...pin }: Pin): Finding => ({
  ...pin,
  subject: symbol ?? code.name,
  object: code.path,
});

/** As long as the library stays, what it holds is not lost: only worth knowing. */
export function hazardFinding(hazard: Hazard, isPinned: boolean): Finding {
  const { kind, severity, code, fix } = hazard;
  return {
    kind,
    severity: isPinned ? 'note' : severity,
    message: `${code.name}: ${hazardText(hazard)}${isPinned ? staying(hazard) : ''}`,
    subject: code.name,
    object: code.path,
    evidence: [...hazardEvidence(hazard)],
    fix,
  };
}

const staying = ({ sites }: Hazard) =>
  sites.some(({ eachTime }) => eachTime > 0)
    ? ', each time, although the library stays'
    : ', once, as long as the library stays';

function hazardText(hazard: Hazard): string {
  const { noun, sites, stage, undone, made, certain } = hazard;
  const [one, many] = noun;
  const number = countOfLeft(hazard);
  const isRepeated = sites.some(({ left }) => left.some((holder) => holder.isRepeated));
  const several = isRepeated ? many : `${number} ${many}`;
  const isOne = number === 1 && several !== many;
  const count = isOne ? `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}` : several;
  switch (stage) {
    case 'unread':
      return `imports ${made.join(', ')}: ${many} may stay`;
    case 'possible':
      return `holds code that would leave ${count} behind`;
    case 'open':
      if (undone !== 'never') return `leaves ${count} behind unless the host has it undone`;
      return certain > 0
        ? `leaves ${count} behind whenever it is loaded`
        : `leaves ${count} behind when it is loaded, on some ways through its code`;
    case 'use':
      return undone === 'never'
        ? `leaves ${count} behind when it is used`
        : `leaves ${count} behind unless the host has it undone`;
  }
}

function* hazardEvidence({ sites, code, undone, undoers, closesOthers, made }: Hazard): Generator<Evidence> {
  for (const site of sites) yield siteEvidence(code, site);
  const object = code.path;
  if (undone === 'unread') {
    yield { text: `it imports ${made.join(', ')}; the machine code is not read`, object };
    return;
  }
  if (undoers.length === 0) return;
  const imported = undoers.filter((name) => code.imports.has(name));
  if (imported.length === 0) yield { text: `it imports nothing that would undo it: ${undoers[0]}`, object };
  else if (closesOthers)
    yield { text: `${imported.join(' or ')} is called when it is unloaded, but for something else`, object };
  else if (undone === 'never')
    yield { text: `no destructor and no exit handler calls ${imported.join(' or ')}`, object };
  else yield { text: `${imported.join(' or ')} is called, but not when it is unloaded`, object };
  for (const { name, evidence } of code.runtimes)
    yield { text: `has ${name} linked in: ${evidence}`, object };
}

export const traitFinding = ({ code, ...rest }: Trait): Finding => ({
  ...rest,
  subject: code.name,
  object: code.path,
});

/** What a plugin brings along and leaves: once, however often it is opened. */
export function dependencyFindings(code: PluginCode, fate: Fate): Finding[] {
  const stays = fate.added.filter((object) => object !== fate.plugin && !fate.unloaded.includes(object));
  if (stays.length === 0) return [];
  const names = stays.map(({ path }) => baseName(path));
  return [
    {
      kind: 'unload.dependency-stays',
      severity: 'note',
      message: `${code.name}: brings along ${counted(stays.length, 'library').replace('librarys', 'libraries')} that stay: ${names.join(', ')}`,
      subject: code.name,
      object: code.path,
      evidence: stays.map((object) => ({ text: keptText(fate, object), object: object.path })),
      fix: 'nothing: they stay once, and are there when the plugin comes again',
    },
  ];
}

function keptText({ kept }: Fate, object: Fate['plugin']): string {
  const reasons = (kept.get(object) ?? []).map(reasonText);
  return reasons.length === 0 ? 'it stays' : reasons.join('; ');
}

function reasonText(by: KeptBy): string {
  switch (by.kind) {
    case 'nodelete':
      return nodeleteText(by);
    case 'bound':
      return `${baseName(by.by.path)} uses its ${by.symbol}`;
    case 'needed':
      return `${baseName(by.by.path)} needs it`;
    case 'start':
      return 'it was there at the start';
    case 'opened':
      return 'it is open';
    case 'thread-destructors':
      return 'a thread has destructors of it to run';
  }
}

function nodeleteText(by: Extract<KeptBy, { kind: 'nodelete' }>): string {
  switch (by.cause) {
    case 'unique':
      return `its unique ${by.symbol} is in use`;
    case 'bound':
      return `${baseName(by.by.path)}, which stays, uses its ${by.symbol}`;
    case 'flag':
      return 'it was opened with RTLD_NODELETE';
    case 'file':
      return 'it was linked to stay (DF_1_NODELETE)';
  }
}
