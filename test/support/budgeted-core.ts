/** The core over a provider whose every answer costs what it may cost at most, and callers with limits. */
import type { Clock } from '../../core/attempts/clock.ts';
import { systemClock } from '../../core/attempts/system-clock.ts';
import type { BudgetStore } from '../../core/budgets/budget-store.ts';
import type { HopCaller } from '../../core/contract/hop.ts';
import { microUsd } from '../../core/contract/money.ts';
import { type Principal, principalSchema } from '../../core/contract/principal.ts';
import { boundInput } from '../../core/ledger/prompt-size.ts';
import { chatInit, PRINCIPAL, startCoreApp } from './core-app.ts';
import {
  delta,
  finish,
  type RawScript,
  SSE_HEAD,
  sse,
  startRawProvider,
  usage,
} from './raw-provider.ts';

export const OUTPUT_TOKENS = 5;
export const ask = {
  model: 'up',
  messages: [{ role: 'user', content: 'Hello!' }],
  max_tokens: OUTPUT_TOKENS,
} as const;
export const INPUT_TOKENS = boundInput(ask, [...ask.messages]);
/** At a dollar for a million tokens. */
export const WORST = INPUT_TOKENS + OUTPUT_TOKENS;

export const answering =
  (input: number, output = OUTPUT_TOKENS): RawScript =>
  (socket) =>
    void socket.end(SSE_HEAD + delta('Hi') + finish() + usage(input, output) + sse('[DONE]'));
/** Uses all that it may. */
export const dearest = answering(INPUT_TOKENS);

/** Real time, put so that a minute has just begun: no window ends in the middle of a test. */
function minuteClock(): Clock {
  const offset = 60_000 - (Date.now() % 60_000);
  return { ...systemClock, now: () => Date.now() + offset };
}

export const cleanUps: (() => PromiseLike<unknown>)[] = [];
export async function cleanUp(): Promise<void> {
  for (const each of cleanUps.splice(0).reverse()) await each();
}

export async function startCore(
  script: RawScript,
  { store, clock = minuteClock() }: { readonly store?: BudgetStore; readonly clock?: Clock } = {},
) {
  const provider = await startRawProvider(script);
  cleanUps.push(() => provider[Symbol.asyncDispose]());
  const upstream = {
    name: 'upstream',
    kind: 'openai',
    baseUrl: provider.baseUrl,
    apiKey: 'secret-canary',
    models: ['up'],
    maxConcurrency: 1_000,
    retryAttempts: 0,
    prices: { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } },
  };
  const core = await startCoreApp({ providers: [upstream] }, clock, undefined, undefined, store);
  const chat = (caller: HopCaller, body: object = ask) =>
    core.fetch('/v1/chat/completions', chatInit(body), caller);
  return { ...core, clock, provider, chat };
}

export const as = (more: Partial<Principal>): HopCaller => ({
  kind: 'principal',
  principal: principalSchema.parse({ ...PRINCIPAL, ...more }),
});
export const budget = (
  limit: number,
  scope: 'key' | 'tenant' = 'key',
  period: 'day' | 'month' | 'total' = 'day',
) => ({ scope, period, limitMicroUsd: microUsd(limit) });
