/** The name of a file without its directories; empty where the path ends in a slash. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
