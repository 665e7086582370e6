/// <reference types="@cloudflare/vitest-plugin/types" />
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { deliverRecords } from '../../edge/deliver-records.ts';
import type { CoreRequest } from '../../edge/ports.ts';
import worker from '../../edge/worker.ts';

it('a Worker without its bindings names every one of them, and no value', () => {
  const env = { CORE_URL: 'http://core.example', KEY_PEPPER: 'too short' };
  const call = () => worker.fetch(new Request('http://edge/'), env, createExecutionContext());
  expect(call).toThrow(
    'Set these bindings of the Worker, see wrangler.toml: HOP_PRIVATE_KEY, KEY_PEPPER, ' +
      'CACHE_SECRET, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN.',
  );
});

const batch = () =>
  createMessageBatch('gateway-records', [
    { id: '1', timestamp: new Date(0), attempts: 1, body: { requestId: 'a' } },
    { id: '2', timestamp: new Date(0), attempts: 1, body: { requestId: 'b' } },
  ]);

it.each([
  [204, { ackAll: true, retried: false }],
  [503, { ackAll: false, retried: true }],
])('records are the queue’s to bring again until the core has them (%d)', async (status, end) => {
  const sent: CoreRequest[] = [];
  const core = {
    send: async (request: CoreRequest) => {
      sent.push(request);
      return new Response(null, { status });
    },
  };
  const context = createExecutionContext();
  const records = batch();
  await deliverRecords(core, records);
  const result = await getQueueResult(records, context);
  expect({ ackAll: result.ackAll, retried: result.retryBatch.retry }).toEqual(end);
  expect(sent[0]).toMatchObject({ path: '/internal/records', caller: { kind: 'edge' } });
  expect(JSON.parse(String(sent[0]?.body))).toEqual({
    records: [{ requestId: 'a' }, { requestId: 'b' }],
  });
});
