import type { Backend } from './backend.ts';

/**
 * Releases what stands in the process of a backend, at the end of its block. What died with its process before
 * is gone, and whoever made the last call has been told: to fail again would only hide that failure
 * (SuppressedError).
 */
export async function release(backend: Backend, action: () => Promise<void>): Promise<void> {
  const wasOver = backend.over === true;
  try {
    await action();
  } catch (error) {
    if (!wasOver) throw error;
  }
}
