/** A row as an item of the table: its keys, its places in the indexes, its end. */
import { type RequestLogRow, requestLogRowSchema } from './request-log.ts';

/** A user's, key's or day's rows are spread over so many partitions, since one carries 1,000 writes a second. */
const SHARDS = 10;
/** The partition that names the days which have rows, so that a list need not ask the others. */
export const DAYS = 'DAYS';

export type Item = Readonly<Record<string, unknown>>;
export type Index = 'GSI1' | 'GSI2' | 'GSI3' | 'GSI4';

export interface Partition {
  readonly index: Index;
  readonly key: string;
}

/** Where rows are listed; each is spread over its shards. Open ones stand in `GSI4` as well, and leave it when they are closed. */
const PREFIX = {
  user: { index: 'GSI1', of: (userId: string) => `USER#${userId}` },
  day: { index: 'GSI2', of: (day: string) => `DAY#${day}` },
  key: { index: 'GSI3', of: (keyId: string) => `KEY#${keyId}` },
  open: { index: 'GSI4', of: () => 'OPEN' },
} as const;

export const partitionsOf = (kind: keyof typeof PREFIX, id: string): readonly Partition[] =>
  Array.from({ length: SHARDS }, (_, shard) => ({
    index: PREFIX[kind].index,
    key: `${PREFIX[kind].of(id)}#${shard}`,
  }));

export const keyOf = (requestId: string) => ({ PK: `REQUEST#${requestId}`, SK: 'LOG' });

/** Numbers of the client may be beyond what DynamoDB takes, so that its metadata is kept as text. */
export function toItem(row: RequestLogRow, ttlDays: number): Record<string, unknown> {
  return {
    ...row,
    ...keyOf(row.requestId),
    ...indexKeysOf(row),
    ttl: ttlOf(row.timestamp, ttlDays),
    ...(row.metadata && { metadata: JSON.stringify(row.metadata) }),
  };
}

export const fromItem = ({ metadata, ...item }: Item): RequestLogRow =>
  requestLogRowSchema.parse({
    ...item,
    ...(typeof metadata === 'string' && { metadata: JSON.parse(metadata) }),
  });

function indexKeysOf(row: RequestLogRow): Readonly<Record<string, string>> {
  const shard = shardOf(row.requestId);
  const place = `${row.timestamp}#${row.requestId}`;
  return {
    GSI1PK: `${PREFIX.user.of(row.userId)}#${shard}`,
    GSI1SK: place,
    GSI2PK: `${PREFIX.day.of(dayOf(row))}#${shard}`,
    GSI2SK: place,
    GSI3PK: `${PREFIX.key.of(row.keyId)}#${shard}`,
    GSI3SK: place,
    ...(row.outcome === 'open' && {
      GSI4PK: `${PREFIX.open.of()}#${shard}`,
      GSI4SK: `${sortableTime(row.deadline)}#${row.requestId}`,
    }),
  };
}

/** The last digits of a UUIDv7 are random. */
const shardOf = (requestId: string): number =>
  Number.parseInt(requestId.slice(-8), 16) % SHARDS || 0;

/** Epoch ms as text whose order is that of time. */
export const sortableTime = (ms: number): string => String(ms).padStart(15, '0');

export const ttlOf = (timestamp: string, ttlDays: number): number =>
  Math.floor(Date.parse(timestamp) / 1000) + ttlDays * 86_400;

/** DynamoDB takes days to delete what has expired. */
export const isExpired = ({ ttl }: Item, now: number): boolean =>
  typeof ttl === 'number' && ttl * 1_000 <= now;

export const dayOf = ({ timestamp }: RequestLogRow): string => timestamp.slice(0, 10);
