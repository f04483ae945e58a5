import { baseName, type DynamicObject, type Finding } from '../../model/index.ts';

/** DT_TEXTREL or DF_TEXTREL (gABI, Dynamic Section): the loader has to write into the code. */
export function textRelocationFindings({ textRelocations, soname }: DynamicObject, path: string): Finding[] {
  if (!textRelocations) return [];
  return [
    {
      kind: 'hygiene.text-relocations',
      severity: 'warning',
      message: `${baseName(path)}: the loader has to write into its code`,
      subject: soname ?? baseName(path),
      object: path,
      evidence: [{ text: 'DT_TEXTREL, or DF_TEXTREL in DT_FLAGS' }],
      fix: 'compile every part with -fPIC (-fPIE for programs); -Wl,-z,text tells which part was not',
    },
  ];
}
