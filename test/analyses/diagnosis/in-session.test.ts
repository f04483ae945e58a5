import { expect, it } from 'vitest';
import { diagnoseStep } from '../../../src/analyses/loading/diagnose-step.ts';
import { diagnosisFiles, loadContext } from '../../../src/host/index.ts';
import { startSession } from '../../../src/loader/index.ts';
import type { LoadStep } from '../../../src/model/index.ts';

/** Two hundred steps would otherwise mean two hundred processes, each with all the steps before. */
it('diagnoses a step in the session that took it, and simulates no process anew', () => {
  const context = loadContext({});
  const program = context.openTarget(process.execPath);
  if (program.kind !== 'dynamic') throw new Error('node is no program');
  const session = startSession(context, program.object, process.execPath);
  const call = { call: 'dlopen', file: 'libm.so.6', mode: {}, handle: 'm' } as const;
  const step: LoadStep = { step: 'open', text: 'open libm.so.6', call };
  const outcome = session.perform(call);
  const open = () => {
    throw new Error('a library was opened again');
  };
  const closed = { ...context, files: { ...context.files, open } };
  const scene = { files: diagnosisFiles(), session, before: [] };
  expect(diagnoseStep({ ...scene, context: closed, outcome }, step, {})).toEqual([]);
  expect(() => diagnoseStep({ ...scene, context: closed, outcome: undefined }, step, {})).toThrow('again');
});
