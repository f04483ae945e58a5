import { type TProperties, Type } from 'typebox';

/** An object with these properties and no others. */
export const strict = <P extends TProperties>(properties: P, description?: string) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

export const countSchema = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

/** What every process simulation lists: one entry a root. */
export const roots = <P extends TProperties>(properties: P) =>
  strict({
    roots: Type.Array(strict({ path: Type.String({ description: 'as it was given' }), ...properties })),
  });
