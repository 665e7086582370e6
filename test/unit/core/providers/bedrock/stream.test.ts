import { readFileSync } from 'node:fs';
import type { ContentBlock, ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../../../core/contract/chat.ts';
import {
  beginCompletion,
  finishCompletion,
  foldChunk,
} from '../../../../../core/contract/completion-stream.ts';
import { toStreamEvents } from '../../../../../core/providers/bedrock/response.ts';
import { finish, isFinished, START, step } from '../../../../../core/providers/bedrock/stream.ts';

type Events = readonly ConverseStreamOutput[];

function replay(events: Events) {
  let state = START;
  const chunks: ChatChunk[] = [];
  for (const event of events) {
    const [next, more] = step(state, event);
    state = next;
    chunks.push(...more);
  }
  return { state, chunks: [...chunks, ...finish(state)] };
}

function completionOf(events: Events) {
  const envelope = { id: 'chatcmpl-1', model: 'm', created: 1 };
  const { chunks } = replay(events);
  return finishCompletion(
    chunks.reduce(
      (soFar, chunk) => foldChunk(soFar, { ...envelope, ...chunk }),
      beginCompletion({ id: 'chatcmpl-1', created: 1, model: 'm' }),
    ),
  );
}

/** On the wire bytes are base64; the SDK hands them over decoded. */
const parse = (text: string) =>
  JSON.parse(text, (key, value) =>
    key === 'redactedContent' ? Buffer.from(value, 'base64') : value,
  );
const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/bedrock/${name}`, import.meta.url), 'utf8');
const streamed = (name: string): Events =>
  fixture(`${name}.events.jsonl`).trim().split('\n').map(parse);

const usageOf = (prompt: number, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});
const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const stopped = (stopReason: string) => ({ messageStop: { stopReason } }) as ConverseStreamOutput;
const metadata: ConverseStreamOutput = {
  metadata: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: undefined },
};
const text = (content: string): ConverseStreamOutput => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { text: content } },
});
const toolStart = (contentBlockIndex: number, toolUseId: string): ConverseStreamOutput => ({
  contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId, name: 'now' } } },
});
const toolInput = (contentBlockIndex: number, input: string): ConverseStreamOutput => ({
  contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } },
});

describe('a stream of Converse', () => {
  it.each(['text', 'reasoning', 'tools'])('%s: streamed and unstreamed, one answer', (name) => {
    const completion = parse(fixture(`${name}.completion.json`));
    const unstreamed = toStreamEvents(parse(fixture(`${name}.answer.json`)));
    expect(completionOf(streamed(name))).toEqual(completion);
    expect(completionOf(unstreamed)).toEqual(completion);
  });

  it('the role comes first, then each fragment as it arrives, then the finish, then the usage', () => {
    const { chunks } = replay([text('a'), text('b'), stopped('end_turn'), metadata]);
    expect(chunks).toEqual([
      { choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: 'b' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: usageOf(1, 1) },
    ]);
  });

  it('usage that arrives before the stop still comes last', () => {
    const events = [text('a'), stopped('end_turn'), metadata] as const;
    const [first, stop, usage] = events;
    expect(replay([first, usage, stop]).chunks).toEqual(replay(events).chunks);
  });

  it('tool calls that interleave keep their own count, whatever the blocks count', () => {
    const events = [
      toolStart(3, 'a'),
      toolStart(7, 'b'),
      toolInput(7, '{"zone":'),
      toolInput(3, '{"zone":"CET"}'),
      toolInput(7, '"UTC"}'),
      stopped('tool_use'),
      metadata,
    ];
    expect(completionOf(events)?.choices[0]?.message.tool_calls).toEqual([
      call('a', 'now', '{"zone":"CET"}'),
      call('b', 'now', '{"zone":"UTC"}'),
    ]);
  });

  it('a block without an index is the first one', () => {
    const events: Events = [
      { contentBlockStart: { start: { toolUse: { toolUseId: 'a', name: 'now' } } } } as never,
      { contentBlockDelta: { delta: { toolUse: { input: '{"zone":"CET"}' } } } } as never,
      { contentBlockStop: { contentBlockIndex: undefined } },
      stopped('tool_use'),
    ];
    expect(completionOf(events)?.choices[0]?.message.tool_calls).toEqual([
      call('a', 'now', '{"zone":"CET"}'),
    ]);
  });

  it.each([
    ['closed by its own stop', [{ contentBlockStop: { contentBlockIndex: 0 } }]],
    ['closed by the end alone', []],
  ])('a call without arguments, %s, has an empty object', (_, closing) => {
    const events = [toolStart(0, 'a'), toolInput(0, ''), ...closing, stopped('tool_use'), metadata];
    expect(completionOf(events)?.choices[0]?.message.tool_calls).toEqual([call('a', 'now', '{}')]);
  });

  it.each([
    ['an unknown event', { $unknown: ['song', {}] }],
    [
      'an unknown kind of delta',
      { contentBlockDelta: { contentBlockIndex: 0, delta: { $unknown: ['x', 1] } } },
    ],
    ['an empty fragment', text('')],
    [
      'an empty fragment of reasoning',
      { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: '' } } } },
    ],
    ['the end of a block of text', { contentBlockStop: { contentBlockIndex: 0 } }],
  ])('%s changes nothing', (_, odd) => {
    const events = [text('a'), odd as ConverseStreamOutput, stopped('end_turn'), metadata];
    expect(replay(events).chunks).toEqual(
      replay([text('a'), stopped('end_turn'), metadata]).chunks,
    );
  });

  it('arguments for a call that never began are not what the protocol says', () => {
    expect(() => step(START, toolInput(0, '{}'))).toThrow(
      expect.objectContaining({ reason: 'bad-response' }),
    );
  });
});

describe('the end of a stream', () => {
  it('is whole with the stop, and finished with the usage', () => {
    const { state, chunks } = replay([text('a'), stopped('end_turn')]);
    expect(isFinished(state)).toBe(false);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(isFinished(step(state, metadata)[0])).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['text alone', [text('a')]],
    ['usage alone', [text('a'), metadata]],
  ])('after %s is an interruption', (_, events) => {
    expect(() => replay(events)).toThrow(expect.objectContaining({ reason: 'interrupted' }));
  });

  it.each(['malformed_tool_use', 'malformed_model_output', 'tired', ''])(
    'with the reason "%s" is a bad response, and its usage is told before',
    (reason) => {
      const [asked, unfinished] = step(step(START, text('a'))[0], stopped(reason));
      const [state, chunks] = step(asked, metadata);
      expect(unfinished).toEqual([]);
      expect(chunks).toEqual([{ choices: [], usage: usageOf(1, 1) }]);
      expect(() => finish(state)).toThrow(
        expect.objectContaining({ reason: 'bad-response', details: { upstreamCode: reason } }),
      );
    },
  );

  it('without a reason is a bad response', () => {
    const [state] = step(START, { messageStop: { stopReason: undefined } });
    expect(() => finish(state)).toThrow(expect.objectContaining({ reason: 'bad-response' }));
  });
});

/** Blocks of an answer, and where to cut each of their strings. */
const words = fc.string({ unit: 'binary', minLength: 1 });
const blocks = fc.array(
  fc.oneof(
    words.map((text): ContentBlock => ({ text })),
    fc.jsonValue().map(
      (value): ContentBlock => ({
        toolUse: { toolUseId: 'id', name: 'now', input: { value: value as string } },
      }),
    ),
    fc
      .record({ text: words, signature: words })
      .map((reasoningText): ContentBlock => ({ reasoningContent: { reasoningText } })),
  ),
);

const splitAt = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

function splitEvent(event: ConverseStreamOutput, cuts: readonly number[]): ConverseStreamOutput[] {
  const { contentBlockIndex, delta } = event.contentBlockDelta ?? {};
  const { text, toolUse, reasoningContent } = delta ?? {};
  const again = (whole: string, wrap: (part: string) => object) =>
    splitAt(whole, cuts).map(
      (part) =>
        ({ contentBlockDelta: { contentBlockIndex, delta: wrap(part) } }) as ConverseStreamOutput,
    );
  if (text) return again(text, (part) => ({ text: part }));
  if (toolUse?.input) return again(toolUse.input, (input) => ({ toolUse: { input } }));
  if (reasoningContent?.text) {
    return again(reasoningContent.text, (part) => ({ reasoningContent: { text: part } }));
  }
  return [event];
}

it('any split of the same events is the same answer', () => {
  const cuts = fc.array(fc.nat(), { maxLength: 5 });
  fc.assert(
    fc.property(blocks, cuts, (content, where) => {
      const events = toStreamEvents({
        output: { message: { role: 'assistant', content } },
        stopReason: 'end_turn',
        usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
        metrics: undefined,
      });
      const split = events.flatMap((event) => splitEvent(event, where));
      expect(completionOf(split)).toEqual(completionOf(events));
    }),
  );
});
