import { architectureText } from '../../analyses/diagnosis/file-description.ts';
import { FormatError } from '../../bytes/index.ts';
import { ElfFile } from '../../elf/index.ts';
import { openFile } from '../../host/file-source.ts';

/** What dlerror(3) said about a file; glibc says of a library for another machine that there is none. */
export function refusal(path: string, message: string): string {
  const [wanted, own] = [architectureOf(path), architectureOf('/proc/self/exe')];
  return wanted === undefined || own === undefined || wanted === own
    ? message
    : `${message} (it is for ${wanted}; this machine is ${own})`;
}

/** Undefined when there is no such file, or none that can be read. */
function architectureOf(path: string): string | undefined {
  try {
    using source = openFile(path);
    return architectureText(new ElfFile(source).header);
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
