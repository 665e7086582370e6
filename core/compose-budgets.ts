/** Reservations in Redis, told the truth from the request log. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from './attempts/system-clock.ts';
import type { BudgetStore } from './budgets/budget-store.ts';
import { type Budgets, createBudgets } from './budgets/budgets.ts';
import type { Ledger } from './compose-ledger.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { CoreEnv } from './env.ts';
import { describeError } from './http/describe-error.ts';
import { createDynamoDbFirstUse } from './state/dynamodb-first-use.ts';
import { createRedisBudgetStore } from './state/redis-budget-store.ts';
import { createUpstashRedis } from './state/upstash-redis.ts';

/** Of one round trip; `core/budgets` decides who waits so long. */
const REDIS_TIMEOUT_MS = 2_500;

export interface BudgetParts {
  readonly env: CoreEnv;
  readonly config: Pick<GatewayConfig, 'retry'>;
  readonly documents: DynamoDBDocumentClient;
  readonly ledger: Pick<Ledger, 'log' | 'counters'>;
  readonly writeLine: (entry: object) => void;
}

export function composeBudgets(parts: BudgetParts): {
  readonly budgets: Budgets;
  readonly budgetStore: BudgetStore;
} {
  const { env, config, documents, ledger, writeLine } = parts;
  const redis = createUpstashRedis({
    url: env.UPSTASH_REDIS_REST_URL,
    token: env.UPSTASH_REDIS_REST_TOKEN,
    timeoutMs: REDIS_TIMEOUT_MS,
  });
  const budgetStore = createRedisBudgetStore(redis);
  const budgets = createBudgets({
    ...ledger,
    store: budgetStore,
    firstUse: createDynamoDbFirstUse({
      documents,
      tableName: env.KEYS_TABLE,
      storeId: env.BUDGET_STORE_ID,
      newClaimId: randomUUID,
    }),
    clock: systemClock,
    deadlineMs: config.retry.deadlineMs,
    onFailure: (cause) => writeLine({ event: 'budget-store-failed', error: describeError(cause) }),
    onOverReservation: (excess) => writeLine({ event: 'over-reservation', ...excess }),
  });
  return { budgets, budgetStore };
}
