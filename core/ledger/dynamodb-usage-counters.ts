import {
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { microUsdSchema } from '../contract/money.ts';
import type { FinalRow } from './request-log.ts';
import {
  groupUsages,
  spendIn,
  type UsageCounters,
  type UsageEntry,
  type UsageKey,
  type UsagePeriod,
  usageOf,
} from './usage-counters.ts';

/**
 * What is counted together is spread over so many items, in partitions of their own. Of two transactions on
 * one item one is cancelled: at 1,000 a second, of 10 ms each, with fifty shards every fifth must try again.
 */
const SHARDS = 50;
/** The partition that names the tenants which have counters. */
const TENANTS = 'TENANTS';

export interface DynamoDbUsageCountersOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface DynamoDbUsageCounters extends UsageCounters {
  /** Puts the tenant on the list of those that have counters, unless this process has done so before. */
  enlist(tenantId: string, abortSignal: AbortSignal): Promise<void>;
  /** Counts the row, as a member of the transaction that makes it final; another shard each time. */
  counting(row: FinalRow): NonNullable<TransactWriteCommandInput['TransactItems']>[number];
}

/** Items `TENANT#{tenantId}#{shard} / {yyyy-mm-dd}#{keyId}#{provider}#{model}`, and `TENANTS / {tenantId}`. */
export function createDynamoDbUsageCounters(
  options: DynamoDbUsageCountersOptions,
): DynamoDbUsageCounters {
  const { documents, tableName, random } = options;
  const enlisted = new Set<string>();
  const read = (tenantId: string, period: UsagePeriod) => readTenant(options, tenantId, period);
  return {
    async enlist(tenantId, abortSignal) {
      if (enlisted.has(tenantId)) return;
      const Item = { PK: TENANTS, SK: tenantId };
      await documents.send(new PutCommand({ TableName: tableName, Item }), { abortSignal });
      enlisted.add(tenantId);
    },
    counting(row) {
      const { of, totals } = usageOf(row);
      const shard = Math.floor(random() * SHARDS);
      const amounts = Object.entries(totals).filter(([, amount]) => amount !== 0);
      return {
        Update: {
          TableName: tableName,
          Key: { PK: partition(of.tenant, shard), SK: sortKey(of) },
          UpdateExpression: `ADD ${amounts.map(([name]) => `#${name} :${name}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(amounts.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            amounts.map(([name, amount]) => [`:${name}`, amount]),
          ),
        },
      };
    },
    spent: async (query) => spendIn(await read(query.tenantId, query), query),
    async groupBy({ groupBy, tenantId, ...period }) {
      const usages: UsageEntry[] = [];
      for await (const tenant of tenantId === undefined ? tenantsIn(options) : [tenantId]) {
        usages.push(...(await read(tenant, period)));
      }
      return groupUsages(usages, groupBy);
    },
  };
}

const partition = (tenantId: string, shard: number): string => `TENANT#${tenantId}#${shard}`;

/** Only the last part may have a `#` in it. */
const sortKey = ({ day, key, provider, model }: UsageKey): string =>
  [day, key, provider, model].join('#');

async function* tenantsIn({
  documents,
  tableName,
}: DynamoDbUsageCountersOptions): AsyncGenerator<string> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tableName,
      KeyConditionExpression: 'PK = :tenants',
      ExpressionAttributeValues: { ':tenants': TENANTS },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) yield* Items.map(({ SK }) => String(SK));
}

async function readTenant(
  options: DynamoDbUsageCountersOptions,
  tenantId: string,
  period: UsagePeriod,
): Promise<readonly UsageEntry[]> {
  // DynamoDB refuses a range whose end comes before its beginning.
  if (period.to < period.from) return [];
  const shards = Array.from({ length: SHARDS }, (_, shard) => partition(tenantId, shard));
  const items = await Promise.all(shards.map((shard) => readShard(options, shard, period)));
  return items.flat().map((item) => toUsage(tenantId, item));
}

async function readShard(
  { documents, tableName }: DynamoDbUsageCountersOptions,
  shard: string,
  { from, to }: UsagePeriod,
) {
  const items: unknown[] = [];
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tableName,
      KeyConditionExpression: 'PK = :shard AND SK BETWEEN :from AND :to',
      // "~" sorts behind the "#" that follows the day.
      ExpressionAttributeValues: { ':shard': shard, ':from': from, ':to': `${to}~` },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}

const count = z.number().default(0);
const counterSchema = z.object({
  SK: z.string(),
  requests: count,
  inputTokens: count,
  outputTokens: count,
  costMicroUsd: z.pipe(count, microUsdSchema),
  savedMicroUsd: z.pipe(count, microUsdSchema),
  cacheHits: count,
  errors: count,
});

function toUsage(tenant: string, item: unknown): UsageEntry {
  const { SK, ...totals } = counterSchema.parse(item);
  const [day = '', key = '', provider = '', ...model] = SK.split('#');
  return { of: { tenant, day, key, provider, model: model.join('#') }, totals };
}
