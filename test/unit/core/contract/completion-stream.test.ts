import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatChunk, chatChunkSchema } from '../../../../core/contract/chat.ts';
import {
  beginCompletion,
  finishCompletion,
  foldChunk,
  hasContent,
  toChunks,
} from '../../../../core/contract/completion-stream.ts';

const identity = { id: 'chatcmpl-1', created: 1, model: 'm' };
const chunk = (fields: object): ChatChunk => chatChunkSchema.parse(fields);
const delta = (fields: object, more: object = {}) =>
  chunk({ choices: [{ index: 0, delta: fields, ...more }] });
const finish = (reason: string) => delta({}, { finish_reason: reason });
const fold = (chunks: readonly ChatChunk[]) =>
  finishCompletion(chunks.reduce(foldChunk, beginCompletion(identity)));

describe('foldChunk and finishCompletion', () => {
  it('joins text, and keeps the first identity that the provider gives', () => {
    const answer = fold([
      chunk({
        id: 'x',
        created: 7,
        model: 'real',
        choices: [{ index: 0, delta: { role: 'assistant' } }],
      }),
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      finish('stop'),
      chunk({
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      }),
    ]);
    expect(answer).toEqual({
      id: 'x',
      object: 'chat.completion',
      created: 7,
      model: 'real',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  it('joins the fragments of parallel tool calls by their index', () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const answer = fold([
      call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
      call(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x"' } }),
      call(0, { function: { arguments: '{}' } }),
      call(1, { function: { arguments: ':1}' } }),
      finish('tool_calls'),
    ]);
    expect(answer?.choices[0]?.message.tool_calls).toEqual([
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
    ]);
  });

  it('loses no field that it does not know', () => {
    const answer = fold([
      chunk({
        service_tier: 'flex',
        choices: [
          { index: 0, delta: { reasoning_content: 'a' }, logprobs: { content: [{ token: 'x' }] } },
        ],
      }),
      chunk({
        service_tier: null,
        choices: [
          { index: 0, delta: { reasoning_content: 'b' }, logprobs: { content: [{ token: 'y' }] } },
        ],
      }),
      delta({ refusal: 'no' }, { content_filter_results: { hate: { severity: 'safe' } } }),
      delta({}, { content_filter_results: { hate: { severity: 'safe' } }, finish_reason: 'stop' }),
    ]);
    expect(answer).toMatchObject({
      service_tier: 'flex',
      choices: [
        {
          message: { reasoning_content: 'ab', refusal: 'no' },
          logprobs: { content: [{ token: 'x' }, { token: 'y' }] },
          content_filter_results: { hate: { severity: 'safe' } },
        },
      ],
    });
  });

  it.each([
    ['there is no choice', [chunk({ choices: [] })]],
    ['a choice lacks its finish reason', [delta({ content: 'a' })]],
    [
      'one of two choices lacks it',
      [finish('stop'), chunk({ choices: [{ index: 1, delta: {} }] })],
    ],
  ])('has no answer while %s', (_, chunks) => expect(fold(chunks)).toBeUndefined());

  it('tells no usage from zero usage', () => {
    expect(fold([finish('stop')])).not.toHaveProperty('usage');
  });
});

const completions = fc.record({
  content: fc.option(fc.string()),
  calls: fc.array(fc.record({ id: fc.uuid(), name: fc.string(), arguments: fc.string() })),
  choices: fc.integer({ min: 1, max: 3 }),
  cuts: fc.array(fc.nat(20)),
});

describe('toChunks', () => {
  it('replays what folds back to the same answer', () =>
    fc.assert(
      fc.property(completions, ({ content, calls, choices }) => {
        const answer = fold(
          Array.from({ length: choices }, (_, index) =>
            chunk({
              choices: [
                {
                  index,
                  delta: {
                    content,
                    tool_calls: calls.map(({ id, ...call }, at) => ({
                      index: at,
                      id,
                      type: 'function',
                      function: call,
                    })),
                  },
                  finish_reason: 'stop',
                },
              ],
              usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
            }),
          ),
        );
        expect(answer && fold(toChunks(answer, true))).toEqual(answer);
      }),
    ));

  it('sends usage only if it was asked for', () => {
    const answer = fold([
      chunk({
        choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    ]);
    const usages = (include: boolean) =>
      answer && toChunks(answer, include).filter(({ usage }) => usage);
    expect(usages(false)).toHaveLength(0);
    expect(usages(true)).toHaveLength(1);
  });
});

describe('hasContent', () => {
  it.each([
    ['a role alone', delta({ role: 'assistant', content: '' }), false],
    ['nulls', delta({ content: null, refusal: null }), false],
    ['no choices', chunk({ choices: [] }), false],
    ['text', delta({ content: 'a' }), true],
    ['a refusal', delta({ refusal: 'a' }), true],
    ['reasoning', delta({ reasoning_content: 'a' }), true],
    ['a tool call', delta({ tool_calls: [{ index: 0 }] }), true],
    ['a finish', finish('stop'), true],
  ])('%s', (_, event, expected) => expect(hasContent(event)).toBe(expected));
});
