import { runCommandLine } from './application.ts';
import { COMMANDS } from './commands.ts';
import { describeFailure } from './errors.ts';
import { writeError } from './write-descriptor.ts';

function fail(error: unknown): void {
  const { text, status } = describeFailure(error);
  if (text !== '') writeError(text);
  process.exitCode = status;
}

/** Runs the command line of this process, and sets the exit status. */
export async function start(): Promise<void> {
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  try {
    process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2));
  } catch (error) {
    fail(error);
  }
}
