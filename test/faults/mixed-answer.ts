/** One answer that holds everything, as each vendor streams it: text in several scripts, parallel tool calls, usage. */
import { events } from '../support/bedrock-server.ts';
import { WIRES } from '../support/fault-wire.ts';

export type Vendor = 'openai' | 'bedrock';
export const VENDORS: readonly Vendor[] = ['openai', 'bedrock'];

export const MIXED_ANSWER = {
  text: 'Grüße, 世界 👋: ich sehe nach.',
  toolCalls: [
    { name: 'find_products', arguments: '{"query":"Töpfe","max":3}' },
    { name: 'list_stores', arguments: '{}' },
  ],
  finishReason: 'tool_calls',
  usage: { prompt_tokens: 40, completion_tokens: 21, total_tokens: 61 },
} as const;

const OPENAI: readonly object[] = [
  choice({ role: 'assistant', content: '', refusal: null }),
  choice({ content: 'Grüße, 世界' }),
  choice({ content: ' 👋: ich sehe nach.' }),
  choice({ tool_calls: [call(0, 'find_products')] }),
  choice({ tool_calls: [{ index: 0, function: { arguments: '{"query":"Tö' } }] }),
  choice({ tool_calls: [{ index: 0, function: { arguments: 'pfe","max":3}' } }] }),
  choice({ tool_calls: [call(1, 'list_stores')] }),
  choice({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
  choice({}, 'tool_calls'),
  { choices: [], usage: MIXED_ANSWER.usage },
];

const BEDROCK: readonly object[] = [
  { messageStart: { role: 'assistant' } },
  text('Grüße, 世界'),
  text(' 👋: ich sehe nach.'),
  { contentBlockStop: { contentBlockIndex: 0 } },
  tool(1, 'find_products'),
  input(1, '{"query":"Tö'),
  input(1, 'pfe","max":3}'),
  { contentBlockStop: { contentBlockIndex: 1 } },
  tool(2, 'list_stores'),
  { contentBlockStop: { contentBlockIndex: 2 } },
  { messageStop: { stopReason: 'tool_use' } },
  { metadata: { usage: { inputTokens: 40, outputTokens: 21, totalTokens: 61 } } },
];

function choice(delta: object, finish_reason?: string) {
  return { choices: [{ index: 0, delta, ...(finish_reason && { finish_reason }) }] };
}
function call(index: number, name: string) {
  return { index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } };
}
function text(words: string) {
  return { contentBlockDelta: { contentBlockIndex: 0, delta: { text: words } } };
}
function tool(contentBlockIndex: number, name: string) {
  const toolUse = { toolUseId: `tooluse_${contentBlockIndex}`, name };
  return { contentBlockStart: { contentBlockIndex, start: { toolUse } } };
}
function input(contentBlockIndex: number, json: string) {
  return { contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input: json } } } };
}

const toSse = (list: readonly object[]): Buffer =>
  Buffer.from(list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
const toFrames = (list: readonly object[]): Buffer => Buffer.concat(events(list));

/** Without the head. */
export const MIXED_BYTES: Readonly<Record<Vendor, Buffer>> = {
  openai: Buffer.concat([toSse(OPENAI), Buffer.from(WIRES.openai.done)]),
  bedrock: toFrames(BEDROCK),
};
