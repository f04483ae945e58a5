export { compareLibraries } from './compare-libraries.ts';
export {
  type AbiChangeFacts,
  changeFindings,
  type DiffFacts,
  diffFacts,
  type SideFacts,
} from './diff-facts.ts';
export { ExportIndex, type SymbolReference } from './export-index.ts';
export {
  type NarrowedComparison,
  narrowToPrograms,
  type ProgramFate,
  type ProgramNeeds,
  programNeeds,
} from './program-needs.ts';
