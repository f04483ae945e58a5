import { type DlProcess, openHost, openInProcess } from '../../../src/run/dl/index.ts';

/** Nobody looks for causes here: that takes longer than all the rest. */
const explain = () => [];
/** Where libraries are loaded; every one must do the same. */
export const BACKENDS: readonly { readonly kind: string; open(): Promise<DlProcess> }[] = [
  { kind: 'host', open: () => openHost({ explain }) },
  { kind: 'in-process', open: () => openInProcess({ explain }) },
];
