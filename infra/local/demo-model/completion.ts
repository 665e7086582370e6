/** An answer as OpenAI's wire has it: limits, usage, and the same answer again in pieces. */
import type { ChatChunk, ChatDelta, ChatRequest, Usage } from '../../../core/contract/chat.ts';
import { type Answer, answer, textOf } from './answer.ts';
import { CHARACTERS_PER_TOKEN, countTokens, cut } from './tokens.ts';

interface Identity {
  readonly id: string;
  /** Epoch seconds, as OpenAI counts. */
  readonly created: number;
}

interface DemoCompletion extends Identity {
  readonly object: 'chat.completion';
  readonly model: string;
  readonly choices: readonly (Choice & { readonly index: number })[];
  readonly usage: Usage;
}

interface Choice {
  readonly message: Message;
  readonly logprobs: null;
  readonly finish_reason: 'stop' | 'length' | 'tool_calls';
}

interface Message {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly refusal: null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

export function complete(request: ChatRequest, { id, created }: Identity): DemoCompletion {
  const choice = toChoice(request, answer(request), id);
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => ({ index, ...choice }));
  const { model } = request;
  const usage = countUsage(request, choices);
  return { id, object: 'chat.completion', created, model, choices, usage };
}

function toChoice(request: ChatRequest, given: Answer, id: string): Choice {
  if ('text' in given) {
    const { text, isCut } = limitText(request, given.text);
    return {
      message: { role: 'assistant', content: text, refusal: null },
      logprobs: null,
      finish_reason: isCut ? 'length' : 'stop',
    };
  }
  const tool_calls = given.toolCalls.map((call, index) => ({
    id: `call_${id}_${index}`,
    type: 'function' as const,
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return {
    message: { role: 'assistant', content: null, refusal: null, tool_calls },
    logprobs: null,
    finish_reason: 'tool_calls',
  };
}

/** A stop sequence ends the text before it; that is no shortage of tokens. */
function limitText({ stop, max_completion_tokens, max_tokens }: ChatRequest, whole: string) {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  const ends = sequences.filter(Boolean).map((sequence) => whole.indexOf(sequence));
  const stopped = whole.slice(0, Math.min(whole.length, ...ends.filter((end) => end >= 0)));
  const maxTokens = max_completion_tokens ?? max_tokens ?? Number.POSITIVE_INFINITY;
  const text = cut(stopped, maxTokens * CHARACTERS_PER_TOKEN);
  return { text, isCut: text.length < stopped.length };
}

/** The texts and tool calls of the messages and the tool definitions; then those of every choice. */
function countUsage({ messages, tools }: ChatRequest, choices: readonly Choice[]): Usage {
  const asked = messages.map((message) => textOf(message) + jsonOf(message.tool_calls));
  const answered = choices.map(
    ({ message }) => (message.content ?? '') + jsonOf(message.tool_calls),
  );
  const prompt_tokens = countAll([...asked, jsonOf(tools)]);
  const completion_tokens = countAll(answered);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

const jsonOf = (value: unknown): string => (value ? JSON.stringify(value) : '');
const countAll = (texts: readonly string[]): number =>
  texts.reduce((total, text) => total + countTokens(text), 0);

/** The same answer word by word, and tool arguments in fragments, as a model would send them. */
export function* toChunks(completion: DemoCompletion, includeUsage: boolean): Generator<ChatChunk> {
  const { choices, usage, ...fields } = completion;
  const chunk = {
    ...fields,
    object: 'chat.completion.chunk',
    // OpenAI sends null on every chunk but the one that carries the usage.
    ...(includeUsage && { usage: null }),
  };
  for (const { index, message, finish_reason } of choices) {
    for (const delta of toDeltas(message)) {
      yield { ...chunk, choices: [{ index, delta, finish_reason: null }] };
    }
    yield { ...chunk, choices: [{ index, delta: {}, finish_reason }] };
  }
  if (includeUsage) yield { ...chunk, choices: [], usage };
}

function* toDeltas({ role, content, tool_calls }: Message): Generator<ChatDelta> {
  yield { role, content: content === null ? null : '' };
  for (const word of content?.match(/\s*\S+|\s+$/g) ?? []) yield { content: word };
  for (const [index, { function: called, ...call }] of (tool_calls ?? []).entries()) {
    yield { tool_calls: [{ index, ...call, function: { name: called.name, arguments: '' } }] };
    for (const fragment of called.arguments.match(/.{1,12}/gsu) ?? []) {
      yield { tool_calls: [{ index, function: { arguments: fragment } }] };
    }
  }
}
