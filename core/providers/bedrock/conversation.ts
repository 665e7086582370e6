/** OpenAI's list of messages → Converse's system prompt and strictly alternating turns. */
import type {
  ContentBlock,
  Message,
  SystemContentBlock,
  ToolResultContentBlock,
  ToolUseBlock,
} from '@aws-sdk/client-bedrock-runtime';
import type { ChatMessage } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';
import { toBlocks } from './content.ts';
import { toReasoningBlocks } from './reasoning.ts';

interface Conversation {
  readonly system: SystemContentBlock[];
  readonly messages: Message[];
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock[];
}

/** Neighbours of one role become one turn: above all the results of parallel tool calls. */
export function toConversation(messages: readonly ChatMessage[]): Conversation {
  const system: SystemContentBlock[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    if (message.role === 'system' || message.role === 'developer') {
      system.push(...toSystemBlocks(message, path));
    } else {
      addTurn(turns, toTurn(message, path));
    }
  }
  return { system, messages: turns };
}

function addTurn(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (last?.role === turn.role) last.content.push(...turn.content);
  else if (turn.content.length > 0) turns.push(turn);
}

function toTurn(message: ChatMessage, path: string): Turn {
  switch (message.role) {
    case 'assistant':
      return { role: 'assistant', content: toAssistantBlocks(message, path) };
    case 'tool':
      return { role: 'user', content: toToolResult(message, path) };
    case 'user':
      return { role: 'user', content: toBlocks(message.content, `${path}.content`) };
    default:
      throw new ProviderFailure('unsupported', { param: `${path}.role` });
  }
}

function toSystemBlocks(message: ChatMessage, path: string): SystemContentBlock[] {
  return toBlocks(message.content, `${path}.content`).map(({ text, cachePoint }) => {
    if (text !== undefined) return { text };
    if (cachePoint) return { cachePoint };
    throw new ProviderFailure('unsupported', { param: `${path}.content` });
  });
}

function toAssistantBlocks(message: ChatMessage, path: string): ContentBlock[] {
  const calls = message.tool_calls ?? [];
  return [
    ...toReasoningBlocks(message),
    ...toBlocks(message.content, `${path}.content`),
    ...calls.map((call, index) => ({ toolUse: toToolUse(call, `${path}.tool_calls.${index}`) })),
  ];
}

type ToolCall = NonNullable<ChatMessage['tool_calls']>[number];

function toToolUse(call: ToolCall, path: string): ToolUseBlock {
  if (!call.function) throw new ProviderFailure('unsupported', { param: `${path}.type` });
  const { name, arguments: json } = call.function;
  return { toolUseId: call.id, name, input: readArguments(json, `${path}.function.arguments`) };
}

function readArguments(json: string, param: string): ToolUseBlock['input'] {
  let input: ToolUseBlock['input'];
  try {
    input = json.trim() ? JSON.parse(json) : {};
  } catch (cause) {
    throw new ProviderFailure('unsupported', { param, cause });
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new ProviderFailure('unsupported', { param });
}

/** A cache point cannot stand inside a result, so it follows it. */
function toToolResult(message: ChatMessage, path: string): ContentBlock[] {
  const toolUseId = message.tool_call_id;
  if (!toolUseId) throw new ProviderFailure('unsupported', { param: `${path}.tool_call_id` });
  const content: ToolResultContentBlock[] = [];
  const cachePoints: ContentBlock[] = [];
  const blocks = toBlocks(message.content, `${path}.content`);
  for (const { text, image, document, cachePoint } of blocks) {
    if (text !== undefined) content.push({ text });
    if (image) content.push({ image });
    if (document) content.push({ document });
    if (cachePoint) cachePoints.push({ cachePoint });
  }
  return [{ toolResult: { toolUseId, content } }, ...cachePoints];
}
