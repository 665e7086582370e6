/** What every request log must do; run over each adapter. */
import { describe, expect, it } from 'vitest';
import { principalSchema } from '../../core/contract/principal.ts';
import type { FinalRow, RequestLog } from '../../core/ledger/request-log.ts';
import { finalRow, openRow } from '../../core/ledger/row.ts';

const START = Date.parse('2026-03-01T23:59:58.000Z');

const facts = (n: number, userId = 'user-1') => ({
  requestId: `01a205c8-be38-70a7-9ff1-${String(n).padStart(12, '0')}`,
  clientRequestId: undefined,
  principal: principalSchema.parse({
    tenantId: 'shop',
    keyId: n % 2 ? 'oddkey1234' : 'evenkey1234',
    userId,
    scopes: ['inference'],
    policyVersion: 1,
  }),
  endpoint: '/v1/chat/completions',
  model: 'smart',
  stream: false,
  cache: 'MISS' as const,
  receivedAt: START + n * 1_000,
});

const final = (n: number, outcome: FinalRow['outcome'] = 'success', userId?: string): FinalRow =>
  finalRow(facts(n, userId), { outcome, httpStatus: 200, attempts: [] }, START + n * 1_000 + 50);

export function describeRequestLog(name: string, create: () => Promise<RequestLog>): void {
  describe(`request log: ${name}`, () => {
    it('opens a row and closes it once', async () => {
      const log = await create();
      await log.open(openRow(facts(1)));
      expect(await log.find(facts(1).requestId)).toEqual(openRow(facts(1)));
      await log.close(final(1));
      await log.close(final(1, 'failed'));
      expect(await log.find(facts(1).requestId)).toEqual(final(1));
    });

    it('neither opens a closed row again nor writes a recorded one twice', async () => {
      const log = await create();
      await log.record(final(1));
      await log.record(final(1, 'failed'));
      await log.open(openRow(facts(1)));
      expect(await log.find(facts(1).requestId)).toEqual(final(1));
    });

    it('closes a row whose opening was lost', async () => {
      const log = await create();
      await log.close(final(1));
      expect(await log.find(facts(1).requestId)).toEqual(final(1));
    });

    it('lists the newest first, page by page, over midnight, each row once', async () => {
      const log = await create();
      await Promise.all(Array.from({ length: 25 }, (_, n) => log.record(final(n))));
      const seen: string[] = [];
      let page = await log.list({ limit: 10 });
      while (page.length > 0) {
        seen.push(...page.map(({ requestId }) => requestId));
        const last = page.at(-1);
        page = last ? await log.list({ limit: 10, before: last }) : [];
      }
      expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => facts(24 - n).requestId));
    });

    it('has nothing for a cursor from before the range', async () => {
      const log = await create();
      await log.record(final(1));
      const before = { timestamp: '2026-01-01T00:00:00.000Z', requestId: facts(1).requestId };
      expect(await log.list({ limit: 10, from: '2026-02-01T00:00:00.000Z', before })).toEqual([]);
    });

    it('keeps to the end of the range, whatever the cursor', async () => {
      const log = await create();
      await Promise.all([log.record(final(0)), log.record(final(3))]);
      const before = { timestamp: '2026-03-02T00:00:09.000Z', requestId: facts(9).requestId };
      const rows = await log.list({ limit: 10, to: '2026-03-01T23:59:59.000Z', before });
      expect(rows).toEqual([final(0)]);
    });

    it.each([
      ['of one user', { userId: 'user-2' }, [3]],
      ['of one key', { keyId: 'oddkey1234' }, [3, 1]],
      ['that failed', { success: false }, [2]],
      ['from a time on', { from: '2026-03-02T00:00:00.000Z' }, [3, 2]],
      ['of a range that is empty', { from: '2026-12-01', to: '2026-11-01' }, []],
      [
        'of the whole range',
        { from: '2026-03-02T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
        [2],
      ],
      ['up to a time', { to: '2026-03-01T23:59:59.000Z' }, [1, 0]],
    ])('lists only the rows %s', async (_, query, expected) => {
      const log = await create();
      await Promise.all([
        log.record(final(0)),
        log.record(final(1)),
        log.record(final(2, 'failed')),
        log.record(final(3, 'success', 'user-2')),
      ]);
      const rows = await log.list({ limit: 10, ...query });
      expect(rows.map(({ requestId }) => requestId)).toEqual(
        expected.map((n) => facts(n).requestId),
      );
    });
  });
}
