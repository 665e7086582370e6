/** What every request log must do, with the counters beside it; run over each adapter. */
import { describe, expect, it } from 'vitest';
import { microUsd } from '../../core/contract/money.ts';
import type { OpenRow, RequestLog } from '../../core/ledger/request-log.ts';
import type { UsageCounters } from '../../core/ledger/usage-counters.ts';
import {
  aPrincipal,
  closedAt,
  costing,
  FIRST_ARRIVAL,
  factsAt,
  idAt,
  openAt,
} from '../support/a-row.ts';

export interface LogUnderTest {
  readonly log: RequestLog;
  readonly counters: UsageCounters;
}

const ALWAYS = { from: '2026-01-01', to: '2026-12-31' };
const keyOf = (n: number) => aPrincipal({ keyId: n % 2 ? 'oddkey1234' : 'evenkey1234' });

export function describeRequestLog(name: string, create: () => Promise<LogUnderTest>): void {
  describe(`request log: ${name}`, () => {
    describe('a row', () => {
      it('is opened, and closed once; who comes late gets the row that is final', async () => {
        const { log } = await create();
        await log.open(openAt(1));
        expect(await log.find(idAt(1))).toEqual(openAt(1));
        expect(await log.close(closedAt(1))).toEqual(closedAt(1));
        expect(await log.close(closedAt(1, { outcome: 'failed' }))).toEqual(closedAt(1));
        expect(await log.find(idAt(1))).toEqual(closedAt(1));
      });

      it('is neither opened again once it is closed, nor recorded twice', async () => {
        const { log } = await create();
        await log.record(closedAt(1));
        await log.record(closedAt(1, { outcome: 'failed' }));
        await log.open(openAt(1));
        expect(await log.find(idAt(1))).toEqual(closedAt(1));
      });

      it('is closed although its opening was lost', async () => {
        const { log } = await create();
        await log.close(closedAt(1));
        expect(await log.find(idAt(1))).toEqual(closedAt(1));
      });

      it('comes back with every field as it was, the strangest numbers and names included', async () => {
        const { log } = await create();
        const facts = {
          clientRequestId: 'mine',
          plan: ['up/up-1', 'other/up-1'],
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          metadata: { '': 'empty', huge: 1e300, tiny: 1e-300, exact: 2 ** 60, yes: true },
          reservedMicroUsd: microUsd(900),
        };
        const attempt = {
          provider: 'up',
          model: 'up-1',
          startedAt: FIRST_ARRIVAL,
          ms: 12.5,
          firstTokenMs: 3,
          outcome: 'reset',
          upstreamStatus: 500,
          possiblyBilled: true,
        } as const;
        const settlement = {
          ...costing(1_500),
          attempts: [attempt],
          gatewayCostMicroUsd: microUsd(7),
          ttftMs: 20,
        };
        const open = openAt(1, { ...facts, inputBoundMicroUsd: microUsd(40) });
        await log.open(open);
        expect(await log.find(idAt(1))).toEqual(open);
        await log.close(closedAt(1, settlement, facts));
        expect(await log.find(idAt(1))).toEqual(closedAt(1, settlement, facts));
      });
    });

    describe('a list', () => {
      it('has the newest first, page by page, over midnight, each row once', async () => {
        const { log } = await create();
        await Promise.all(Array.from({ length: 25 }, (_, n) => log.record(closedAt(n))));
        const seen: string[] = [];
        let page = await log.list({ limit: 10 });
        while (page.length > 0) {
          seen.push(...page.map(({ requestId }) => requestId));
          const last = page.at(-1);
          page = last ? await log.list({ limit: 10, before: last }) : [];
        }
        expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => idAt(24 - n)));
      });

      it('is empty for a cursor from before the range', async () => {
        const { log } = await create();
        await log.record(closedAt(1));
        const before = { timestamp: '2026-01-01T00:00:00.000Z', requestId: idAt(1) };
        expect(await log.list({ limit: 10, from: '2026-02-01T00:00:00.000Z', before })).toEqual([]);
      });

      it('keeps to the end of the range, whatever the cursor', async () => {
        const { log } = await create();
        await Promise.all([log.record(closedAt(0)), log.record(closedAt(3))]);
        const before = { timestamp: '2026-03-02T00:00:09.000Z', requestId: idAt(9) };
        const rows = await log.list({ limit: 10, to: '2026-03-01T23:59:59.000Z', before });
        expect(rows).toEqual([closedAt(0)]);
      });

      it.each([
        ['of one user', { userId: 'user-2' }, [3]],
        ['of one key', { keyId: 'oddkey1234' }, [3, 1]],
        ['of one user with one key', { userId: 'user-1', keyId: 'oddkey1234' }, [1]],
        ['of one tenant', { tenantId: 'other' }, [4]],
        ['that failed', { success: false }, [2]],
        ['from a time on', { from: '2026-03-02T00:00:00.000Z' }, [4, 3, 2]],
        ['of a range that is empty', { from: '2026-12-01', to: '2026-11-01' }, []],
        [
          'of the whole range',
          { from: '2026-03-02T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
          [2],
        ],
        ['up to a time', { to: '2026-03-01T23:59:59.000Z' }, [1, 0]],
      ])('has only the rows %s', async (_, query, expected) => {
        const { log } = await create();
        const other = aPrincipal({ tenantId: 'other', keyId: 'otherkey1234' });
        const second = aPrincipal({ keyId: 'oddkey1234', userId: 'user-2' });
        await Promise.all([
          log.record(closedAt(0, {}, { principal: keyOf(0) })),
          log.record(closedAt(1, {}, { principal: keyOf(1) })),
          log.record(closedAt(2, { outcome: 'failed' }, { principal: keyOf(2) })),
          log.record(closedAt(3, {}, { principal: second })),
          log.record(closedAt(4, {}, { principal: other })),
        ]);
        const rows = await log.list({ limit: 10, ...query });
        expect(rows.map(({ requestId }) => requestId)).toEqual(expected.map(idAt));
      });
    });

    it('knows the rows that are open past a time, and no row that has been closed', async () => {
      const { log } = await create();
      await Promise.all([0, 1, 2, 3].map((n) => log.open(openAt(n))));
      await log.close(closedAt(1));
      await log.record(closedAt(4));
      const overdue: OpenRow[] = [];
      for await (const page of log.listOverdue(factsAt(3).deadline)) overdue.push(...page);
      expect(overdue.sort((a, b) => a.deadline - b.deadline)).toEqual([openAt(0), openAt(2)]);
    });

    describe('the counters', () => {
      it('count a row when it becomes final, and once, however often it is brought', async () => {
        const { log, counters } = await create();
        const rival = closedAt(1, { outcome: 'abandoned', ...costing(7) });
        await log.open(openAt(1));
        expect(await counters.groupBy({ groupBy: 'day', ...ALWAYS })).toEqual([]);
        await log.close(closedAt(1, costing(1_500)));
        await Promise.all([log.close(rival), log.record(rival), log.open(openAt(1))]);
        await Promise.all([log.close(closedAt(1, costing(1_500))), log.record(rival)]);
        expect(await counters.groupBy({ groupBy: 'day', ...ALWAYS })).toEqual([
          {
            group: '2026-03-01',
            requests: 1,
            inputTokens: 10,
            outputTokens: 5,
            costMicroUsd: 1_500,
            savedMicroUsd: 0,
            cacheHits: 0,
            errors: 0,
          },
        ]);
      });

      it('count one of many who close the same row at once: the one whose row is there', async () => {
        const { log, counters } = await create();
        await log.open(openAt(1));
        const told = await Promise.all(
          Array.from({ length: 40 }, (_, n) => log.close(closedAt(1, costing(n + 1)))),
        );
        const row = await log.find(idAt(1));
        for (const each of told) expect(each).toEqual(row);
        const spent = await counters.spent({ tenantId: 'shop', ...ALWAYS });
        expect(row).toMatchObject({ costMicroUsd: spent });
      });

      it('say what a tenant or one of its keys has spent in days, both ends included', async () => {
        const { log, counters } = await create();
        // Rows 0 and 1 arrived on the 1st of March, the others on the 2nd.
        await Promise.all(
          [0, 1, 2, 3].map((n) =>
            log.record(closedAt(n, costing(10 ** n), { principal: keyOf(n) })),
          ),
        );
        const spent = (from: string, to: string, keyId?: string) =>
          counters.spent({ tenantId: 'shop', from, to, ...(keyId && { keyId }) });
        expect(await spent('2026-03-01', '2026-03-02')).toBe(1_111);
        expect(await spent('2026-03-01', '2026-03-01')).toBe(11);
        expect(await spent('2026-03-02', '2026-03-31')).toBe(1_100);
        expect(await spent('2026-03-01', '2026-03-02', 'oddkey1234')).toBe(1_010);
        expect(await spent('2026-03-03', '2026-12-31')).toBe(0);
        expect(await spent('2026-03-02', '2026-03-01')).toBe(0);
        expect(await counters.spent({ tenantId: 'nobody', ...ALWAYS })).toBe(0);
      });

      it.each([
        ['tenant', ['other', 'shop']],
        ['key', ['evenkey1234', 'oddkey1234', 'otherkey1234']],
        ['model', ['-', 'smart', 'vendor/model#1']],
        ['provider', ['-', 'up']],
        ['day', ['2026-03-01', '2026-03-02']],
      ] as const)('add up by %s to the same whole', async (groupBy, names) => {
        const { log, counters } = await create();
        const other = aPrincipal({ tenantId: 'other', keyId: 'otherkey1234' });
        const hit = {
          ...closedAt(3, {}, { principal: keyOf(3) }),
          cache: 'HIT' as const,
          provider: 'up',
          savedMicroUsd: microUsd(70),
        };
        await Promise.all([
          log.record(closedAt(0, costing(1), { principal: keyOf(0) })),
          log.record(closedAt(1, costing(20), { principal: keyOf(1), model: 'vendor/model#1' })),
          log.record(closedAt(2, { outcome: 'rejected' }, { principal: keyOf(2), model: 'no' })),
          log.record(hit),
          log.record(closedAt(4, costing(300), { principal: other })),
        ]);
        const groups = await counters.groupBy({ groupBy, ...ALWAYS });
        expect(groups.map(({ group }) => group)).toEqual(names);
        const sum = (field: Exclude<keyof (typeof groups)[number], 'group'>) =>
          groups.reduce((total, totals) => total + totals[field], 0);
        expect(sum('requests')).toBe(5);
        expect(sum('inputTokens')).toBe(30);
        expect(sum('outputTokens')).toBe(15);
        expect(sum('costMicroUsd')).toBe(321);
        expect(sum('savedMicroUsd')).toBe(70);
        expect(sum('cacheHits')).toBe(1);
        expect(sum('errors')).toBe(1);
        const [alone] = await counters.groupBy({ groupBy: 'tenant', tenantId: 'other', ...ALWAYS });
        expect(alone).toMatchObject({ group: 'other', requests: 1, costMicroUsd: 300 });
      });
    });
  });
}
