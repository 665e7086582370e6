import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { configSchema, parseConfig } from '../../../core/config/gateway-config.ts';
import { findAll, readPage } from './pages.ts';

const EXAMPLES = ['README.md', 'docs/configuration.md', 'docs/adding-a-provider.md'].map(
  (page) => [page, findAll(readPage(page), /^```jsonc?\n(.*?)^```/gms)] as const,
);

it.each(EXAMPLES)('every configuration in %s is valid', (_, examples) => {
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(() => parseConfig(example)).not.toThrow();
});

/** What is read of a JSON Schema. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** Every key that holds a value, by its path: `a.b`, `list[].key`, `record.{}.key`. */
function keysOf(schema: Schema, path = ''): readonly string[] {
  const { properties = {}, additionalProperties, items, oneOf = [] } = schema;
  const members = [
    ...Object.entries(properties).flatMap(([key, member]) =>
      keysOf(member, path ? `${path}.${key}` : key),
    ),
    ...(additionalProperties ? keysOf(additionalProperties, `${path}.{}`) : []),
    ...(items ? keysOf(items, `${path}[]`) : []),
    ...oneOf.flatMap((option) => keysOf(option, path)),
  ];
  return members.length > 0 ? [...new Set(members)] : [path.replace(/\[\]$/, '')];
}

describe('docs/configuration.md', () => {
  const rows = new Map(
    [...readPage('docs/configuration.md').matchAll(/^\| `([a-z][^`]+)` \| (\S+) \|/gm)].map(
      ([, key = '', shown = '']) => [key.replace(/\{\w+\}/, '{}'), shown],
    ),
  );
  const keys = keysOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema);

  it('has a row for every key, and none for a key that does not exist', () => {
    expect([...rows.keys()].sort()).toEqual([...keys].sort());
  });

  it.each(keys.filter((key) => rows.get(key)?.startsWith('`')))(
    'shows the default of %s',
    (key) => {
      const provider = { name: 'any', kind: 'openai', models: ['any'] };
      const defaults: unknown = parseConfig(JSON.stringify({ providers: [provider] }));
      const value = key
        .split(/(?:\[\])?\./)
        .reduce<unknown>((at, part) => Object(Array.isArray(at) ? at[0] : at)[part], defaults);
      expect(rows.get(key)).toBe(`\`${JSON.stringify(value)}\``);
    },
  );
});
