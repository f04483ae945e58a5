import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { solder } from './solder.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

describe('the JSON of every command keeps the published schema', () => {
  const program = process.execPath; // a program with many libraries and symbols, there wherever tests run
  it.each([
    ['check', program],
    ['conflicts', program],
    ['deps', program],
    ['bind', '/bin/sh'],
    ['bind', '--symbol', 'malloc', '/bin/sh'],
    ['deps', '--library-path', '/nowhere', '--preload', 'libnowhere.so', '/bin/sh'],
    ['demangle', '_ZN3app6BundleC1Ev', '_RNvC6_123foo3bar', '_Zwrong', '_ZTV1A'],
    ['inspect', '/bin/sh'],
    ['inspect', '--symtab', program],
  ])('%s %s %s', async (...args) => {
    const { stdout } = await solder([...args, '--format', 'json']);
    const report = JSON.parse(stdout);
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });
});
