/** From what an answer told of its usage to what it costs. */
import type { ChatChunk, Usage } from '../contract/chat.ts';
import type { Cost } from '../contract/money.ts';
import { countTokens } from './count-tokens.ts';
import { NO_TEXT } from './kept-text.ts';
import { promptText, type SizedRequest } from './prompt-size.ts';
import { countUsage, toWireUsage } from './reported-usage.ts';
import type { BilledUsage, CountedUsage } from './token-usage.ts';
import { NOTHING_TALLIED, tallyChunk, type UsageTally } from './usage-tally.ts';

/** What the log row is told. */
export interface Charged {
  readonly usage: CountedUsage;
  readonly cost: Cost;
}

export interface Bill extends Charged {
  /** For the client: the provider's own, or marked `estimated`; with its `cost` in USD if there is a price. */
  readonly wire: Usage;
}

export interface BilledStream {
  readonly chunks: AsyncGenerator<ChatChunk>;
  /** For what has passed so far. */
  readonly bill: () => Promise<Bill>;
}

/** The same chunks, with what they cost: known at any time, and however they end. */
export function billed(
  chunks: AsyncIterable<ChatChunk>,
  request: SizedRequest,
  price: (usage: BilledUsage) => Cost,
): BilledStream {
  let tally = NOTHING_TALLIED;
  async function* pass() {
    for await (const chunk of chunks) {
      tally = tallyChunk(tally, chunk);
      yield chunk;
    }
  }
  return { chunks: pass(), bill: () => toBill(tally, request, price) };
}

/** The gateway counts what the provider did not: answers that broke off, and servers that do not count. */
async function toBill(
  tally: UsageTally,
  request: SizedRequest,
  price: (usage: BilledUsage) => Cost,
): Promise<Bill> {
  const usage = await settleUsage(tally, request);
  const cost = price({ ...usage, tier: tally.tier });
  return { usage, cost, wire: { ...toWireUsage(usage, tally.report), ...costField(cost) } };
}

/** The gateway's addition to OpenAI's usage object, in USD. */
export const costField = ({ microUsd, status }: Cost): { readonly cost?: number } =>
  status === 'unpriced' ? {} : { cost: microUsd / 1_000_000 };

async function settleUsage(
  { report, unreported }: UsageTally,
  request: SizedRequest,
): Promise<CountedUsage> {
  const told = countUsage(report);
  if (told && unreported === NO_TEXT) return told;
  const said = Math.min(await countTokens(unreported), maxOutput(request));
  if (told) {
    const { usage } = told;
    return { usage: { ...usage, output: usage.output + said }, status: 'estimated' };
  }
  const { text, extraTokens } = promptText(request.wire);
  const input = (await countTokens(text)) + extraTokens;
  const counted = countUsage(report, { input, output: said });
  if (!counted) throw new Error('A guess completes every report.');
  return counted;
}

const maxOutput = ({ maxTokens = Number.POSITIVE_INFINITY, wire }: SizedRequest): number =>
  maxTokens * (wire.n ?? 1);
