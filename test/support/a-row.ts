/** Requests and their rows, told apart by a number. */
import { microUsd } from '../../core/contract/money.ts';
import { type Principal, principalSchema } from '../../core/contract/principal.ts';
import type { FinalRow, OpenRow } from '../../core/ledger/request-log.ts';
import { finalRow, openRow, type RequestFacts, type Settlement } from '../../core/ledger/row.ts';

/** One second before the last of its day. */
export const FIRST_ARRIVAL = Date.parse('2026-03-01T23:59:58.000Z');

export const aPrincipal = (fields: object = {}): Principal =>
  principalSchema.parse({
    tenantId: 'shop',
    keyId: 'abcdefgh1234',
    userId: 'user-1',
    scopes: ['inference'],
    policyVersion: 1,
    limits: {},
    ...fields,
  });

export const idAt = (n: number): string => `01a205c8-be38-70a7-9ff1-${String(n).padStart(12, '0')}`;

/** One second after the one before it, with a minute to answer. */
export const factsAt = (n: number, fields: Partial<RequestFacts> = {}): RequestFacts => ({
  requestId: idAt(n),
  principal: aPrincipal(),
  endpoint: '/v1/chat/completions',
  model: 'smart',
  stream: false,
  cache: 'MISS',
  receivedAt: FIRST_ARRIVAL + n * 1_000,
  deadline: FIRST_ARRIVAL + n * 1_000 + 60_000,
  ...fields,
});

export const openAt = (n: number, fields: Partial<RequestFacts> = {}): OpenRow =>
  openRow(factsAt(n, fields));

export const closedAt = (
  n: number,
  settlement: Partial<Settlement> = {},
  fields: Partial<RequestFacts> = {},
): FinalRow => {
  const facts = factsAt(n, fields);
  const whole = { outcome: 'success', httpStatus: 200, attempts: [], ...settlement } as const;
  return finalRow(facts, whole, facts.receivedAt + 50);
};

/** What an answer for 10 and 5 tokens has cost. */
export const costing = (amount: number) =>
  ({
    provider: 'up',
    upstreamModel: 'up-1',
    usage: { usage: { uncachedInput: 10, output: 5 }, status: 'exact' },
    cost: { microUsd: microUsd(amount), status: 'exact' },
  }) as const;
