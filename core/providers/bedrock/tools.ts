/** OpenAI's tools and tool choice → Converse's tool configuration. */
import type { Tool, ToolChoice, ToolConfiguration } from '@aws-sdk/client-bedrock-runtime';
import * as z from 'zod';
import type { ChatMessage, ChatRequest, ChatTool } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';
import { toCachePoint } from './content.ts';
import { isFields } from './fields.ts';

/**
 * Converse has no `none`, and refuses a conversation with tool calls in it when no tools come along. So
 * `none` leaves the tools out unless the history has calls: then they stay, and the model may call one.
 * History without any tools, which OpenAI allows, gets the tools that it names, with open schemas.
 */
export function toToolConfig(request: ChatRequest): ToolConfiguration | undefined {
  const called = calledTools(request.messages);
  if (request.tool_choice === 'none' && called.size === 0) return undefined;
  const tools = (request.tools ?? []).flatMap((tool, index) => toTools(tool, `tools.${index}`));
  if (tools.length === 0) tools.push(...[...called].map((name) => toolSpec({ name })));
  if (tools.length === 0) return undefined;
  const toolChoice = toToolChoice(request.tool_choice);
  return toolChoice ? { tools, toolChoice } : { tools };
}

const calledTools = (messages: readonly ChatMessage[]): ReadonlySet<string> =>
  new Set(
    messages.flatMap(({ tool_calls }) =>
      (tool_calls ?? []).flatMap((call) => (call.function ? [call.function.name] : [])),
    ),
  );

function toTools(tool: ChatTool, path: string): Tool[] {
  if (tool.type !== 'function' || !tool.function) {
    throw new ProviderFailure('unsupported', { param: `${path}.type` });
  }
  const cachePoint = toCachePoint(tool.cache_control, `${path}.cache_control`);
  return [toolSpec(tool.function), ...(cachePoint ? [{ cachePoint }] : [])];
}

/** Converse refuses blank descriptions, and schemas whose top level is not an object. */
function toolSpec({
  name,
  description,
  parameters,
  strict,
}: NonNullable<ChatTool['function']>): Tool {
  return {
    toolSpec: {
      name,
      ...(description?.trim() && { description }),
      inputSchema: { json: { type: 'object', ...(isFields(parameters) && parameters) } },
      ...(strict === true && { strict }),
    },
  };
}

const namedSchema = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string() }),
});

function toToolChoice(choice: ChatRequest['tool_choice']): ToolChoice | undefined {
  if (!choice || choice === 'auto' || choice === 'none') return undefined;
  if (choice === 'required') return { any: {} };
  const { success, data } = namedSchema.safeParse(choice);
  if (!success) throw new ProviderFailure('unsupported', { param: 'tool_choice' });
  return { tool: { name: data.function.name } };
}
