/** A core that dies with requests under way: the next one finishes their rows. */
import { afterAll, expect, it, vi } from 'vitest';
import { corePid, endAll, startLocalStack, temporaryFolder } from '../support/local-stack.ts';
import { startRawProvider } from '../support/raw-provider.ts';

afterAll(endAll);

it('leaves one final row for each request, charged its input, and counters that are their sum', async () => {
  await using hanging = await startRawProvider(() => {});
  const folder = await temporaryFolder({
    providers: [
      {
        name: 'up',
        kind: 'openai',
        baseUrl: hanging.baseUrl,
        apiKey: 'key',
        models: ['up-1'],
        prices: { 'up-1': { inputPerMillionUsd: 10, outputPerMillionUsd: 10 } },
      },
    ],
  });
  const gateway = await startLocalStack({ folder });
  const body = { model: 'up-1', messages: [{ role: 'user', content: 'Hello' }] };
  const answers = Array.from({ length: 8 }, () => gateway.post('/v1/chat/completions', body));
  await vi.waitFor(() => expect(hanging.requests).toHaveLength(8), { timeout: 10_000 });
  process.kill(await corePid(gateway), 'SIGKILL');
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses).toEqual(statuses.map(() => 503));

  const rows = await vi.waitFor(
    async () => {
      const list = (await gateway.admin('/requests')) as { data: Record<string, unknown>[] };
      expect(list.data.map(({ outcome }) => outcome)).toEqual(
        Array.from({ length: 8 }, () => 'abandoned'),
      );
      return list.data;
    },
    { timeout: 20_000, interval: 200 },
  );
  const charged = rows.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0);
  expect(charged).toBeGreaterThan(0);
  const usage = (await gateway.admin('/usage?groupBy=tenant')) as { data: object[] };
  expect(usage.data).toMatchObject([{ group: 'local', requests: 8 }]);
  const [{ costUsd = '' } = {}] = usage.data as { costUsd?: string }[];
  expect(Math.round(Number(costUsd) * 1_000_000)).toBe(charged);
  expect(await gateway.stop()).toBe(0);
});
