import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SealedBox } from '../state/sealed-box.ts';
import type { ContentLog, ContentOwner } from './content-log.ts';
import { isExpired, keyOf, ttlOf } from './dynamodb-row-item.ts';

export interface DynamoDbContentLogOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly box: SealedBox;
  readonly ttlDays: number;
  readonly timeoutMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onFailure: (requestId: string, cause: unknown) => void;
}

const contentSchema = z.object({
  request: z.instanceof(Uint8Array),
  answer: z.instanceof(Uint8Array),
});

/** Items `REQUEST#{id} / CONTENT`, beside the rows and for as long, so that no index and no list has them. */
export function createDynamoDbContentLog(options: DynamoDbContentLogOptions): ContentLog {
  const { documents, tableName, box, ttlDays, timeoutMs, now, onFailure } = options;
  const abortSignal = () => AbortSignal.timeout(timeoutMs);
  return {
    async keep(owner, content) {
      const { requestId, receivedAt } = owner;
      const seal = (text: string) => box.seal(Buffer.from(text), contextOf(owner));
      const Item = {
        ...itemKeyOf(requestId),
        request: seal(content.request),
        answer: seal(content.answer),
        ttl: ttlOf(new Date(receivedAt).toISOString(), ttlDays),
      };
      await documents
        .send(new PutCommand({ TableName: tableName, Item }), { abortSignal: abortSignal() })
        .catch((cause: unknown) => onFailure(requestId, cause));
    },
    async find(owner) {
      const { Item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: itemKeyOf(owner.requestId) }),
        { abortSignal: abortSignal() },
      );
      if (!Item || isExpired(Item, now())) return undefined;
      const sealed = contentSchema.parse(Item);
      const open = (bytes: Uint8Array) => box.open(bytes, contextOf(owner));
      const [request, answer] = [open(sealed.request), open(sealed.answer)];
      return request && answer && { request: toText(request), answer: toText(answer) };
    },
  };
}

const itemKeyOf = (requestId: string) => ({ ...keyOf(requestId), SK: 'CONTENT' });

const contextOf = ({ tenantId, requestId }: ContentOwner): string =>
  `content ${tenantId} ${requestId}`;

const toText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
