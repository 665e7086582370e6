import { BUDGET_PLACES, budgetNames, limitsByPlace, periodBounds } from '../budgets/budget.ts';
import type { AccountMoment, BudgetStore, LeaseName } from '../budgets/budget-store.ts';
import {
  leaseMember,
  readReplySchema,
  reserveReplySchema,
  settleReplySchema,
} from './budget-replies.ts';
import { BEGIN, LEARN, READ, RESERVE, SETTLE } from './budget-scripts.ts';
import type { RedisScripts } from './redis-scripts.ts';

/** An ended period is kept for so long: leases of its last minute are still to be settled. */
const KEPT_MS = 2 * 86_400_000;

/** Rejects with what Redis rejects with, and with a `ZodError` when it answers something else. */
export function createRedisBudgetStore(redis: RedisScripts): BudgetStore {
  return {
    async reserve(request) {
      const { limits, tenantLimits } = request;
      const reply = await redis.run(RESERVE, keysOf(request), [
        request.now,
        leaseMember(request),
        request.costMicroUsd,
        request.tokens,
        request.endsAt,
        request.expiresAt,
        request.lifetimeMs,
        request.learnedSince,
        limits.maxConcurrency ?? '',
        tenantLimits.maxConcurrency ?? '',
        limits.tokensPerMinute ?? '',
        tenantLimits.tokensPerMinute ?? '',
        ...limitsByPlace(request.budgets).map((limit) => limit ?? ''),
      ]);
      return reserveReplySchema.parse(reply);
    },
    async settle(end) {
      const { costMicroUsd, tokens } = end;
      const reply = await redis.run(SETTLE, keysOf(end), [leaseMember(end), costMicroUsd, tokens]);
      return settleReplySchema.parse(reply);
    },
    async begin(tenantId, since) {
      await redis.run(BEGIN, [sinceKey(tenantId)], [since]);
    },
    async learn({ now, lifetimeMs, spent, ...of }) {
      const forgettable = BUDGET_PLACES.map(({ period }) => {
        const { renewsAt } = periodBounds(period, of.receivedAt);
        return renewsAt === undefined ? '' : renewsAt + KEPT_MS;
      });
      await redis.run(LEARN, keysOf({ ...of, requestId: '' }), [
        now,
        lifetimeMs,
        ...spent.map((amount) => amount ?? ''),
        ...forgettable,
      ]);
    },
    read: async (of) => readReplySchema.parse(await redis.run(READ, budgetKeys(of), [])),
  };
}

const sinceKey = (tenantId: string): string => `{${tenantId}}:since`;

const budgetKeys = (of: AccountMoment): readonly string[] =>
  budgetNames(of).map((name) => `{${of.tenantId}}:budget:${name}`);

/** In the order that the scripts count on. */
function keysOf(name: LeaseName): readonly string[] {
  const { tenantId, keyId, requestId, receivedAt } = name;
  const own = (text: string) => `{${tenantId}}:${text}`;
  const minute = Math.floor(receivedAt / 60_000);
  return [
    sinceKey(tenantId),
    own('leases'),
    own(`lease:${requestId}`),
    own(`live:key:${keyId}`),
    own('live:tenant'),
    own(`tokens:key:${keyId}:${minute}`),
    own(`tokens:tenant:${minute}`),
    ...budgetKeys(name),
  ];
}
