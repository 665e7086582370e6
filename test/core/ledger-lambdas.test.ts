/** The entries that look after the request log, as their runtime would load them: over an embedded DynamoDB and a queue. */
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { composeLedger } from '../../core/compose-ledger.ts';
import { parseConfig } from '../../core/config/gateway-config.ts';
import { createDocumentClient } from '../../core/document-client.ts';
import { parseLedgerEnv } from '../../core/env.ts';
import type { FinalRow, RequestLogRow } from '../../core/ledger/request-log.ts';
import { TABLES } from '../../infra/tables.ts';
import { closedAt, factsAt, idAt, openAt } from '../support/a-row.ts';
import { connectLedger, startLedgerTables } from '../support/dynamodb-ledger.ts';
import { startFaultyDynamoDb } from '../support/faulty-dynamodb.ts';
import { startSqsServer } from '../support/sqs-server.ts';

let tables: Awaited<ReturnType<typeof startLedgerTables>>;
let way: Awaited<ReturnType<typeof startFaultyDynamoDb>>;
let queue: Awaited<ReturnType<typeof startSqsServer>>;
let ledger: ReturnType<typeof connectLedger>;
let environment: Readonly<Record<string, string>>;
let isDown = false;

beforeAll(async () => {
  tables = await startLedgerTables();
  way = await startFaultyDynamoDb(tables.endpoint, () => (isDown ? 'refused' : undefined));
  queue = await startSqsServer();
  ledger = connectLedger(tables.endpoint);
  environment = {
    GATEWAY_CONFIG: JSON.stringify({
      providers: [{ name: 'up', kind: 'local', baseUrl: 'http://up', models: ['up'] }],
    }),
    REQUEST_LOGS_TABLE: TABLES.requestLogs.name,
    USAGE_TABLE: TABLES.usage.name,
    ROW_SPOOL: queue.queueUrl,
    DYNAMODB_ENDPOINT: way.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  ledger.destroy();
  await way[Symbol.asyncDispose]();
  await queue[Symbol.asyncDispose]();
  await tables[Symbol.asyncDispose]();
});

const now = Date.now();
const openedAgo = (n: number, ms: number) =>
  openAt(n, { receivedAt: now - ms, deadline: now - ms + 60_000 });

describe('core/sweeper.ts', () => {
  it('closes the rows that are half a minute past their deadline, and no others', async () => {
    const { handler } = await import('../../core/sweeper.ts');
    await ledger.log.open(openedAgo(1, 91_000));
    await ledger.log.open(openedAgo(2, 80_000));
    await handler();
    const rows = await Promise.all([1, 2].map((n) => ledger.log.find(idAt(n))));
    expect(rows).toMatchObject([{ outcome: 'abandoned' }, { outcome: 'open' }]);
  });
});

describe('core/log-consumer.ts', () => {
  const message = (messageId: string, body: string) =>
    ({ messageId, body }) as Partial<SQSRecord> as SQSRecord;
  const consume = async (...Records: SQSRecord[]) => {
    const { handler } = await import('../../core/log-consumer.ts');
    const event: SQSEvent = { Records };
    return (await handler(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const bodyOf = (row: RequestLogRow) => JSON.stringify(row);

  it('brings back what the core has put into the queue while DynamoDB was down', async () => {
    const env = parseLedgerEnv(environment);
    const core = composeLedger({
      env,
      config: parseConfig(env.GATEWAY_CONFIG),
      documents: createDocumentClient(env),
      onClosed: async () => {},
      writeLine: () => {},
    });
    const row: FinalRow = closedAt(10);
    isDown = true;
    await core.log.open(openAt(10));
    await core.log.close(row);
    isDown = false;
    expect(queue.bodies.map((body) => JSON.parse(body))).toEqual([openAt(10), row]);
    // A queue keeps no order, and delivers twice at times.
    const [opened = '', closed = ''] = queue.bodies;
    expect(await consume(message('a', closed), message('b', opened))).toEqual([]);
    expect(await consume(message('a', closed))).toEqual([]);
    expect(await ledger.log.find(idAt(10))).toEqual(row);
    const { timestamp } = row;
    const day = timestamp.slice(0, 10);
    const [counted] = await ledger.counters.groupBy({ groupBy: 'day', from: day, to: day });
    expect(counted).toMatchObject({ requests: 1 });
  });

  it('leaves in the queue the messages that failed, and only those', async () => {
    const failed = await consume(
      message('good', bodyOf(closedAt(11))),
      message('no JSON', '{'),
      message('no row', '{}'),
    );
    expect(failed).toEqual(['no JSON', 'no row']);
    expect(await ledger.log.find(idAt(11))).toEqual(closedAt(11));
  });

  it('leaves all of them there while DynamoDB is down', async () => {
    isDown = true;
    const failed = await consume(
      message('open', bodyOf(openAt(12, factsAt(12)))),
      message('final', bodyOf(closedAt(13))),
    );
    isDown = false;
    expect(failed).toEqual(['open', 'final']);
  });
});
