import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbContentLog } from '../../core/ledger/dynamodb-content-log.ts';
import { createSealedBox } from '../../core/state/sealed-box.ts';
import { TABLES } from '../../infra/tables.ts';
import { closedAt, FIRST_ARRIVAL, idAt } from '../support/a-row.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, OPERATOR, PRINCIPAL } from '../support/core-app.ts';
import { connectLedger, startLedgerTables } from '../support/dynamodb-ledger.ts';

describe('content in DynamoDB', () => {
  const content = { request: 'prompt-canary', answer: 'answer-canary' };
  const owner = { requestId: idAt(1), tenantId: 'shop', receivedAt: FIRST_ARRIVAL };
  let tables: Awaited<ReturnType<typeof startLedgerTables>>;
  let ledger: ReturnType<typeof connectLedger>;
  let now = FIRST_ARRIVAL;
  const failures: string[] = [];
  const open = (current = 'k'.repeat(43), tableName: string = TABLES.requestLogs.name) =>
    createDynamoDbContentLog({
      documents: ledger.documents,
      tableName,
      box: createSealedBox({ current }),
      ttlDays: 90,
      timeoutMs: 5_000,
      now: () => now,
      onFailure: (requestId) => failures.push(requestId),
    });

  beforeAll(async () => {
    tables = await startLedgerTables();
    ledger = connectLedger(tables.endpoint);
    await open().keep(owner, content);
  });
  afterAll(async () => {
    ledger.destroy();
    await tables[Symbol.asyncDispose]();
  });

  it('is there for its tenant and request, and for no other', async () => {
    expect(await open().find(owner)).toEqual(content);
    expect(await open().find({ ...owner, tenantId: 'other' })).toBeUndefined();
    expect(await open().find({ ...owner, requestId: idAt(2) })).toBeUndefined();
    expect(await open('x'.repeat(43)).find(owner)).toBeUndefined();
  });

  it('is not to be read in the table, and in no list of rows', async () => {
    const Key = { PK: `REQUEST#${idAt(1)}`, SK: 'CONTENT' };
    const get = new GetCommand({ TableName: TABLES.requestLogs.name, Key });
    const { Item } = await ledger.documents.send(get);
    const bytes = Object.values(Item ?? {}).flatMap((value) =>
      value instanceof Uint8Array ? [Buffer.from(value)] : [],
    );
    expect(bytes).toHaveLength(2);
    for (const each of bytes) expect(each.includes('canary')).toBe(false);
    await ledger.log.record(closedAt(1));
    expect(await ledger.log.list({ limit: 9 })).toEqual([closedAt(1)]);
  });

  it('is gone with its row', async () => {
    now = FIRST_ARRIVAL + 90 * 86_400_000;
    expect(await open().find(owner)).toBeUndefined();
    now = FIRST_ARRIVAL;
  });

  it('that cannot be kept is reported, and fails nobody', async () => {
    await open(undefined, 'gateway-nothing').keep(owner, content);
    expect(failures).toEqual([idAt(1)]);
  });
});

describe('a key with logContent', () => {
  const caller = (logContent: boolean) =>
    ({ kind: 'principal', principal: { ...PRINCIPAL, logContent } }) as const;

  it('lets an operator read on the receipt what was asked and answered', async () => {
    await using core = await startChatCore(whole);
    const stream = { ...ask, stream: true };
    const response = await core.fetch('/v1/chat/completions', chatInit(stream), caller(true));
    const answer = await response.text();
    await core.settled();
    const requestId = response.headers.get('x-request-id');
    const receipt = await core.fetch(`/admin/requests/${requestId}`, {}, OPERATOR);
    expect(await receipt.json()).toMatchObject({
      outcome: 'success',
      content: { request: JSON.stringify(stream), answer },
    });
  });

  it('is the only one whose content is kept', async () => {
    await using core = await startChatCore(whole);
    await (await core.fetch('/v1/chat/completions', chatInit(ask), caller(false))).text();
    await core.settled();
    expect(core.contentLog.kept.size).toBe(0);
    expect(JSON.stringify(core.log.rows())).not.toContain('prompt-canary');
  });
});
