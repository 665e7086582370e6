import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BegunCall,
  type Fragment,
  numberCalls,
} from '../../../../../core/providers/openai-wire/tools.ts';

/** The calls as a client that appends puts them together, and what it was sent. */
function gather(fragments: readonly Fragment[]) {
  let begun: readonly BegunCall[] = [];
  const parts = fragments.flatMap((fragment) => {
    const [next, numbered] = numberCalls(begun, [fragment], (index) => `made-${index}`);
    begun = next;
    return numbered;
  });
  const calls: { id: string; type: string; name: string; json: string }[] = [];
  for (const { index, id = '', type = '', function: called } of parts) {
    const call = calls[index] ?? { id: '', type: '', name: '', json: '' };
    calls[index] = {
      id: call.id + id,
      type: call.type + type,
      name: call.name + (called?.name ?? ''),
      json: call.json + (called?.arguments ?? ''),
    };
  }
  return { calls, parts };
}

const call = (id: string, name: string, json: string) => ({ id, type: 'function', name, json });
const TWO = [call('a', 'f', '{"x":1}'), call('b', 'g', '{}')];

describe('numberCalls', () => {
  it.each<[string, Fragment[]]>([
    [
      "OpenAI's numbers",
      [
        { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
        { index: 0, function: { arguments: '{"x":1}' } },
        { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
        { index: 1, function: { arguments: '{}' } },
      ],
    ],
    [
      'fragments of two calls in turn',
      [
        { index: 0, id: 'a', function: { name: 'f' } },
        { index: 1, id: 'b', function: { name: 'g' } },
        { index: 0, function: { arguments: '{"x"' } },
        { index: 1, function: { arguments: '{}' } },
        { index: 0, function: { arguments: ':1}' } },
      ],
    ],
    [
      'the number 0 for all of them',
      [
        { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } },
        { index: 0, function: { arguments: ':1}' } },
        { index: 0, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'numbers that begin elsewhere',
      [
        { index: 1, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
        { index: 7, id: 'b', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'no numbers',
      [
        { id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { function: { arguments: ':1}' } },
        { id: 'b', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'no numbers, and ids that are repeated, in turn',
      [
        { id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { id: 'b', function: { name: 'g', arguments: '{}' } },
        { id: 'a', function: { name: 'f', arguments: ':1}' } },
      ],
    ],
    [
      'id, type and name repeated in each fragment',
      [
        { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } },
        { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: ':1}' } },
        { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'nulls and empty strings for what goes without saying',
      [
        { index: 0, id: 'a', type: null, function: { name: 'f', arguments: null } },
        { index: 0, id: null, type: null, function: { name: null, arguments: '{"x":1}' } },
        { index: 0, id: '', type: '', function: { name: '', arguments: '' } },
        { index: 0, id: '', function: null },
        { index: null, id: 'b', type: '', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'a name after the id',
      [
        { index: 0, id: 'a' },
        { index: 0, function: { name: 'f', arguments: '{"x":1}' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'arguments that are an object',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } },
        { index: 0, id: 'b', function: { name: 'g', arguments: {} } },
      ],
    ],
  ])('reads %s', (_, fragments) => expect(gather(fragments).calls).toEqual(TWO));

  it.each<[string, Fragment[]]>([
    [
      'the number 0',
      [
        { index: 0, id: '', function: { name: 'f', arguments: '{"x"' } },
        { index: 0, function: { arguments: ':1}' } },
        { index: 0, id: '', function: { name: 'f', arguments: '{}' } },
      ],
    ],
    [
      'no numbers',
      [
        { function: { name: 'f', arguments: { x: 1 } } },
        { function: { name: 'f', arguments: '{}' } },
      ],
    ],
  ])('tells calls without ids apart by their names, where they have %s', (_, fragments) =>
    expect(gather(fragments).calls).toEqual([
      call('made-0', 'f', '{"x":1}'),
      call('made-1', 'f', '{}'),
    ]),
  );

  it('keeps what it does not know, and gives a call that says nothing its empty arguments', () => {
    const known = { extra_content: { google: { thought_signature: 's' } } };
    const { parts } = gather([
      { index: 0, id: 'a', ...known, function: { name: 'f', parsed: true } },
      { index: 0, ...known, function: { arguments: '{}' } },
    ]);
    expect(parts).toEqual([
      {
        index: 0,
        id: 'a',
        type: 'function',
        ...known,
        function: { name: 'f', parsed: true, arguments: '' },
      },
      { index: 0, ...known, function: { arguments: '{}' } },
    ]);
  });

  it('numbers from 0 without a gap, whatever comes', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              index: fc.option(fc.nat(3)),
              id: fc.option(fc.constantFrom('', 'a', 'b', 'c')),
              function: fc.option(fc.record({ name: fc.constantFrom('', 'f', 'g') })),
            },
            { requiredKeys: [] },
          ),
        ),
        (fragments) => {
          const { calls, parts } = gather(fragments);
          expect([...calls.keys()]).toEqual([...new Set(parts.map(({ index }) => index))]);
          expect(calls.every(({ id, type }) => id && type === 'function')).toBe(true);
        },
      ),
    ));
});
