/** One comparison. `predicted` and `observed` are for people; `agrees` is the judgement. */
export interface LabRow {
  readonly what: string;
  /** What solder derives from the files; of a program's output, what the lab concludes from that. */
  readonly predicted: string;
  /** What the build, the program or ld.so's trace of it showed. */
  readonly observed: string;
  readonly agrees: boolean;
  /** What the lab says solder must predict, where solder predicts something else. */
  readonly stated?: string;
}

export interface VariantFacts {
  readonly name: string;
  /** Why it was not tried: what it needs cannot be had here. */
  readonly skipped?: string;
  /** Empty for a skipped variant. */
  readonly rows: readonly LabRow[];
}

export type LabStatus = 'passed' | 'failed' | 'skipped';

/** What became of one lab. */
export interface LabFacts {
  /** AREA/NAME. */
  readonly name: string;
  readonly title: string;
  /** The text and the section that make the claim. */
  readonly source: string;
  /** `skipped`: a tool is missing, or what every variant needs; `failed`: at least one row does not agree. */
  readonly status: LabStatus;
  /** The tools for want of which it was skipped. */
  readonly missingTools: readonly string[];
  /** Empty for a skipped lab. */
  readonly variants: readonly VariantFacts[];
}

export interface LabsFacts {
  readonly labs: readonly LabFacts[];
}
