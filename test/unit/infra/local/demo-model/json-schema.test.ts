import { describe, expect, it } from 'vitest';
import { exampleOf } from '../../../../../infra/local/demo-model/json-schema.ts';

describe('the least value that a schema accepts', () => {
  it.each([
    ['a text', { type: 'string' }, 'demo'],
    ['a number', { type: 'number' }, 0],
    ['a truth', { type: 'boolean' }, false],
    ['null', { type: 'null' }, null],
    ['what is not null, if it may be', { type: ['null', 'integer'] }, 0],
    ['an empty list', { type: 'array', items: { type: 'string' } }, []],
    ['the first of several values', { type: 'string', enum: ['red', 'blue'] }, 'red'],
    ['the only value', { const: 7 }, 7],
    ['the first of several shapes', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, 0],
    [
      'required fields and no others',
      { properties: { a: { type: 'string' }, b: {} }, required: ['a'] },
      { a: 'demo' },
    ],
    [
      'what a reference names',
      {
        $ref: '#/$defs/size',
        $defs: {
          size: { type: 'object', required: ['cm'], properties: { cm: { type: 'number' } } },
        },
      },
      { cm: 0 },
    ],
    ['a text for anything goes', true, 'demo'],
  ])('%s', (_, schema, example) => {
    expect(exampleOf(schema)).toEqual(example);
  });

  it('ends for a schema that requires itself', () => {
    const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
    expect(JSON.stringify(exampleOf(endless))).toContain('null');
  });
});
