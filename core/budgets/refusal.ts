/** Why a request may not be sent now, and what its client can do about it. */
import { Fault } from '../contract/fault.ts';
import { formatUsd, microUsd } from '../contract/money.ts';
import { BUDGET_PLACES, limitsByPlace, OWNERS, periodBounds } from './budget.ts';
import type { Reservation, ReserveReply } from './budget-store.ts';

/** Where the tokens of the minute stand. */
export interface TokenReading {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch ms. */
  readonly resetsAt: number;
}

const MINUTE_MS = 60_000;
/** Requests end at any time. */
const CONCURRENCY_RETRY_SECONDS = 1;
const PERIOD_WORD = { day: 'daily', month: 'monthly', total: 'total' } as const;

/** Undefined for what is no refusal. */
export function refusalOf(reply: ReserveReply, request: Reservation): Fault | undefined {
  switch (reply.kind) {
    case 'admitted':
      return undefined;
    case 'over-budget':
      return budgetExceeded(reply, request);
    case 'over-tokens':
      return tokensExceeded(reply.owner, request);
    case 'over-concurrency':
      return new Fault('concurrency_limited', {
        details: { limit: 'maxConcurrency', scope: OWNERS[reply.owner] ?? '' },
        retryAfterSeconds: CONCURRENCY_RETRY_SECONDS,
      });
    case 'recalling':
      return new Fault('budget_unavailable', {
        message: 'What was reserved of budgets is lost; it has ended by the time in Retry-After.',
        retryAfterSeconds: secondsUntil(reply.until, request.now),
      });
    case 'forgotten':
    case 'unknown':
      return new Fault('budget_unavailable');
  }
}

/** The owner with the fewest tokens left; undefined where no limit holds, or none was looked at. */
export function tokenReading(reply: ReserveReply, request: Reservation): TokenReading | undefined {
  const resetsAt = minuteAfter(request);
  return tokensUsed(reply)
    .flatMap((used, owner) => {
      const limit = tokenLimit(request, owner);
      if (limit === undefined || used === undefined) return [];
      return [{ limit, remaining: Math.max(0, limit - used), resetsAt }];
    })
    .toSorted((a, b) => a.remaining - b.remaining)[0];
}

function budgetExceeded(
  { place, ...reply }: Extract<ReserveReply, { kind: 'over-budget' }>,
  request: Reservation,
): Fault {
  const { scope = 'key', period = 'total' } = BUDGET_PLACES[place] ?? {};
  const limit = limitsByPlace(request.budgets)[place] ?? microUsd(0);
  const { renewsAt } = periodBounds(period, request.receivedAt);
  const renewal = renewsAt === undefined ? undefined : new Date(renewsAt).toISOString();
  const unspent = limit - reply.spentMicroUsd;
  const amounts = {
    limitUsd: formatUsd(limit),
    spentUsd: formatUsd(reply.spentMicroUsd),
    reservedUsd: formatUsd(reply.reservedMicroUsd),
    neededUsd: formatUsd(request.costMicroUsd),
  };
  const leftUsd = formatUsd(microUsd(Math.max(0, unspent - reply.reservedMicroUsd)));
  const sentences = [
    `The ${PERIOD_WORD[period]} budget of this ${scope} has $${leftUsd} left, and the request may cost $${amounts.neededUsd}.`,
    request.costMicroUsd <= unspent
      ? 'Requests under way hold the rest; what they do not use comes back when they end.'
      : 'A smaller max_tokens or a shorter input lowers what it may cost.',
    renewal ? `The budget renews at ${renewal}.` : 'It does not renew; an operator can raise it.',
  ];
  return new Fault('budget_exceeded', {
    message: sentences.join(' '),
    details: { scope, period, ...amounts, ...(renewal && { renewsAt: renewal }) },
    ...(renewsAt !== undefined && { retryAfterSeconds: secondsUntil(renewsAt, request.now) }),
  });
}

const tokensExceeded = (owner: number, request: Reservation): Fault =>
  new Fault('rate_limited', {
    message: 'Too many tokens this minute, counting the longest answer that this request allows.',
    details: { limit: 'tokensPerMinute', scope: OWNERS[owner] ?? '' },
    retryAfterSeconds: secondsUntil(minuteAfter(request), request.now),
  });

/** By owner; undefined for one that was not looked at. */
function tokensUsed(reply: ReserveReply): readonly (number | undefined)[] {
  switch (reply.kind) {
    case 'admitted':
      return reply.tokensUsed;
    case 'over-tokens':
      return OWNERS.map((_, owner) => (owner === reply.owner ? reply.tokensUsed : undefined));
    case 'over-budget':
    case 'over-concurrency':
    case 'forgotten':
    case 'recalling':
    case 'unknown':
      return [];
  }
}

const tokenLimit = ({ limits, tenantLimits }: Reservation, owner: number): number | undefined =>
  (OWNERS[owner] === 'key' ? limits : tenantLimits).tokensPerMinute;

const minuteAfter = ({ receivedAt }: Reservation): number =>
  (Math.floor(receivedAt / MINUTE_MS) + 1) * MINUTE_MS;

const secondsUntil = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1000));
