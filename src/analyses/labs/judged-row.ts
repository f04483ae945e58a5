import type { LabRow } from './lab-facts.ts';

/** A row of which the lab states what solder must predict. Unless told, `observed` agrees when it is equal. */
export function judgedRow(
  what: string,
  stated: string,
  predicted: string,
  observed: { readonly text: string; readonly agrees?: boolean },
): LabRow {
  const asStated = stated === predicted;
  return {
    what,
    predicted,
    observed: observed.text,
    agrees: asStated && (observed.agrees ?? observed.text === predicted),
    ...(asStated ? {} : { stated }),
  };
}
