import { describe, expect, it } from 'vitest';
import { toEvent, toFinishReason } from '../../../../../core/providers/openai-wire/response.ts';

describe('toFinishReason', () => {
  it.each([
    ['stop', 'stop'],
    ['STOP', 'stop'],
    ['eos', 'stop'],
    ['eos_token', 'stop'],
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['model_length', 'length'],
    ['repetition', 'length'],
    ['tool_calls', 'tool_calls'],
    ['tool_use', 'tool_calls'],
    ['function_call', 'function_call'],
    ['content_filter', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['content_filter: RECITATION', 'content_filter'],
    ['error', undefined],
    ['abort', undefined],
    ['insufficient_system_resource', undefined],
    ['load', undefined],
    ['constructor', undefined],
  ])('%s is %s', (told, reason) => expect(toFinishReason(told)).toBe(reason));
});

describe('toEvent', () => {
  it('tells a whole answer as one event', () => {
    const message = { role: 'assistant', content: 'Hi', tool_calls: [{ id: 'a' }], x: 1 };
    const body = { id: '1', choices: [{ message, finish_reason: 'stop' }], usage: null };
    expect(toEvent(body)).toEqual({
      id: '1',
      choices: [{ index: 0, delta: message, finish_reason: 'stop' }],
      usage: null,
    });
  });

  it.each([
    [null, 'bad-response'],
    [{}, 'bad-response'],
    [{ choices: [] }, 'bad-response'],
    [{ choices: [{ text: 'a' }] }, 'bad-response'],
    [{ error: { code: 'rate_limit_exceeded' } }, 'rate-limited'],
    [{ object: 'error', message: 'no', code: 404 }, 'model-not-found'],
    [[{ error: { code: 503 } }], 'server-error'],
  ])('refuses %j as %s', (body, reason) => expect(toEvent(body)).toMatchObject({ reason }));
});
