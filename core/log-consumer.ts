/** Lambda entry on the queue of rows that DynamoDB would not take: writes them once it does. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { composeLedger } from './compose-ledger.ts';
import { parseConfig } from './config/gateway-config.ts';
import { createDocumentClient } from './document-client.ts';
import { parseLedgerEnv } from './env.ts';
import { describeError } from './http/describe-error.ts';
import { consumeRowMessages } from './ledger/consume-row-messages.ts';

const env = parseLedgerEnv(process.env);
const writeLine = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`);

const { replay } = composeLedger({
  env,
  config: parseConfig(env.GATEWAY_CONFIG),
  documents: createDocumentClient(env),
  onClosed: async ({ requestId, outcome }) =>
    void writeLine({ event: 'row-closed-late', requestId, outcome }),
  writeLine,
});

/** Only the messages that failed come again (`ReportBatchItemFailures`). */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await consumeRowMessages(Records, {
    replay,
    onFailure: (messageId, cause) =>
      writeLine({ event: 'row-not-replayed', messageId, error: describeError(cause) }),
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
