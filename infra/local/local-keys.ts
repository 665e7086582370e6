/** The two keys of a local gateway: one for applications, one for its operator. */
import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { type Scope, tenantIdSchema } from '../../core/contract/principal.ts';
import { createApiKey } from '../../core/identity/create-api-key.ts';
import { createDynamoDbKeyStore } from '../../core/identity/dynamodb-key-store.ts';
import { TABLES } from '../tables.ts';
import type { LocalSecrets } from './local-secrets.ts';

export type LocalKeys = Required<Pick<LocalSecrets, 'apiKey' | 'adminKey'>>;

/** Makes the keys that `secrets` does not have yet. */
export async function ensureKeys(
  documents: DynamoDBDocumentClient,
  { apiKey, adminKey, keyPepper }: LocalSecrets,
): Promise<LocalKeys> {
  const deps = {
    store: createDynamoDbKeyStore({ documents, tableName: TABLES.keys.name }),
    digest: createKeyedDigest(crypto.subtle, keyPepper),
    randomBytes,
    now: Date.now,
  };
  const make = async (name: string, scopes: Scope[]) => {
    const tenantId = tenantIdSchema.parse('local');
    const policy = { name, tenantId, userId: 'local', scopes, cache: true, environment: 'local' };
    return (await createApiKey(policy, deps)).key;
  };
  return {
    apiKey: apiKey ?? (await make('Local application', ['inference', 'mcp'])),
    adminKey: adminKey ?? (await make('Local operator', ['admin'])),
  };
}
