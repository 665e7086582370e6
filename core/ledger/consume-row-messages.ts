/** Rows from the queue back to the log. A message that fails stays in the queue; the others do not wait for it. */
import { type RequestLogRow, requestLogRowSchema } from './request-log.ts';

export interface RowMessage {
  readonly messageId: string;
  /** The row as JSON. */
  readonly body: string;
}

export interface ConsumeDeps {
  readonly replay: (row: RequestLogRow) => Promise<void>;
  readonly onFailure: (messageId: string, cause: unknown) => void;
}

/** Answers the ids of the messages that failed. */
export async function consumeRowMessages(
  messages: readonly RowMessage[],
  { replay, onFailure }: ConsumeDeps,
): Promise<readonly string[]> {
  const consume = async ({ messageId, body }: RowMessage): Promise<readonly string[]> => {
    try {
      await replay(requestLogRowSchema.parse(JSON.parse(body)));
      return [];
    } catch (cause) {
      onFailure(messageId, cause);
      return [messageId];
    }
  };
  return (await Promise.all(messages.map(consume))).flat();
}
