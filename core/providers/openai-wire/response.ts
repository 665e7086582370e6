/** How an answer ends, and an answer that came as one JSON body although a stream was asked for, as some servers do. */
import * as z from 'zod/mini';
import { ProviderFailure } from '../provider.ts';
import { errorIn, failureOfError } from './failure.ts';

/** OpenAI's own, and by which names other servers and the models behind them call the same. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    stop: ['stop', 'end', 'end_turn', 'eos', 'eos_token', 'stop_sequence', 'complete', 'completed'],
    // A model that was stopped for repeating itself was cut off too.
    length: [
      'length',
      'max_length',
      'max_tokens',
      'max_output_tokens',
      'model_length',
      'repetition',
    ],
    tool_calls: ['tool_calls', 'tool_call', 'tool_use'],
    content_filter: [
      'content_filter',
      'content_filtered',
      'blocklist',
      'image_safety',
      'prohibited_content',
      'recitation',
      'refusal',
      'safety',
      'spii',
    ],
    function_call: ['function_call'],
  }).flatMap(([reason, names]) => names.map((name) => [name, reason])),
);

/** Undefined for one that is no good end, or that nobody knows. Google's may go on after a colon. */
export const toFinishReason = (told: string): string | undefined =>
  FINISH_REASONS.get(told.toLowerCase().replace(/:.*/s, ''));

const bodySchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({}) })).check(z.minLength(1)),
});

/** A whole answer → the one event that says the same. */
export function toEvent(body: unknown): unknown {
  const error = errorIn(body);
  if (error !== undefined) return failureOfError(error);
  const answer = bodySchema.safeParse(body);
  if (!answer.success) return new ProviderFailure('bad-response', { cause: answer.error });
  const { choices, ...rest } = answer.data;
  return {
    ...rest,
    choices: choices.map(({ message, ...choice }, index) => ({ index, ...choice, delta: message })),
  };
}
