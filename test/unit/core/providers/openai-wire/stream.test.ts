import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isWhole,
  lacksNothing,
  START,
  type StreamState,
  step,
} from '../../../../../core/providers/openai-wire/stream.ts';
import { ProviderFailure } from '../../../../../core/providers/provider.ts';

const event = (fields: object) => JSON.stringify(fields);
const choice = (fields: object) => event({ choices: [{ index: 0, delta: {}, ...fields }] });

function run(events: readonly string[]) {
  let state: StreamState = START;
  const chunks = [];
  for (const data of events) {
    const result = step(state, data);
    if (result instanceof ProviderFailure) return result;
    state = result[0];
    if (result[1]) chunks.push(result[1]);
  }
  return { state, chunks };
}

describe('step', () => {
  it.each([
    ['what is not JSON', 'data', 'bad-response'],
    ['a cut object', '{"choices":[{"delta":{"content":"a', 'bad-response'],
    ['JSON that is no chunk', '{"hello":1}', 'bad-response'],
    ['null', 'null', 'bad-response'],
    ['an error', event({ error: { type: 'server_error', message: 'x' } }), 'server-error'],
    ['an error with a status', event({ error: { code: 429, message: 'x' } }), 'rate-limited'],
    ['a quota', event({ error: { code: 'insufficient_quota' } }), 'rate-limited'],
    ['a bare error string', event({ error: 'model crashed' }), 'server-error'],
  ])('fails on %s', (_, data, reason) => expect(run([data])).toMatchObject({ reason }));

  it('numbers tool calls of servers that do not', () => {
    const result = run([
      choice({ delta: { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] } }),
      choice({ delta: { tool_calls: [{ function: { arguments: '}' } }] } }),
      choice({ delta: { tool_calls: [{ id: 'b', function: { name: 'g', arguments: '{}' } }] } }),
    ]);
    expect(result).toMatchObject({
      chunks: [0, 0, 1].map((index) => ({ choices: [{ delta: { tool_calls: [{ index }] } }] })),
    });
  });

  it('tolerates missing and null fields', () => {
    expect(
      run([event({ choices: [{ delta: { content: 'a' }, finish_reason: null }], usage: null })]),
    ).toMatchObject({ chunks: [{ choices: [{ index: 0, delta: { content: 'a' } }] }] });
  });
});

describe('isWhole', () => {
  const content = choice({ delta: { content: 'a' } });
  const finish = choice({ finish_reason: 'stop' });
  it.each([
    ['nothing came', [], 1, false],
    ['content without an end', [content], 1, false],
    ['[DONE] without a finish reason', [content, '[DONE]'], 1, false],
    ['a finish reason and [DONE]', [content, finish, '[DONE]'], 1, true],
    ['a finish reason without [DONE]', [content, finish], 1, true],
    ['a finish reason and an empty chunk after it', [content, finish, choice({})], 1, true],
    ['one of two choices, without [DONE]', [content, finish], 2, false],
    ['one choice where two were asked for, with [DONE]', [content, finish, '[DONE]'], 2, true],
  ])('%s', (_, events, asked, whole) => {
    const result = run(events);
    expect(result).not.toBeInstanceOf(ProviderFailure);
    if (!(result instanceof ProviderFailure)) expect(isWhole(result.state, asked)).toBe(whole);
  });

  it('never calls an answer whole that was cut before its last finish reason', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(100), (choices, cut) => {
        const events = Array.from({ length: choices }, (_, index) => [
          event({ choices: [{ index, delta: { content: 'a' } }] }),
          event({ choices: [{ index, delta: {}, finish_reason: 'stop' }] }),
        ]).flat();
        const kept = events.slice(0, cut % events.length);
        const result = run(kept);
        if (result instanceof ProviderFailure) throw result;
        expect(isWhole(result.state, choices)).toBe(false);
      }),
    ));
});

describe('lacksNothing', () => {
  const finish = choice({ finish_reason: 'stop' });
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const counted = event({ choices: [], usage });
  it.each([
    ['no usage and no [DONE]', [finish], false],
    ['[DONE] without usage', [finish, '[DONE]'], true],
    ['usage without [DONE]', [finish, counted], true],
    ['usage that came early', [counted, finish, choice({})], true],
    ['usage without a finish', [counted, choice({})], false],
  ])('%s', (_, events, expected) => {
    const result = run(events);
    if (result instanceof ProviderFailure) throw result;
    expect(lacksNothing(result.state, 1)).toBe(expected);
  });
});
