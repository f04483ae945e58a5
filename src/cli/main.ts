import module from 'node:module';

/** The oldest supported release of each line, as `engines` in package.json; other lines below 26 are not. */
const OLDEST_MINOR: Readonly<Record<number, number>> = { 22: 20, 24: 12 };
const ANY_FROM_MAJOR = 26;

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= ANY_FROM_MAJOR || minor >= (OLDEST_MINOR[major] ?? Number.POSITIVE_INFINITY);
}

async function main(): Promise<void> {
  // Before everything else is loaded: compiled code is kept for the next start.
  module.enableCompileCache?.();
  const { start } = await import('./start.ts');
  await start();
}

const { node } = process.versions;
if (isSupported(node)) {
  void main();
} else {
  process.stderr.write(`solder: Node ${node} is not supported: use Node 22.20, 24.12, 26 or later\n`);
  process.exitCode = 2;
}
