import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The command-line tests run the built command: say so at once when there is none. */
function requireBuild(): void {
  if (!existsSync(new URL('../../dist/cli.cjs', import.meta.url))) {
    throw new Error("dist/cli.cjs is missing: run 'npm run build' first ('npm test' does)");
  }
}

/** Gives all tests one temporary directory, which goes with whatever they leave in it. */
export default function setup(): () => void {
  requireBuild();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'solder-tests-')));
  // Some tests run the command as another user.
  chmodSync(directory, 0o755);
  process.env['TMPDIR'] = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
