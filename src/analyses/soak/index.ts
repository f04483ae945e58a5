export { analyseSoak } from './analyse-soak.ts';
export { growthOf } from './growth.ts';
export * from './observation.ts';
export { plainNumber, quantity } from './quantity.ts';
export * from './soak-facts.ts';
