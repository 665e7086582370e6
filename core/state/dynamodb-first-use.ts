import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FirstUse } from '../budgets/first-use.ts';
import { putIf } from '../identity/dynamodb-put-if.ts';

export interface DynamoDbFirstUseOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The store of reservations that is meant. */
  readonly storeId: string;
  /** Anew for each claim, so that one whose answer was lost can be sent again. */
  readonly newClaimId: () => string;
}

/** Item `TENANT#{tenantId} / BUDGETS`: the store that keeps what the tenant has reserved. */
export const createDynamoDbFirstUse = ({
  storeId,
  newClaimId,
  ...table
}: DynamoDbFirstUseOptions): FirstUse => ({
  claim(tenantId) {
    const claimId = newClaimId();
    return putIf(table, {
      Item: { PK: `TENANT#${tenantId}`, SK: 'BUDGETS', storeId, claimId },
      condition: 'attribute_not_exists(PK) OR storeId <> :storeId OR claimId = :claimId',
      values: { ':storeId': storeId, ':claimId': claimId },
    });
  },
});
