/** What embeddings cost: they have no output, and some servers count nothing. */
import type { EmbeddingRequest, EmbeddingResponse } from '../contract/embeddings.ts';
import type { Cost } from '../contract/money.ts';
import { type Bill, costField } from '../ledger/bill.ts';
import { countTokens } from '../ledger/count-tokens.ts';
import { keepText, NO_TEXT } from '../ledger/kept-text.ts';
import { countUsage, toWireUsage } from '../ledger/reported-usage.ts';
import type { BilledUsage, CountedUsage } from '../ledger/token-usage.ts';

export async function billEmbeddings(
  report: EmbeddingResponse['usage'],
  { input }: EmbeddingRequest,
  price: (usage: BilledUsage) => Cost,
): Promise<Omit<Bill, 'wire'> & { readonly wire: NonNullable<EmbeddingResponse['usage']> }> {
  const usage = countUsage({ ...report, completion_tokens: 0 }) ?? (await countInput(input));
  const cost = price(usage);
  const { completion_tokens: _, ...wire } = toWireUsage(usage, report);
  return { usage, cost, wire: { ...wire, ...costField(cost) } };
}

/** Clients may send tokens in place of text. */
async function countInput(input: EmbeddingRequest['input']): Promise<CountedUsage> {
  const items = typeof input === 'string' ? [input] : input;
  let text = NO_TEXT;
  let tokens = 0;
  for (const item of items) {
    if (typeof item === 'string') text = keepText(text, item);
    else tokens += typeof item === 'number' ? 1 : item.length;
  }
  const uncachedInput = tokens + (await countTokens(text));
  return { usage: { uncachedInput, output: 0 }, status: 'estimated' };
}
