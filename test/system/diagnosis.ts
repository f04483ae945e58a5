import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch } from 'node:process';
import { diagnoseOpen } from '../../src/analyses/index.ts';
import { diagnosisFiles, loadContext } from '../../src/host/index.ts';
import { nativeElfFiles } from '../oracle/installed.ts';
import type { Verification, Watch } from './suite.ts';

/**
 * Left out: libraries whose own code ends the process that opens them, or does not return. Notes are no alarm: they
 * tell of text relocations, which this machine lets pass.
 */
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';
const LIBRARY_NAME = /\.so(\.|$)/;
const TIME = 20_000;

/**
 * Opens every `step`th library of the machine with RTLD_NOW in a process of its own: what opens must have no
 * findings, and what does not must have one in dlerror's words.
 */
export function verifyDiagnosis(watch: Watch = () => {}, step = 1): Verification {
  if (arch !== 'x64')
    return { passed: 0, failed: 0, lines: ['not an x86-64 machine: nothing to compare with'] };
  const directory = mkdtempSync(join(tmpdir(), 'solder-diagnosis-'));
  try {
    const host = join(directory, 'host');
    const source = new URL('../run/failures/host.c', import.meta.url).pathname;
    execFileSync('gcc', ['-w', '-o', host, source]);
    const libraries = nativeElfFiles([LIBRARIES], LIBRARY_NAME).filter((_, index) => index % step === 0);
    return compareLibraries(host, libraries, watch);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function compareLibraries(host: string, libraries: readonly string[], watch: Watch): Verification {
  const context = loadContext({});
  const files = diagnosisFiles();
  const program = context.openTarget(host);
  if (program.kind !== 'dynamic') throw new Error('the host is no program');
  const lines: string[] = [];
  let [opened, refused, died, failed] = [0, 0, 0, 0];
  libraries.forEach((file, index) => {
    if (index % 20 === 0) watch(`libraries opened: ${index} of ${libraries.length}`);
    const result = spawnSync(host, [`now=${file}`], {
      encoding: 'utf8',
      timeout: TIME,
      env: { ...process.env, LC_ALL: 'C' },
    });
    const said = result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .at(-1);
    if (said === undefined || result.status !== 0) {
      died++;
      return;
    }
    const findings = diagnoseOpen({ context, files, program, file, mode: { now: true } });
    const predicted = findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message);
    const expected = said === 'ok' ? [] : [said];
    if (said === 'ok') opened++;
    else refused++;
    if (JSON.stringify(predicted) === JSON.stringify(expected)) return;
    failed++;
    lines.push(`${file}: ${said}\n  predicted: ${predicted.join('; ') || 'ok'}`);
  });
  const total = opened + refused;
  const roundup = `${total} libraries opened: ${opened} without a finding wanted, ${refused} refused; ${died} left out, which end their process`;
  return { passed: total - failed, failed, lines: [roundup, ...lines] };
}
