import { existsSync } from 'node:fs';

/** The command-line tests run the built command: say so at once when there is none. */
export default function setup(): void {
  if (!existsSync(new URL('../../dist/cli.js', import.meta.url))) {
    throw new Error("dist/cli.js is missing: run 'npm run build' first ('npm test' does)");
  }
}
