/// <reference types="@cloudflare/vitest-plugin/types" />
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { Fault } from '../../core/contract/fault.ts';
import { deliverRecords } from '../../edge/deliver-records.ts';
import type { CoreRequest, LogEntry } from '../../edge/ports.ts';
import worker from '../../edge/worker.ts';

it('a Worker without its bindings names every one of them, and no value', () => {
  const env = { CORE_URL: 'http://core.example', KEY_PEPPER: 'too short' };
  const call = () => worker.fetch(new Request('http://edge/'), env, createExecutionContext());
  expect(call).toThrow(
    'Set these bindings of the Worker, see wrangler.toml: HOP_PRIVATE_KEY, KEY_PEPPER, ' +
      'CACHE_SECRET, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN.',
  );
});

const batch = (attempts = 1) =>
  createMessageBatch('gateway-records', [
    { id: '1', timestamp: new Date(0), attempts, body: { requestId: 'a' } },
    { id: '2', timestamp: new Date(0), attempts: 1, body: { requestId: 'b' } },
  ]);

/** Delivers the batch to a core that answers so, and waits for what becomes of it. */
async function deliver(records: ReturnType<typeof batch>, answer: () => Promise<Response>) {
  const sent: CoreRequest[] = [];
  const logged: LogEntry[] = [];
  const send = (request: CoreRequest) => {
    sent.push(request);
    return answer();
  };
  const context = createExecutionContext();
  await deliverRecords({ core: { send }, log: (entry) => logged.push(entry) }, records);
  const { ackAll, retryBatch } = await getQueueResult(records, context);
  return { sent, logged, end: { ackAll, retried: retryBatch.retry } };
}

const answered = (status: number) => async () => new Response(null, { status });
const away = () => Promise.reject(new Fault('core_unavailable'));

it.each([
  ['takes them', answered(204), { ackAll: true, retried: false }],
  ['cannot', answered(503), { ackAll: false, retried: true }],
  ['is away', away, { ackAll: false, retried: true }],
])(
  'records are the queue’s to bring again until the core has them: it %s',
  async (_, core, end) => {
    const { sent, logged, ...delivery } = await deliver(batch(), core);
    expect(delivery.end).toEqual(end);
    expect(logged).toEqual([]);
    expect(sent[0]).toMatchObject({ path: '/internal/records', caller: { kind: 'edge' } });
    expect(JSON.parse(String(sent[0]?.body))).toEqual({
      records: [{ requestId: 'a' }, { requestId: 'b' }],
    });
  },
);

it.each([
  [100, []],
  [101, [{ event: 'record-not-delivered', record: { requestId: 'a' } }]],
])('attempt %d of a record fails: what is logged is %j', async (attempts, entries) => {
  expect((await deliver(batch(attempts), away)).logged).toEqual(entries);
});
