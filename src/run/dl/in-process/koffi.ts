import type koffi from 'koffi';

export type Koffi = typeof koffi;

/** koffi, the bridge between Node and C, is an optional dependency. */
export async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(
      `loading libraries into this process needs the package koffi: 'npm install koffi', or use openHost() (${why})`,
      { cause: error },
    );
  }
}
