import { lstatSync, readlinkSync, realpathSync } from 'node:fs';

/** Where the paths of a process stand on this machine. */
export interface Sysroot {
  /** The file behind a path of the process; undefined when the path leads nowhere. */
  locate(path: string): string | undefined;
  /** The canonical path, as the process would see it. */
  realPath(path: string): string;
}

/** The machine itself. */
export const NO_SYSROOT: Sysroot = {
  locate: (path) => path,
  realPath(path) {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
};

/** As many links as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * A directory tree of another machine. Absolute symbolic links in it lead into it, as they do for a process
 * whose root directory it is (chroot(2)), and `..` does not lead out of it. A path that starts with the
 * directory itself is taken as it is: targets are named so on the command line.
 */
export function sysrootAt(directory: string): Sysroot {
  const root = realpathSync(directory).replace(/\/+$/, '');
  const inside = (path: string): string => {
    for (const prefix of [root, directory.replace(/\/+$/, '')]) {
      if (path === prefix) return '/';
      if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
    }
    return path;
  };
  const resolve = (path: string): string | undefined => {
    const pending = inside(path).split('/').reverse();
    const done: string[] = [];
    let links = 0;
    while (pending.length > 0) {
      const part = pending.pop()!;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const at = `${root}/${[...done, part].join('/')}`;
      const stat = lstatSync(at, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      if (!stat.isSymbolicLink()) {
        done.push(part);
        continue;
      }
      if (++links > MAX_LINKS) return undefined;
      const target = readlinkSync(at);
      if (target.startsWith('/')) done.length = 0;
      pending.push(...target.split('/').reverse());
    }
    return `/${done.join('/')}`;
  };
  return {
    locate(path) {
      const resolved = resolve(path);
      return resolved === undefined ? undefined : `${root}${resolved}`;
    },
    realPath: (path) => resolve(path) ?? inside(path),
  };
}
