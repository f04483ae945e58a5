import { readFileSync } from 'node:fs';
import { packageRoot } from '../host/package-root.ts';

/** Put in by the bundler, so that the command reads no file to know its version. */
declare const SOLDER_VERSION: string | undefined;

function versionOfPackage(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as {
    version: string;
  };
  return version;
}

export const VERSION: string = typeof SOLDER_VERSION === 'string' ? SOLDER_VERSION : versionOfPackage();
