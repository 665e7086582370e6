/**
 * Reasoning in both directions: how a model is asked to think, and how what it thought comes back to
 * it. Claude signs its reasoning and wants it back unmodified in the turn that carries tool results,
 * so a message has it twice: `reasoning_content` to read, `reasoning_details` to return.
 */
import type { ContentBlock, ReasoningContentBlockDelta } from '@aws-sdk/client-bedrock-runtime';
import * as z from 'zod';
import type { ChatDelta, ChatMessage } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';
import type { Fields } from './fields.ts';
import type { ReasoningStyle } from './models.ts';

/** Marks what Bedrock signed or encrypted; anything else would be refused as a forgery. */
const FORMAT = 'bedrock-converse-v1';

/** Tokens to think with, where a model is given a budget instead of an effort. */
const BUDGET_TOKENS = { minimal: 1024, low: 2048, medium: 8192, high: 16_384, xhigh: 32_768 };
/** Claude's own minimum. */
const LEAST_BUDGET_TOKENS = 1024;

const effortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish();
type Effort = Exclude<z.infer<typeof effortSchema>, 'none' | null | undefined>;

/** `reasoning_effort` → the model's own field; nothing for a model that is not known to have one. */
export function toReasoningFields(
  effort: unknown,
  style: ReasoningStyle | undefined,
  maxTokens: number | undefined,
): Fields {
  const { success, data } = effortSchema.safeParse(effort);
  if (!success) throw new ProviderFailure('unsupported', { param: 'reasoning_effort' });
  if (!data || data === 'none') return {};
  const level = data === 'minimal' ? 'low' : data;
  switch (style) {
    case 'adaptive':
      return { thinking: { type: 'adaptive' }, output_config: { effort: level } };
    case 'budget':
      return toBudget(data, maxTokens);
    case 'effort':
      return { reasoning_effort: level };
    case 'nova':
      return { reasoningConfig: { type: 'enabled', maxReasoningEffort: level } };
    case undefined:
      return {};
  }
}

/** The budget counts against the output: at most half of it, and none where half is below the minimum. */
function toBudget(effort: Effort, maxTokens = Number.POSITIVE_INFINITY): Fields {
  const budget = Math.min(BUDGET_TOKENS[effort], Math.floor(maxTokens / 2));
  if (budget < LEAST_BUDGET_TOKENS) return {};
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

/** A fragment of reasoning → what a client reads, and what it sends back. Undefined when it is empty. */
export function toReasoningDelta(
  index: number,
  { text, signature, redactedContent }: ReasoningContentBlockDelta,
): ChatDelta | undefined {
  if (text) {
    return {
      reasoning_content: text,
      reasoning_details: [{ index, type: 'reasoning.text', text }],
    };
  }
  if (signature) {
    const detail = { index, type: 'reasoning.text', format: FORMAT, signature };
    return { reasoning_details: [detail] };
  }
  if (redactedContent?.length) {
    const data = Buffer.from(redactedContent).toString('base64');
    const detail = { index, type: 'reasoning.encrypted', format: FORMAT, data };
    return { reasoning_details: [detail] };
  }
  return undefined;
}

const detailsSchema = z.array(z.unknown()).catch([]);
const detailSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reasoning.text'),
    format: z.literal(FORMAT),
    /** A model may think in private: the signature alone is what counts. */
    text: z.string().default(''),
    signature: z.string(),
  }),
  z.object({ type: z.literal('reasoning.encrypted'), format: z.literal(FORMAT), data: z.string() }),
]);

/** An earlier answer's reasoning, for the model that signed it. What Bedrock did not sign stays out. */
export function toReasoningBlocks(message: ChatMessage): ContentBlock[] {
  return detailsSchema.parse(message.reasoning_details).flatMap((detail): ContentBlock[] => {
    const { success, data } = detailSchema.safeParse(detail);
    if (!success) return [];
    if (data.type === 'reasoning.encrypted') {
      return [{ reasoningContent: { redactedContent: decodeFragments(data.data) } }];
    }
    const { text, signature } = data;
    return [{ reasoningContent: { reasoningText: { text, signature } } }];
  });
}

/** Fragments were encoded one by one, so there may be padding between them. */
const decodeFragments = (data: string): Uint8Array =>
  Buffer.concat((data.match(/[^=]+=*/g) ?? []).map((fragment) => Buffer.from(fragment, 'base64')));
