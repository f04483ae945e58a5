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
  const { describeFailure } = await import('./errors.ts');
  const { writeError } = await import('./write-descriptor.ts');
  const fail = (error: unknown): void => {
    const { text, status } = describeFailure(error);
    if (text !== '') writeError(text);
    process.exitCode = status;
  };
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  try {
    const { COMMANDS } = await import('./commands.ts');
    const { runCommandLine } = await import('./application.ts');
    process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2));
  } catch (error) {
    fail(error);
  }
}

const { node } = process.versions;
if (isSupported(node)) {
  void main();
} else {
  process.stderr.write(`solder: Node ${node} is not supported: use Node 22.20, 24.12, 26 or later\n`);
  process.exitCode = 2;
}
