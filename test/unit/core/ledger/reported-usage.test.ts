import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUsage, toReport, toWireUsage } from '../../../../core/ledger/reported-usage.ts';
import { type TokenUsage, totalTokens } from '../../../../core/ledger/token-usage.ts';

const totals = (prompt: number, completion: number, total = prompt + completion) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: total,
});

describe('what a provider reports', () => {
  it.each<[string, object, TokenUsage]>([
    [
      'OpenAI, whose prompt holds what was cached',
      {
        ...totals(1000, 200),
        prompt_tokens_details: { cached_tokens: 400, audio_tokens: 100 },
        completion_tokens_details: { reasoning_tokens: 150, audio_tokens: 0 },
      },
      {
        uncachedInput: 600,
        cacheRead: 400,
        audioInput: 100,
        output: 200,
        reasoning: 150,
        audioOutput: 0,
      },
    ],
    [
      'OpenAI, where the prompt was written to the cache',
      {
        ...totals(1000, 200),
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 900 },
      },
      { uncachedInput: 100, cacheRead: 0, cacheWrite5m: 900, output: 200 },
    ],
    [
      'a server with the names of Anthropic',
      {
        ...totals(1000, 200),
        cache_read_input_tokens: 300,
        cache_creation_input_tokens: 500,
        cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 100 },
      },
      { uncachedInput: 200, cacheRead: 300, cacheWrite5m: 400, cacheWrite1h: 100, output: 200 },
    ],
    [
      'a server that counts the cached tokens beside the prompt, as its total shows',
      {
        ...totals(10, 5, 1515),
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 500,
      },
      { uncachedInput: 10, cacheRead: 1000, cacheWrite5m: 500, output: 5 },
    ],
    [
      'xAI, whose total holds thoughts that its completion does not',
      {
        ...totals(307, 26, 560),
        prompt_tokens_details: { cached_tokens: 306 },
        completion_tokens_details: { reasoning_tokens: 227 },
      },
      { uncachedInput: 1, cacheRead: 306, output: 253, reasoning: 227 },
    ],
    [
      'DeepSeek',
      { ...totals(100, 5), prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
      { uncachedInput: 36, cacheRead: 64, output: 5 },
    ],
    [
      'Moonshot',
      { ...totals(100, 5), cached_tokens: 64 },
      { uncachedInput: 36, cacheRead: 64, output: 5 },
    ],
    [
      'a server that says null for what it does not know',
      {
        ...totals(10, 5),
        prompt_tokens_details: null,
        completion_tokens_details: { reasoning_tokens: null },
      },
      { uncachedInput: 10, output: 5 },
    ],
    ['prompt and total', { prompt_tokens: 10, total_tokens: 15 }, { uncachedInput: 10, output: 5 }],
    [
      'completion and total',
      { completion_tokens: 5, total_tokens: 15 },
      { uncachedInput: 10, output: 5 },
    ],
    [
      'both sides without a total',
      { prompt_tokens: 10, completion_tokens: 5 },
      { uncachedInput: 10, output: 5 },
    ],
    ['both sides and no sum', totals(10, 5, 0), { uncachedInput: 10, output: 5 }],
    ['nothing used', totals(0, 0), { uncachedInput: 0, output: 0 }],
  ])('%s: is taken as it is', (_, report, usage) => {
    expect(countUsage(report)).toEqual({ usage, status: 'exact' });
  });

  it('not told is not zero', () => {
    expect(countUsage(totals(10, 5))?.usage.cacheRead).toBeUndefined();
    const told = { ...totals(10, 5), prompt_tokens_details: { cached_tokens: 0 } };
    expect(countUsage(told)?.usage.cacheRead).toBe(0);
  });

  const within = (details: object) => ({ ...totals(10, 5), prompt_tokens_details: details });

  it.each<[string, object, TokenUsage]>([
    [
      'more cached than there was',
      within({ cached_tokens: 50 }),
      { uncachedInput: 0, cacheRead: 10, output: 5 },
    ],
    [
      'more cached than there was, and no total',
      { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 50 },
      { uncachedInput: 10, cacheRead: 50, output: 5 },
    ],
    [
      'reads and writes that overlap',
      within({ cached_tokens: 8, cache_write_tokens: 8 }),
      { uncachedInput: 0, cacheRead: 8, cacheWrite5m: 2, output: 5 },
    ],
    [
      'more written for an hour than at all',
      within({
        cache_write_tokens: 4,
        cache_creation_token_details: { ephemeral_1h_input_tokens: 6 },
      }),
      { uncachedInput: 6, cacheWrite5m: 0, cacheWrite1h: 4, output: 5 },
    ],
    [
      'more reasoning than output',
      { ...totals(10, 5), completion_tokens_details: { reasoning_tokens: 9 } },
      { uncachedInput: 10, output: 5, reasoning: 5 },
    ],
    ['a total below its parts', totals(10, 5, 12), { uncachedInput: 10, output: 5 }],
    [
      'a total below the prompt',
      { prompt_tokens: 10, total_tokens: 8 },
      { uncachedInput: 10, output: 0 },
    ],
    ['a negative detail', within({ cached_tokens: -1 }), { uncachedInput: 10, output: 5 }],
    ['a negative side', totals(-10, 5, 15), { uncachedInput: 10, output: 5 }],
    ['a fraction', totals(10.5, 5, 15), { uncachedInput: 10, output: 5 }],
    ['a text', { ...totals(10, 5), total_tokens: '15' }, { uncachedInput: 10, output: 5 }],
    ['no number', totals(Number.NaN, 5, 15), { uncachedInput: 10, output: 5 }],
    ['more than any model reads', totals(1e15, 5, 15), { uncachedInput: 10, output: 5 }],
  ])('%s: is mended, and said to be estimated', (_, report, usage) => {
    expect(countUsage(report)).toEqual({ usage, status: 'estimated' });
  });

  const guess = { input: 7, output: 3 };

  it.each<[string, unknown, TokenUsage]>([
    ['nothing', undefined, { uncachedInput: 7, output: 3 }],
    ['no object', 'n/a', { uncachedInput: 7, output: 3 }],
    ['an empty object', {}, { uncachedInput: 7, output: 3 }],
    ['the total alone', { total_tokens: 12 }, { uncachedInput: 9, output: 3 }],
    ['a total below the guess', { total_tokens: 2 }, { uncachedInput: 0, output: 2 }],
    ['the prompt alone', { prompt_tokens: 12 }, { uncachedInput: 12, output: 3 }],
    [
      'the prompt and its cached part',
      { prompt_tokens: 12, cached_tokens: 4 },
      { uncachedInput: 8, cacheRead: 4, output: 3 },
    ],
    ['the completion alone', { completion_tokens: 12 }, { uncachedInput: 7, output: 12 }],
  ])('%s: needs a guess for the rest', (_, report, usage) => {
    expect(countUsage(report)).toBeUndefined();
    expect(countUsage(report, guess)).toEqual({ usage, status: 'estimated' });
  });
});

