/**
 * A chat request → Converse's. Every field of the body is in one of four places: it has a counterpart
 * in Converse; or it promises something that Converse cannot give, and is refused; or it only tunes or
 * labels, and is left out; or OpenAI does not know it (`top_k`, `thinking`, `anthropic_beta`), and it
 * goes to the model as an additional field. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
import type {
  ConverseStreamCommandInput,
  GuardrailStreamConfiguration,
  OutputConfig,
  ServiceTier,
} from '@aws-sdk/client-bedrock-runtime';
import * as z from 'zod';
import type { ChatRequest } from '../../contract/chat.ts';
import { type LLMRequest, ProviderFailure } from '../provider.ts';
import { toConversation } from './conversation.ts';
import { type Fields, isFields } from './fields.ts';
import { traitsOf } from './models.ts';
import { toReasoningFields } from './reasoning.ts';
import { toToolConfig } from './tools.ts';

/** Has a counterpart here, or only tunes or labels: never an additional field of the model. */
const KNOWN: ReadonlySet<string> = new Set([
  'frequency_penalty',
  'guardrailConfig',
  'logit_bias',
  'max_completion_tokens',
  'max_tokens',
  'mcpContext',
  'messages',
  'metadata',
  'model',
  'parallel_tool_calls',
  'prediction',
  'presence_penalty',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning_effort',
  'requestMetadata',
  'response_format',
  'safety_identifier',
  'seed',
  'service_tier',
  'stop',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'tool_choice',
  'tools',
  'top_p',
  'user',
  'verbosity',
]);

/** What asks for an answer of another shape than one message of text and tool calls. */
const REFUSED: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['audio', Boolean],
  ['function_call', Boolean],
  ['functions', Boolean],
  ['logprobs', Boolean],
  ['modalities', (value: unknown) => Array.isArray(value) && value.includes('audio')],
  ['n', (value: unknown) => Number(value) > 1],
  ['top_logprobs', Boolean],
  ['web_search_options', Boolean],
]);

/** Throws `unsupported`, naming the field, for what Converse cannot do. */
export function toConverseInput(request: LLMRequest): ConverseStreamCommandInput {
  const { wire, model } = request;
  for (const [param, asked] of REFUSED) {
    if (asked(wire[param])) throw new ProviderFailure('unsupported', { param });
  }
  const { system, messages } = toConversation(request.messages);
  const toolConfig = toToolConfig(wire);
  const guardrailConfig = toGuardrail(wire.guardrailConfig);
  const outputConfig = toOutputConfig(wire.response_format);
  const serviceTier = toServiceTier(wire.service_tier);
  const additional = toAdditionalFields(request);
  return {
    modelId: model,
    messages,
    inferenceConfig: toInferenceConfig(request),
    ...(system.length > 0 && { system }),
    ...(toolConfig && { toolConfig }),
    ...(guardrailConfig && { guardrailConfig }),
    ...(outputConfig && { outputConfig }),
    ...(serviceTier && { serviceTier }),
    ...(Object.keys(additional).length > 0 && { additionalModelRequestFields: additional }),
  };
}

function toInferenceConfig({ wire, maxTokens, temperature }: LLMRequest) {
  const stop = typeof wire.stop === 'string' ? [wire.stop] : wire.stop;
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(typeof wire.top_p === 'number' && { topP: wire.top_p }),
    ...(stop?.length && { stopSequences: stop }),
  };
}

function toAdditionalFields({ wire, model, maxTokens }: LLMRequest): Fields {
  const unknown = Object.fromEntries(
    Object.entries(wire).filter(
      ([key, value]) => value !== null && !KNOWN.has(key) && !REFUSED.has(key),
    ),
  );
  return {
    ...toReasoningFields(wire.reasoning_effort, traitsOf(model).reasoning, maxTokens),
    ...(isFields(unknown) && unknown),
  };
}

const formatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string(),
      description: z.string().nullish(),
      schema: z.looseObject({}),
    }),
  }),
]);

/** `json_object` is refused: without a schema Converse cannot promise JSON. */
function toOutputConfig(format: ChatRequest['response_format']): OutputConfig | undefined {
  if (!format) return undefined;
  const { success, data } = formatSchema.safeParse(format);
  if (!success) throw new ProviderFailure('unsupported', { param: 'response_format' });
  if (data.type === 'text') return undefined;
  const { name, description, schema } = data.json_schema;
  const jsonSchema = { name, ...(description && { description }), schema: JSON.stringify(schema) };
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

const guardrailSchema = z
  .object({
    guardrailIdentifier: z.string(),
    guardrailVersion: z.string(),
    trace: z.enum(['enabled', 'disabled', 'enabled_full']).optional(),
    streamProcessingMode: z.enum(['sync', 'async']).optional(),
  })
  .nullish();

/** `guardrailConfig` has Converse's own shape. */
function toGuardrail(config: unknown): GuardrailStreamConfiguration | undefined {
  const { success, data } = guardrailSchema.safeParse(config);
  if (!success) throw new ProviderFailure('unsupported', { param: 'guardrailConfig' });
  return data ?? undefined;
}

const tierSchema = z.enum(['auto', 'default', 'flex', 'priority', 'reserved']).nullish();

function toServiceTier(tier: unknown): ServiceTier | undefined {
  const { success, data } = tierSchema.safeParse(tier);
  if (!success) throw new ProviderFailure('unsupported', { param: 'service_tier' });
  return data && data !== 'auto' ? { type: data } : undefined;
}
