/** The DynamoDB tables as data: one shape for the emulator on one machine and for the stack in AWS. */

export type TableName =
  | 'gateway-request-logs'
  | 'gateway-usage'
  | 'gateway-products'
  | 'gateway-keys'
  | 'gateway-idempotency';

export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** All keys are strings, all indexes project ALL, billing is on demand. */
export interface Table {
  readonly name: TableName;
  readonly key: KeySchema;
  readonly indexes: Readonly<Record<string, KeySchema>>;
  /** Epoch seconds after which AWS may delete an item; it takes days, so readers still filter. */
  readonly ttlAttribute?: string;
}

const KEY = { partitionKey: 'PK', sortKey: 'SK' };
const GSI1 = { partitionKey: 'GSI1PK', sortKey: 'GSI1SK' };
const GSI2 = { partitionKey: 'GSI2PK', sortKey: 'GSI2SK' };
const GSI3 = { partitionKey: 'GSI3PK', sortKey: 'GSI3SK' };
const GSI4 = { partitionKey: 'GSI4PK', sortKey: 'GSI4SK' };

export const TABLES = {
  /** GSI1 lists by user, GSI2 by day, GSI3 by key; GSI4 has only the open rows, by their deadline. */
  requestLogs: {
    name: 'gateway-request-logs',
    key: KEY,
    indexes: { GSI1, GSI2, GSI3, GSI4 },
    ttlAttribute: 'ttl',
  },
  /** What was used and spent by tenant and day; kept for ever, since budgets may be for all time. */
  usage: { name: 'gateway-usage', key: KEY, indexes: {} },
  /** GSI1 lists by category and price. */
  products: { name: 'gateway-products', key: KEY, indexes: { GSI1 } },
  keys: { name: 'gateway-keys', key: KEY, indexes: { GSI1 } },
  idempotency: { name: 'gateway-idempotency', key: KEY, indexes: {}, ttlAttribute: 'ttl' },
} as const satisfies Readonly<Record<string, Table>>;
