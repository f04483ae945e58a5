/** How symbol names are shown wherever they stand in a text. */
export type ShowNames = (text: string) => string;

/** As the files spell them. */
export const MANGLED: ShowNames = (text) => text;
