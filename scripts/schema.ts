/** Writes schema/report.schema.json from src/report/schema.ts; a test fails when the file is out of date. */
import { writeFileSync } from 'node:fs';
import { reportSchema } from '../src/report/schema.ts';

const path = new URL('../schema/report.schema.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(reportSchema(), null, 2)}\n`);
