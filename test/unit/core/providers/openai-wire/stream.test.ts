import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  begin,
  finish,
  lacksNothing,
  step,
} from '../../../../../core/providers/openai-wire/stream.ts';
import { ProviderFailure } from '../../../../../core/providers/provider.ts';

const event = (fields: object) => JSON.stringify(fields);
const choice = (fields: object) => event({ choices: [{ index: 0, delta: {}, ...fields }] });

function run(events: readonly string[]) {
  let state = begin('answer');
  const chunks = [];
  for (const data of events) {
    const result = step(state, data);
    if (result instanceof ProviderFailure) return result;
    state = result[0];
    if (result[1]) chunks.push(result[1]);
  }
  return { state, chunks };
}

function runWell(events: readonly string[]) {
  const result = run(events);
  if (result instanceof ProviderFailure) throw result;
  return result;
}

const content = choice({ delta: { content: 'a' } });
const stop = choice({ finish_reason: 'stop' });
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const counted = event({ choices: [], usage });

describe('step', () => {
  it.each([
    ['what is not JSON', 'data', 'bad-response'],
    ['a cut object', '{"choices":[{"delta":{"content":"a', 'bad-response'],
    ['choices that are none', '{"choices":{}}', 'bad-response'],
    ['content that is no text', choice({ delta: { content: 1 } }), 'bad-response'],
    ['null', 'null', 'bad-response'],
    ['an error', event({ error: { type: 'server_error', message: 'x' } }), 'server-error'],
    ['an error with a status', event({ error: { code: 429, message: 'x' } }), 'rate-limited'],
    ['a quota', event({ error: { code: 'insufficient_quota' } }), 'rate-limited'],
    ['a bare error string', event({ error: 'model crashed' }), 'server-error'],
    ['an error that is the event', event({ object: 'error', code: 400 }), 'invalid-request'],
  ])('fails on %s', (_, data, reason) => expect(run([data])).toMatchObject({ reason }));

  it.each(['error', 'abort', 'insufficient_system_resource', 'load', 'tomorrow'])(
    'fails on the finish %s, by its name',
    (finish_reason) =>
      expect(run([content, choice({ finish_reason })])).toMatchObject({
        reason: 'bad-response',
        details: { upstreamCode: finish_reason },
      }),
  );

  it("keeps no word of a finish that is somebody's prose", () => {
    const failure = run([choice({ finish_reason: 'the canary says no' })]);
    expect(failure).toMatchObject({ reason: 'bad-response' });
    expect(JSON.stringify(failure)).not.toContain('canary');
  });

  it.each([
    ['choices that are null', { choices: null, id: 'x' }, { choices: [], id: 'x' }],
    ['choices that are missing', { novelty: 1 }, { choices: [], novelty: 1 }],
    ['an error that is empty', { choices: [], error: '' }, { choices: [], error: '' }],
    ['an error that is null', { choices: [], error: null }, { choices: [], error: null }],
    ['usage without choices', { usage }, { choices: [], usage }],
    ['usage with a null in it', { usage: { ...usage, extra: null } }, { choices: [], usage }],
    ['usage that is empty', { choices: [], usage: {} }, { choices: [] }],
    ['a fingerprint that is null', { choices: [], system_fingerprint: null }, { choices: [] }],
  ])('tolerates %s', (_, told, chunk) => expect(runWell([event(told)]).chunks).toEqual([chunk]));

  it.each([
    ['no index', { delta: { content: 'a' } }, { delta: { content: 'a' } }],
    ['no delta', { index: 0 }, { delta: {} }],
    ['a delta that is null', { index: 0, delta: null }, { delta: {} }],
    ['an empty finish', { delta: {}, finish_reason: '' }, { delta: {} }],
    [
      'nulls for what is absent',
      { delta: { role: null, content: null, tool_calls: null, function_call: null, audio: null } },
      { delta: { content: null, audio: null } },
    ],
    [
      'half of the log probabilities',
      { delta: { content: 'a' }, logprobs: { content: [] } },
      { delta: { content: 'a' }, logprobs: { content: [], refusal: null } },
    ],
  ])('tolerates a choice with %s', (_, told, read) =>
    expect(runWell([event({ choices: [told] })]).chunks).toEqual([
      { choices: [{ index: 0, finish_reason: null, ...read }] },
    ]),
  );

  it('numbers the tool calls of each choice, and names those that have no name', () => {
    const called = (index: number) =>
      event({
        choices: [{ index, delta: { tool_calls: [{ function: { name: 'f', arguments: {} } }] } }],
      });
    const calls = runWell([called(0), called(1), called(0)]).chunks.flatMap(({ choices }) =>
      choices.map(({ delta }) => delta.tool_calls?.[0]),
    );
    const made = { type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(calls).toEqual([
      { index: 0, id: 'call_answer_0_0', ...made },
      { index: 0, id: 'call_answer_1_0', ...made },
      { index: 1, id: 'call_answer_0_1', ...made },
    ]);
  });
});

describe('a finish', () => {
  const ending = (events: readonly string[], choicesAsked = 1) =>
    finish(runWell(events).state, choicesAsked);
  const end = { index: 0, delta: {}, finish_reason: 'stop' };

  it('is held back until the end, with all that came beside it', () => {
    const told = { id: 'x', choices: [{ ...end, stop_reason: 7 }], novelty: 1 };
    const { chunks } = runWell([content, event(told), '[DONE]']);
    expect(chunks).toMatchObject([{ choices: [{ delta: { content: 'a' } }] }]);
    expect(chunks).toHaveLength(1);
    expect(ending([content, event(told), '[DONE]'])).toEqual([told]);
  });

  it('does not hold back the text and the usage that came with it', () => {
    const told = event({
      id: 'x',
      choices: [{ ...end, delta: { content: 'a' }, stop_reason: 7 }],
      usage,
    });
    expect(runWell([told]).chunks).toEqual([
      {
        id: 'x',
        choices: [{ index: 0, delta: { content: 'a' }, stop_reason: 7, finish_reason: null }],
        usage,
      },
    ]);
    expect(ending([told])).toEqual([{ choices: [end] }]);
  });

  it('does not hold back usage that came with nothing else', () => {
    expect(runWell([event({ choices: [end], usage })]).chunks).toEqual([{ choices: [], usage }]);
  });

  it('is told once', () => {
    const again = choice({ finish_reason: 'length' });
    expect(ending([content, stop, again])).toEqual([{ choices: [end] }]);
  });

  it.each([
    ['nothing came', [], 1, false],
    ['content without an end', [content], 1, false],
    ['[DONE] without a finish reason', [content, '[DONE]'], 1, false],
    ['a finish reason and [DONE]', [content, stop, '[DONE]'], 1, true],
    ['a finish reason and [DONE] with a space', [content, stop, '[DONE] '], 1, true],
    ['a finish reason without [DONE]', [content, stop], 1, true],
    ['a finish reason and an empty chunk after it', [content, stop, choice({})], 1, true],
    ['one of two choices, without [DONE]', [content, stop], 2, false],
    ['one choice where two were asked for, with [DONE]', [content, stop, '[DONE]'], 2, true],
  ])('is shown at the end of a whole answer alone: %s', (_, events, asked, isWhole) => {
    const result = ending(events, asked);
    if (isWhole) expect(result).toEqual([{ choices: [end] }]);
    else expect(result).toMatchObject({ reason: 'interrupted' });
  });

  it('never comes from an answer that was cut before its last one', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(100), (choices, cut) => {
        const events = Array.from({ length: choices }, (_, index) => [
          event({ choices: [{ index, delta: { content: 'a' } }] }),
          event({ choices: [{ index, delta: {}, finish_reason: 'stop' }] }),
        ]).flat();
        const result = ending(events.slice(0, cut % events.length), choices);
        expect(result).toBeInstanceOf(ProviderFailure);
      }),
    ));
});

describe('lacksNothing', () => {
  it.each([
    ['no usage and no [DONE]', [stop], false],
    ['usage that says nothing', [stop, event({ usage: {} })], false],
    ['[DONE] without usage', [stop, '[DONE]'], true],
    ['usage without [DONE]', [stop, counted], true],
    ['usage that came early', [counted, stop, choice({})], true],
    ['usage without a finish', [counted, choice({})], false],
  ])('%s', (_, events, expected) => expect(lacksNothing(runWell(events).state, 1)).toBe(expected));
});
