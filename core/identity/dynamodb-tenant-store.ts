import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { DynamoDbKeyStoreOptions } from './dynamodb-key-store.ts';
import { putIf } from './dynamodb-put-if.ts';
import { EVERYONE, type StoredTenant, storedTenantSchema, type TenantStore } from './key-store.ts';

/** Item `TENANT#{tenantId} / TENANT`, in the table of keys; GSI1 `TENANTS / {tenantId}` lists them, but for everyone. */
export function createDynamoDbTenantStore(options: DynamoDbKeyStoreOptions): TenantStore {
  const { documents, tableName } = options;
  return {
    async find(tenantId) {
      const Key = keyOf(tenantId);
      const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
      const { Item } = await documents.send(command);
      return Item && storedTenantSchema.parse(Item);
    },
    replace: (tenant) =>
      putIf(options, {
        Item: { ...keyOf(tenant.tenantId), ...listedAs(tenant), ...tenant },
        ...(tenant.version === 1
          ? { condition: 'attribute_not_exists(PK)' }
          : { condition: 'version = :before', values: { ':before': tenant.version - 1 } }),
      }),
    async list() {
      const query = {
        TableName: tableName,
        IndexName: 'GSI1',
        KeyConditionExpression: 'GSI1PK = :tenants',
        ExpressionAttributeValues: { ':tenants': 'TENANTS' },
      };
      const tenants: StoredTenant[] = [];
      for await (const { Items = [] } of paginateQuery({ client: documents }, query)) {
        tenants.push(...Items.map((item) => storedTenantSchema.parse(item)));
      }
      return tenants;
    },
  };
}

const keyOf = (tenantId: string) => ({ PK: `TENANT#${tenantId}`, SK: 'TENANT' });

const listedAs = ({ tenantId }: StoredTenant) =>
  tenantId === EVERYONE ? {} : { GSI1PK: 'TENANTS', GSI1SK: tenantId };
