/** What happened to a request and to its attempts, in words. */
import type { FinalRow, RequestLogRow } from '../ledger/request-log.ts';

type AttemptOutcome = FinalRow['attempts'][number]['outcome'];

const REASONS: Readonly<Record<AttemptOutcome, string>> = {
  answered: 'It answered.',
  abandoned: 'The client left before it had answered.',
  error: 'The gateway itself failed.',
  connect: 'It could not be reached.',
  reset: 'It closed the connection.',
  timeout: 'It did not answer in time.',
  'rate-limited': 'It is limiting its rate.',
  'server-error': 'It said that it failed.',
  auth: "It refused the gateway's credential.",
  'model-not-found': 'It does not have the model.',
  'context-length': "The input is longer than the model's context.",
  'content-policy': 'Its content policy refused the request.',
  'invalid-request': 'It refused the request.',
  unsupported: 'It cannot do what was asked; nothing was sent.',
  'bad-response': 'Its answer could not be read.',
  interrupted: 'It broke off its answer.',
};

export const reasonOf = (outcome: AttemptOutcome): string => REASONS[outcome];

/** One sentence: what came of the request, and why. */
export function summaryOf(row: RequestLogRow): string {
  switch (row.outcome) {
    case 'open':
      return 'The request is under way.';
    case 'success':
      return answered(row);
    case 'stale':
      return 'No provider could answer, and a kept answer that had passed its time was given.';
    case 'partial':
      return `The answer of ${row.provider ?? 'its provider'} broke off${because(row)}.`;
    case 'client_closed':
      return `The client left after ${row.latency} ms.`;
    case 'abandoned':
      return 'The gateway process that had the request ended first; what its input may cost is charged.';
    case 'rejected':
      return `The request was refused${because(row)}, and no provider was called.`;
    case 'failed':
      return `The request failed${because(row)}, after ${counted(row.attempts.length)}.`;
  }
}

function answered({ cache, replayOf, provider, attempts }: FinalRow): string {
  if (replayOf !== undefined) return `The answer to ${replayOf} was given again.`;
  if (cache === 'HIT') return 'The answer came from the cache.';
  const failed = attempts.filter(({ outcome }) => outcome !== 'answered');
  const by = `${provider ?? 'A provider'} answered`;
  if (failed.length === 0) return `${by} at the first attempt.`;
  return `${by} after ${counted(failed.length)} that failed.`;
}

const because = ({ errorCode }: FinalRow): string => (errorCode ? ` with ${errorCode}` : '');

const counted = (attempts: number): string =>
  attempts === 1 ? 'one attempt' : `${attempts} attempts`;
