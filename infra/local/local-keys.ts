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

/** Makes the keys that `secrets` does not have yet, or that an operator has revoked or rotated since. */
export async function ensureKeys(
  documents: DynamoDBDocumentClient,
  { apiKey, adminKey, keyPepper }: Pick<LocalSecrets, 'apiKey' | 'adminKey' | 'keyPepper'>,
): Promise<LocalKeys> {
  const store = createDynamoDbKeyStore({ documents, tableName: TABLES.keys.name });
  const digest = createKeyedDigest(crypto.subtle, keyPepper);
  const isGood = async (key: string) => {
    const keyDigest = await digest(key);
    const stored = await store.findByDigest(keyDigest);
    return stored?.digest === keyDigest && stored.revokedAt === undefined;
  };
  const ensure = async (key: string | undefined, name: string, scopes: Scope[]) => {
    if (key && (await isGood(key))) return key;
    const tenantId = tenantIdSchema.parse('local');
    const policy = { name, tenantId, userId: 'local', scopes, cache: true, environment: 'local' };
    return (await createApiKey(policy, { store, digest, randomBytes, now: Date.now })).key;
  };
  return {
    apiKey: await ensure(apiKey, 'Local application', ['inference', 'mcp']),
    adminKey: await ensure(adminKey, 'Local operator', ['admin']),
  };
}
