import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/model/index.ts';
import { solder } from '../cli/solder.ts';
import { compareWithTools } from './compare-with-tools.ts';

const FOLDER = '/usr/lib/x86_64-linux-gnu';

/** Libraries as Debian installs them, with what has to be found in each, among other things. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  'libz.so.1': ['exports.unprefixed', 'exports.unversioned'],
  'libmpfr.so.6': ['exports.bundled'],
  'libgmp.so.10': ['exports.variable'],
  'libssl.so.3': ['exports.unprefixed'],
  'libxml2.so.2': ['exports.unversioned', 'exports.unprefixed', 'exports.variable'],
  'libattr.so.1': ['exports.no-default-version'],
  'libgcc_s.so.1': ['exports.no-default-version'],
  'libkeyutils.so.1': ['exports.unversioned'],
  'libbfd-2.40-system.so': ['exports.bundled'],
  'libapparmor.so.1': ['exports.implementation-name', 'exports.unprefixed'],
  'libbsd.so.0': ['exports.no-default-version'],
  'libglib-2.0.so.0': ['exports.variable'],
  'libsqlite3.so.0': ['exports.variable'],
  'libncursesw.so.6': ['exports.unprefixed', 'exports.variable'],
  'libicuio.so.72': ['exports.global-namespace', 'exports.unprefixed'],
  'libboost_log.so.1.74.0': ['exports.variable', 'needed.full-version'],
  'libstdc++.so.6': ['exports.variable'],
};

/** What a check of an installed library is about here. */
const RULES = /^(exports|hygiene|needed)\./;

describe.each(Object.entries(LIBRARIES))('%s', (name, kinds) => {
  const path = `${FOLDER}/${name}`;

  it.skipIf(!existsSync(path))('has the exports that are told, as readelf and ldd see them', () => {
    const { stdout } = solder(['check', '--no-demangle', '--format', 'json', path]);
    const findings = (JSON.parse(stdout) as Report).findings.filter(({ kind }) => RULES.test(kind));
    expect(compareWithTools(path, findings)).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]));
    expectOneEach(findings);
  });
});

function expectOneEach(findings: readonly Finding[]): void {
  const keys = findings.map(({ kind, subject }) => `${kind} ${subject}`);
  expect(keys).toEqual([...new Set(keys)]);
}

it.skipIf(!existsSync(FOLDER))('there are ten of them on a Debian machine for developers', () => {
  expect(
    Object.keys(LIBRARIES).filter((name) => existsSync(`${FOLDER}/${name}`)).length,
  ).toBeGreaterThanOrEqual(10);
});
