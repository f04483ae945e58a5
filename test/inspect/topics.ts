/** What is compared between solder and readelf, one line a fact, in a form that both are brought into. */
export const TOPICS = [
  'header',
  'sections',
  'groups',
  'segments',
  'dynamic',
  'relocations',
  'dynsym',
  'symtab',
  'versions',
  'notes',
] as const;

export type Topic = (typeof TOPICS)[number];
export type Topics = Record<Topic, string[]>;

export function noTopics(): Topics {
  return Object.fromEntries(TOPICS.map((topic) => [topic, []])) as unknown as Topics;
}
