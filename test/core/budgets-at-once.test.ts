import { afterEach, describe, expect, it } from 'vitest';
import { createInProcessBudgetStore } from '../../core/budgets/in-process-budget-store.ts';
import type { FinalRow, RequestLogRow } from '../../core/ledger/request-log.ts';
import { createRedisBudgetStore } from '../../core/state/redis-budget-store.ts';
import { createUpstashRedis } from '../../core/state/upstash-redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { ENGINES } from '../infra/local-state/redis-engines.ts';
import {
  as,
  budget,
  cleanUp,
  cleanUps,
  dearest,
  startCore,
  WORST,
} from '../support/budgeted-core.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { createFastClock } from '../support/fast-clock.ts';

afterEach(cleanUp);

const final = (rows: readonly RequestLogRow[]): readonly FinalRow[] =>
  rows.flatMap((row) => (row.outcome === 'open' ? [] : [row]));
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

const STORES = [
  {
    name: 'the in-process store',
    missing: false,
    open: async () => createInProcessBudgetStore(),
  },
  ...ENGINES.map(({ name, missing, start }) => ({
    name,
    missing,
    open: async () => {
      const engine = await start();
      const rest = await startUpstashRest({ redis: engine.redis, token: 'secret' });
      cleanUps.push(engine.stop, rest.close);
      const redis = createUpstashRedis({ url: rest.url, token: 'secret', timeoutMs: 5_000 });
      return createRedisBudgetStore(redis);
    },
  })),
];

describe.each(STORES.filter(({ missing }) => !missing))('over $name', ({ open }) => {
  it('200 requests at once with money for 10: what is spent stays within, and equals the rows', async () => {
    const store = await open();
    // Slow, so that timeouts do not depend on how busy this machine is.
    const core = await startCore(dearest, { store, clock: createFastClock(0.05) });
    const limit = 10 * WORST + WORST - 1;
    const caller = as({ budgets: [budget(limit), budget(limit, 'tenant', 'total')] });
    const answers = await Promise.all(Array.from({ length: 200 }, () => core.chat(caller)));
    await core.settled();

    const rows = final(core.log.rows());
    const spent = sum(rows.map(({ costMicroUsd }) => costMicroUsd));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(190);
    expect(core.provider.requests).toHaveLength(10);
    expect(rows).toHaveLength(200);
    expect(spent).toBe(10 * WORST);
    const place = {
      tenantId: PRINCIPAL.tenantId,
      keyId: PRINCIPAL.keyId,
      receivedAt: core.clock.now(),
    };
    const readings = await store.read(place);
    const held = { spentMicroUsd: spent, reservedMicroUsd: 0 };
    expect([readings[0], readings[5]]).toEqual([held, held]);
  });
});
