import { describe, expect, it } from 'vitest';
import * as classic from 'zod';
import * as z from 'zod/mini';
import { parseInput } from '../../../../core/contract/parse-input.ts';

const schema = z.looseObject({
  number: z.optional(z.number().check(z.minimum(0), z.maximum(2))),
  whole: z.optional(z.int().check(z.positive())),
  flag: z.nullish(z.boolean()),
  text: z.optional(z.string().check(z.minLength(1), z.maxLength(3))),
  word: z.optional(z.enum(['a', 'b', 'c'])),
  constant: z.optional(z.literal('x')),
  pattern: z.optional(z.string().check(z.regex(/^a+$/))),
  list: z.optional(z.array(z.object({ id: z.string() })).check(z.minLength(1), z.maxLength(2))),
  either: z.optional(z.union([z.string().check(z.minLength(1)), z.array(z.int())])),
  at: z.optional(z.union([z.iso.datetime(), z.iso.date()])),
  strict: z.optional(z.strictObject({ known: z.optional(z.int()) })),
});

describe('parseInput', () => {
  it.each<[object, string, string]>([
    [{ number: 3 }, 'number', '"number" must be at most 2.'],
    [{ number: -1 }, 'number', '"number" must be at least 0.'],
    [{ number: '1' }, 'number', '"number" must be a number.'],
    [{ whole: 1.5 }, 'whole', '"whole" must be a whole number.'],
    [{ whole: 0 }, 'whole', '"whole" must be more than 0.'],
    [{ flag: 'true' }, 'flag', '"flag" must be true or false.'],
    [{ text: '' }, 'text', '"text" must not be empty.'],
    [{ text: 'abcd' }, 'text', '"text" must have at most 3 characters.'],
    [{ word: 'd' }, 'word', '"word" must be "a", "b" or "c".'],
    [{ constant: 'y' }, 'constant', '"constant" must be "x".'],
    [{ pattern: 'b' }, 'pattern', '"pattern" must match /^a+$/.'],
    [{ list: {} }, 'list', '"list" must be a list.'],
    [{ list: [] }, 'list', '"list" must not be empty.'],
    [
      { list: [{ id: '1' }, { id: '2' }, { id: '3' }] },
      'list',
      '"list" must have at most 2 items.',
    ],
    [{ list: [5] }, 'list.0', '"list.0" must be an object.'],
    [{ list: [{ id: '1' }, {}] }, 'list.1.id', '"list.1.id" is required.'],
    [{ list: [{ id: null }] }, 'list.0.id', '"list.0.id" must be a string.'],
    [{ either: 5 }, 'either', '"either" must be a string or a list.'],
    [{ either: '' }, 'either', '"either" must not be empty.'],
    [{ either: [1, 'a'] }, 'either.1', '"either.1" must be a number.'],
    [{ at: 'noon' }, 'at', '"at" must be a time as 2026-01-31T12:00:00Z or a date as 2026-01-31.'],
  ])('says what is wrong with %j', (value, param, message) => {
    expect(parseInput(schema, { value, from: 'body' })).toMatchObject({
      code: 'invalid_parameter',
      message,
      options: { param },
    });
  });

  it('says the same whichever Zod the schema is made with', () => {
    const same = classic.strictObject({ limit: classic.coerce.number().max(10) });
    expect(parseInput(same, { value: { limit: 'x' }, from: 'query' })).toMatchObject({
      message: '"limit" must be a number.',
    });
    expect(parseInput(same, { value: { limit: 11 }, from: 'query' })).toMatchObject({
      message: '"limit" must be at most 10.',
    });
  });

  it('names what does not exist by its whole path', () => {
    const value = { strict: { foo: 1 } };
    expect(parseInput(schema, { value, from: 'body' })).toMatchObject({
      code: 'unknown_field',
      message: 'There is no field "strict.foo" here.',
      options: { param: 'strict.foo' },
    });
    expect(parseInput(z.strictObject({}), { value: { no: 1 }, from: 'query' })).toMatchObject({
      code: 'invalid_parameter',
      message: 'There is no query parameter "no".',
      options: { param: 'no' },
    });
  });

  it('does not repeat a name of any length', () => {
    const value = { ['x'.repeat(10_000)]: 1 };
    const fault = parseInput(z.strictObject({}), { value, from: 'body' });
    expect(fault).toMatchObject({ options: { param: 'x'.repeat(64) } });
  });

  it.each([5, null, 'text'])('refuses a body that is %j', (value) => {
    expect(parseInput(schema, { value, from: 'body' })).toMatchObject({
      message: 'The body must be an object.',
    });
  });
});
