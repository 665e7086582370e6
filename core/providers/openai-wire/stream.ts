/**
 * The events of an OpenAI-compatible stream → chunks. A finish is held back until the answer has ended
 * well: one that breaks off after it, as before its usage, ends in an error and not in both.
 */
import type { ChatChunk } from '../../contract/chat.ts';
import { hasContent } from '../../contract/completion-stream.ts';
import { ProviderFailure } from '../provider.ts';
import { errorIn, failureOfError, safeCode } from './failure.ts';
import {
  eventSchema,
  parseJson,
  type ToldChoice,
  type ToldEvent,
  toChoiceFields,
  toDelta,
  toEnvelope,
  toUsage,
} from './fields.ts';
import { toFinishReason } from './response.ts';
import { type BegunCall, numberCalls } from './tools.ts';

export interface StreamState {
  /** Of the answer; makes the ids of tool calls that have none. */
  readonly name: string;
  /** `[DONE]` was seen. */
  readonly done: boolean;
  /** Usage was seen. */
  readonly counted: boolean;
  /** By index. */
  readonly choices: ReadonlyMap<number, ChoiceState>;
  /** The chunks with what has been told of the finish. */
  readonly ending: readonly ChatChunk[];
}

interface ChoiceState {
  readonly finished: boolean;
  readonly calls: readonly BegunCall[];
}

type Step = readonly [StreamState, ChatChunk | undefined];
type Choice = ChatChunk['choices'][number];

/** Before the first event of an answer; no two answers have the same `name`. */
export const begin = (name: string): StreamState => ({
  name,
  done: false,
  counted: false,
  choices: new Map(),
  ending: [],
});

/** One event's data → the next state and the chunk to show, if there is one; or why the stream has failed. */
export function step(state: StreamState, data: string): Step | ProviderFailure {
  return isDone(data) ? [{ ...state, done: true }, undefined] : stepEvent(state, parseJson(data));
}

export const isDone = (data: string): boolean => data.trim() === '[DONE]';

export function stepEvent(state: StreamState, event: unknown): Step | ProviderFailure {
  const error = errorIn(event);
  if (error !== undefined) return failureOfError(error);
  const told = eventSchema.safeParse(event);
  if (!told.success) return new ProviderFailure('bad-response', { cause: told.error });
  return withEvent(state, told.data);
}

/** When the events have ended: what is still to be shown, or `interrupted` for an answer that is not whole. */
export const finish = (
  state: StreamState,
  choicesAsked: number,
): readonly ChatChunk[] | ProviderFailure =>
  isWhole(state, choicesAsked) ? state.ending : new ProviderFailure('interrupted');

/** Usage comes last: while it is missing, a connection that breaks may have taken it along. */
export const lacksNothing = (state: StreamState, choicesAsked: number): boolean =>
  isWhole(state, choicesAsked) && (state.done || state.counted);

/** Every choice that began has finished, and, where `[DONE]` is missing, as many have as were asked for. */
function isWhole({ done, choices }: StreamState, choicesAsked: number): boolean {
  if (choices.size === 0 || ![...choices.values()].every(({ finished }) => finished)) return false;
  return done || choices.size >= choicesAsked;
}

function withEvent(before: StreamState, event: ToldEvent): Step | ProviderFailure {
  const read = readChoices(before, event);
  if (read instanceof ProviderFailure) return read;
  const { choices, shown, held } = read;
  const usage = toUsage(event.usage);
  const counted = usage && { usage };
  const state = { ...before, choices, counted: before.counted || usage !== undefined };
  const fields = toEnvelope(event);
  if (held.length === 0) return [state, { ...fields, choices: shown, ...counted }];
  const hold = (chunk: ChatChunk) => ({ ...state, ending: [...state.ending, chunk] });
  return shown.length > 0
    ? [hold({ choices: held }), { ...fields, choices: shown, ...counted }]
    : // Usage is not held back: what is counted later would come before it.
      [hold({ ...fields, choices: held }), counted && { choices: [], ...counted }];
}

function readChoices({ name, choices: before }: StreamState, { choices: told }: ToldEvent) {
  const choices = new Map(before);
  const shown: Choice[] = [];
  const held: Choice[] = [];
  for (const one of told ?? []) {
    const index = one.index ?? 0;
    const read = readChoice(one, { index, name, ...choices.get(index) });
    if (read instanceof ProviderFailure) return read;
    choices.set(index, read.state);
    if (read.shown) shown.push(read.shown);
    if (read.held) held.push(read.held);
  }
  return { choices, shown, held };
}

interface Known extends Partial<ChoiceState> {
  readonly index: number;
  readonly name: string;
}

interface Reading {
  readonly state: ChoiceState;
  readonly shown: Choice | undefined;
  readonly held: Choice | undefined;
}

/** A choice that ends is held back, but for what it says. Of several ends the first one counts. */
function readChoice(told: ToldChoice, known: Known): Reading | ProviderFailure {
  const { index, finished = false } = known;
  const finishReason = told.finish_reason ? toFinishReason(told.finish_reason) : null;
  if (finishReason === undefined) return unknownFinish(told.finish_reason);
  const { calls, delta } = readDelta(told, known);
  const state = { finished: finished || finishReason !== null, calls };
  const choice = { ...toChoiceFields(told), index, delta, finish_reason: null };
  if (finished || finishReason === null) return { state, shown: choice, held: undefined };
  const end = { index, delta: {}, finish_reason: finishReason };
  return hasContent({ choices: [choice] })
    ? { state, shown: choice, held: end }
    : { state, shown: undefined, held: { ...choice, ...end } };
}

function unknownFinish(reason: unknown): ProviderFailure {
  const upstreamCode = safeCode(reason);
  return new ProviderFailure('bad-response', upstreamCode ? { upstreamCode } : {});
}

function readDelta({ delta: told }: ToldChoice, { index, name, calls = [] }: Known) {
  const { said, fragments } = toDelta(told);
  if (!fragments) return { calls, delta: said };
  const idOf = (call: number) => `call_${name}_${index}_${call}`;
  const [begun, tool_calls] = numberCalls(calls, fragments, idOf);
  return { calls: begun, delta: { ...said, tool_calls } };
}
