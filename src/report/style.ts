/** Turns text into the same text with a colour or weight around it. */
export type Paint = (text: string) => string;

/** The colours a renderer may use, handed in so that this layer knows no terminal. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

const same: Paint = (text) => text;

/** No colours at all: files, pipes and tests. */
export const PLAIN: Style = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };
