/** Reads as much of JSON Schema as it takes to answer in a given shape. */
import * as z from 'zod';

const list = z.array(z.unknown()).optional();
const jsonSchema = z
  .object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
    required: z.array(z.string()).optional(),
    enum: list,
    const: z.unknown().optional(),
    anyOf: list,
    oneOf: list,
    $ref: z.string().optional(),
  })
  .transform(({ type, properties, required, $ref, ...schema }) => ({
    /** The first type but null. A schema with properties is an object's even where it does not say so. */
    type:
      (Array.isArray(type) ? type.find((name) => name !== 'null') : type) ??
      (properties && 'object'),
    properties: properties ?? {},
    required: required ?? [],
    choices: schema.const === undefined ? schema.enum : [schema.const],
    alternatives: schema.anyOf ?? schema.oneOf ?? [],
    reference: $ref,
  }));
export type JsonSchema = z.infer<typeof jsonSchema>;

/** What cannot be read, `true` among it, allows anything: the empty schema. */
export const readSchema = (value: unknown): JsonSchema =>
  jsonSchema.safeParse(value).data ?? jsonSchema.parse({});

/** A schema that requires itself has no finite example. */
const MAX_DEPTH = 32;

/** The least value that a schema of the usual kind accepts: required fields only, empty arrays, zeros. */
export function exampleOf(root: unknown): unknown {
  const example = (value: unknown, depth: number): unknown => {
    const { type, properties, required, choices, alternatives, reference } = readSchema(value);
    const instead = reference === undefined ? alternatives[0] : follow(root, reference);
    if (depth > MAX_DEPTH) return null;
    if (choices) return choices[0];
    if (instead !== undefined) return example(instead, depth + 1);
    if (type !== 'object') return SIMPLE[type ?? 'string'] ?? null;
    return Object.fromEntries(required.map((name) => [name, example(properties[name], depth + 1)]));
  };
  return example(root, 0);
}

const SIMPLE: Readonly<Record<string, unknown>> = {
  string: 'demo',
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
};

/** A reference within the same schema, as "#/$defs/name". */
function follow(root: unknown, reference: string): unknown {
  const names = reference.split('/').slice(1);
  return names.reduce(
    (value: unknown, name) => z.record(z.string(), z.unknown()).safeParse(value).data?.[name],
    root,
  );
}