const count = fc.nat(1_000_000);
const optional = fc.option(count, { nil: undefined });
const nonsense = fc.oneof(count, fc.double(), fc.integer(), fc.string(), fc.constant(null));
const report = fc.record(
  {
    prompt_tokens: nonsense,
    completion_tokens: nonsense,
    total_tokens: nonsense,
    cached_tokens: nonsense,
    cache_creation_input_tokens: nonsense,
    cache_creation: fc.record(
      { ephemeral_5m_input_tokens: nonsense, ephemeral_1h_input_tokens: nonsense },
      { requiredKeys: [] },
    ),
    prompt_tokens_details: fc.option(
      fc.record(
        { cached_tokens: nonsense, audio_tokens: nonsense, image_tokens: nonsense },
        { requiredKeys: [] },
      ),
    ),
    completion_tokens_details: fc.option(
      fc.record({ reasoning_tokens: nonsense, audio_tokens: nonsense }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);

describe('the record', () => {
  it('holds no part above its whole and no negative one, whatever is reported', () =>
    fc.assert(
      fc.property(report, (reported) => {
        const { usage } = countUsage(reported, { input: 7, output: 3 }) ?? expect.fail();
        const { audioInput = 0, imageInput = 0, reasoning = 0, audioOutput = 0 } = usage;
        for (const part of Object.values(usage)) {
          expect(part ?? 0).toSatisfy((tokens: number) => Number.isInteger(tokens) && tokens >= 0);
        }
        expect(audioInput + imageInput).toBeLessThanOrEqual(usage.uncachedInput);
        expect(Math.max(reasoning, audioOutput)).toBeLessThanOrEqual(usage.output);
      }),
    ));

  it('sums to the total of the provider', () =>
    fc.assert(
      fc.property(count, count, count, optional, (prompt, completion, extra, cached) => {
        const reported = {
          ...totals(prompt, completion, prompt + completion + extra),
          cached_tokens: cached,
        };
        const { usage } = countUsage(reported) ?? expect.fail();
        expect(totalTokens(usage)).toBe(reported.total_tokens || prompt + completion);
      }),
    ));

  it('comes back from the wire as it went', () =>
    fc.assert(
      fc.property(
        fc.record({ plain: count, cacheRead: optional, cacheWrite5m: optional, output: count }),
        fc.record({ cacheWrite1h: optional, audio: optional, image: optional, spoken: optional }),
        ({ plain, output, cacheRead, cacheWrite5m }, { cacheWrite1h, audio, image, spoken }) => {
          const usage: TokenUsage = {
            uncachedInput: plain + (audio ?? 0) + (image ?? 0),
            cacheRead,
            cacheWrite5m,
            cacheWrite1h: cacheWrite5m === undefined ? undefined : cacheWrite1h,
            audioInput: audio,
            imageInput: image,
            output: output + (spoken ?? 0),
            audioOutput: spoken,
            reasoning: spoken === undefined ? output : undefined,
          };
          expect(countUsage(toReport(usage))).toEqual({ usage, status: 'exact' });
        },
      ),
    ));
});

describe('what the client is told', () => {
  it("is the provider's own report", () => {
    const told = { ...totals(10, 5), prompt_tokens_details: { cached_tokens: 4 }, queue_time: 0.1 };
    const counted = countUsage(told) ?? expect.fail();
    expect(toWireUsage(counted, told)).toEqual(told);
  });

  it('has the totals that are charged, and is marked where they are not the provider’s', () => {
    const told = { total_tokens: 12, queue_time: 0.1 };
    const counted = countUsage(told, { input: 7, output: 3 }) ?? expect.fail();
    expect(toWireUsage(counted, told)).toEqual({
      ...totals(9, 3),
      queue_time: 0.1,
      estimated: true,
    });
  });

  it("leaves out the provider's idea of the cost", () => {
    const told = { ...totals(10, 5), cost: 7 };
    const counted = countUsage(told) ?? expect.fail();
    expect(toWireUsage(counted, told)).toEqual(totals(10, 5));
  });
});
