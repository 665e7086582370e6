import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CoreEnv } from './env.ts';

/** Off AWS the endpoint takes any credentials. */
export function createDocumentClient({
  DYNAMODB_ENDPOINT: endpoint,
}: Pick<CoreEnv, 'DYNAMODB_ENDPOINT'>): DynamoDBDocumentClient {
  const local = endpoint && {
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const client = new DynamoDBClient({ ...local });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
