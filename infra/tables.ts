/** The DynamoDB tables as data: one shape for the emulator on one machine and for the stack in AWS. */

export type TableName = 'gateway-request-logs' | 'gateway-products' | 'gateway-keys';

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

export const TABLES = {
  /** GSI1 lists by user, GSI2 by day. */
  requestLogs: {
    name: 'gateway-request-logs',
    key: KEY,
    indexes: { GSI1, GSI2 },
    ttlAttribute: 'ttl',
  },
  /** GSI1 lists by category and price. */
  products: { name: 'gateway-products', key: KEY, indexes: { GSI1 } },
  keys: { name: 'gateway-keys', key: KEY, indexes: { GSI1 } },
} as const satisfies Readonly<Record<string, Table>>;
