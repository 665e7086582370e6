/**
 * ConverseStream's events → OpenAI's chunks, but for the envelope that all chunks of a stream share.
 * Usage comes in an event of its own, mostly after the stop. The finish waits for it, so that a
 * stream cut between the two ends in an error and not in both.
 */
import type {
  ContentBlockDelta,
  ConverseStreamMetadataEvent,
  ConverseStreamOutput,
  ToolUseBlockStart,
} from '@aws-sdk/client-bedrock-runtime';
import type { ChatChunk, ChatDelta } from '../../contract/chat.ts';
import { toReport } from '../../ledger/reported-usage.ts';
import { ProviderFailure } from '../provider.ts';
import { toReasoningDelta } from './reasoning.ts';
import { toFinishReason, toTokenUsage } from './response.ts';

export interface StreamState {
  readonly begun: boolean;
  readonly toolCalls: number;
  /** Blocks of tool calls that are still open, by Converse's index of the block. */
  readonly openTools: ReadonlyMap<number, OpenTool>;
  readonly stopReason: string | undefined;
  readonly metadata: ConverseStreamMetadataEvent | undefined;
}

interface OpenTool {
  /** Its place among the tool calls: OpenAI does not count blocks of text and reasoning. */
  readonly index: number;
  readonly hasArguments: boolean;
}

export const START: StreamState = {
  begun: false,
  toolCalls: 0,
  openTools: new Map(),
  stopReason: undefined,
  metadata: undefined,
};

type Step = readonly [StreamState, readonly ChatChunk[]];

/** An event it does not know changes nothing. */
export function step(before: StreamState, event: ConverseStreamOutput): Step {
  const [state, chunks] = advance({ ...before, begun: true }, event);
  return [state, before.begun ? chunks : [toChunk({ role: 'assistant' }), ...chunks]];
}

/** Whether the answer is whole with all that belongs to it: nothing that follows can change it. */
export const isFinished = ({ stopReason, metadata }: StreamState): boolean =>
  stopReason !== undefined && metadata !== undefined;

/**
 * When the events have ended: what is still to be said. An end without usage is a whole answer too.
 * Throws `interrupted` without a stop, and `bad-response` for a stop that is not a good one.
 */
export function finish(state: StreamState): readonly ChatChunk[] {
  const { stopReason, toolCalls } = state;
  if (stopReason === undefined) throw new ProviderFailure('interrupted');
  if (!toFinishReason(stopReason, toolCalls > 0)) {
    throw new ProviderFailure('bad-response', { upstreamCode: stopReason });
  }
  return isFinished(state) ? [] : toLastChunks(state);
}

function advance(state: StreamState, event: ConverseStreamOutput): Step {
  const { contentBlockStart, contentBlockDelta, contentBlockStop, messageStop, metadata } = event;
  const block =
    (contentBlockStart ?? contentBlockDelta ?? contentBlockStop)?.contentBlockIndex ?? 0;
  if (contentBlockStart?.start?.toolUse) {
    return startTool(state, block, contentBlockStart.start.toolUse);
  }
  if (contentBlockDelta?.delta) return addDelta(state, block, contentBlockDelta.delta);
  if (contentBlockStop) return closeTool(state, block);
  if (messageStop) return stop(state, messageStop.stopReason ?? '');
  if (metadata) return end({ ...state, metadata });
  return [state, []];
}

function startTool(
  state: StreamState,
  block: number,
  { toolUseId, name }: ToolUseBlockStart,
): Step {
  const index = state.toolCalls;
  const call = { index, id: toolUseId, type: 'function', function: { name, arguments: '' } };
  const openTools = new Map(state.openTools).set(block, { index, hasArguments: false });
  return [{ ...state, toolCalls: index + 1, openTools }, [toChunk({ tool_calls: [call] })]];
}

function addDelta(state: StreamState, block: number, delta: ContentBlockDelta): Step {
  if (delta.text) return [state, [toChunk({ content: delta.text })]];
  if (delta.toolUse?.input) return addArguments(state, block, delta.toolUse.input);
  if (!delta.reasoningContent) return [state, []];
  const reasoning = toReasoningDelta(block, delta.reasoningContent);
  return [state, reasoning ? [toChunk(reasoning)] : []];
}

function addArguments(state: StreamState, block: number, json: string): Step {
  const tool = state.openTools.get(block);
  if (!tool) throw new ProviderFailure('bad-response');
  const openTools = new Map(state.openTools).set(block, { ...tool, hasArguments: true });
  return [{ ...state, openTools }, [toArguments(tool.index, json)]];
}

/** A call without arguments streams none, where OpenAI's clients parse what they got. */
function closeTool(state: StreamState, block: number): Step {
  const tool = state.openTools.get(block);
  if (!tool) return [state, []];
  const openTools = new Map(state.openTools);
  openTools.delete(block);
  return [{ ...state, openTools }, tool.hasArguments ? [] : [toArguments(tool.index, '{}')]];
}

function stop(before: StreamState, stopReason: string): Step {
  let state = before;
  const chunks: ChatChunk[] = [];
  for (const block of before.openTools.keys()) {
    const [next, closing] = closeTool(state, block);
    state = next;
    chunks.push(...closing);
  }
  const [last, ending] = end({ ...state, stopReason });
  return [last, [...chunks, ...ending]];
}

const end = (state: StreamState): Step => [state, isFinished(state) ? toLastChunks(state) : []];

function toLastChunks({ stopReason = '', toolCalls, metadata }: StreamState): ChatChunk[] {
  const finishReason = toFinishReason(stopReason, toolCalls > 0);
  const usage = toTokenUsage(metadata?.usage);
  const tier = metadata?.serviceTier?.type;
  return [
    ...(finishReason ? [toChunk({}, finishReason)] : []),
    ...(usage
      ? [{ choices: [], usage: toReport(usage), ...(tier && { service_tier: tier }) }]
      : []),
  ];
}

const toArguments = (index: number, json: string): ChatChunk =>
  toChunk({ tool_calls: [{ index, function: { arguments: json } }] });

const toChunk = (delta: ChatDelta, finishReason: string | null = null): ChatChunk => ({
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});
