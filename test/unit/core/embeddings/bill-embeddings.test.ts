import { expect, it } from 'vitest';
import { microUsd } from '../../../../core/contract/money.ts';
import { billEmbeddings } from '../../../../core/embeddings/bill-embeddings.ts';
import type { BilledUsage } from '../../../../core/ledger/token-usage.ts';

const price = ({ usage, status }: BilledUsage) => ({
  microUsd: microUsd(usage.uncachedInput),
  status,
});
const bill = (report: object | undefined, input: string | number[] | (string | number[])[]) =>
  billEmbeddings(report === undefined ? undefined : { ...report }, { model: 'm', input }, price);

it.each([
  ['prompt and total', { prompt_tokens: 7, total_tokens: 7 }],
  ['the prompt alone', { prompt_tokens: 7 }],
  ['the total alone', { total_tokens: 7 }],
])('%s tell all there is: embeddings have no output', async (_, report) => {
  expect(await bill(report, 'Hello')).toEqual({
    usage: { usage: { uncachedInput: 7, output: 0 }, status: 'exact' },
    cost: { microUsd: 7, status: 'exact' },
    wire: { prompt_tokens: 7, total_tokens: 7, cost: 0.000007 },
  });
});

it.each([
  ['a text', 'Hello world', 2],
  ['texts', ['Hello', ' world'], 2],
  ['tokens', [1, 2, 3], 3],
  ['texts and tokens', ['Hello', [1, 2, 3]], 4],
])('%s without a count is counted by the gateway, and marked', async (_, input, tokens) => {
  expect((await bill(undefined, input)).wire).toEqual({
    prompt_tokens: tokens,
    total_tokens: tokens,
    estimated: true,
    cost: tokens / 1_000_000,
  });
});
