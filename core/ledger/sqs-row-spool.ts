import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RowSpool } from './row-spool.ts';

export interface SqsRowSpoolOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** For one row, with all its repetitions. */
  readonly timeoutMs: number;
}

/** Rows put aside in a queue; `core/log-consumer.ts` brings them to the log. */
export const createSqsRowSpool = ({
  client,
  queueUrl,
  timeoutMs,
}: SqsRowSpoolOptions): RowSpool => ({
  async put(row) {
    const message = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify(row),
    });
    await client.send(message, { abortSignal: AbortSignal.timeout(timeoutMs) });
  },
});
