import type { FinalRow, RequestLog } from './request-log.ts';
import { finalRow, openRow, type RequestFacts, type Settlement } from './row.ts';

export interface OpenRequestDeps {
  readonly log: RequestLog;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface OpenRequest {
  /** Resolves when the open row is durable: no byte of an answer may leave before. */
  readonly durable: Promise<void>;
  /** Writes the final row, after the open one. Answers the row that is final: another one if it was closed before. */
  close(settlement: Settlement): Promise<FinalRow>;
}

/** Starts to write the row of an accepted request, beside whatever is done for it. */
export function openRequest(facts: RequestFacts, { log, now }: OpenRequestDeps): OpenRequest {
  const durable = log.open(openRow(facts));
  return {
    durable,
    async close(settlement) {
      const row = finalRow(facts, settlement, now());
      await durable;
      return log.close(row);
    },
  };
}
