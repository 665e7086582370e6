/**
 * The `usage` object of OpenAI's wire ↔ the canonical record. Servers that imitate it leave fields out,
 * name them otherwise and add them up in their own way; what is charged must not depend on that.
 */
import type { Usage } from '../contract/chat.ts';
import {
  type CountedUsage,
  cacheWriteTokens,
  promptTokens,
  type TokenUsage,
  totalTokens,
} from './token-usage.ts';

/** What the gateway counts itself, for the side that a report leaves out. */
export interface Guess {
  readonly input: number;
  readonly output: number;
}

/** More than any context window: a number above it is no count of tokens. */
const MAX_TOKENS = 100_000_000;

const PROMPT = 'prompt_tokens_details';
const COMPLETION = 'completion_tokens_details';
const WRITES = 'cache_creation_token_details';

/** Where each count may stand, OpenAI's own place first: the first one that is there is read. */
const PLACES = {
  prompt: [['prompt_tokens']],
  completion: [['completion_tokens']],
  total: [['total_tokens']],
  // Anthropic's, DeepSeek's and Moonshot's names.
  cacheRead: [
    [PROMPT, 'cached_tokens'],
    ['cache_read_input_tokens'],
    ['prompt_cache_hit_tokens'],
    ['cached_tokens'],
  ],
  cacheWrite: [
    [PROMPT, 'cache_write_tokens'],
    [PROMPT, 'cache_creation_tokens'],
    ['cache_creation_input_tokens'],
  ],
  cacheWrite5m: [
    [PROMPT, WRITES, 'ephemeral_5m_input_tokens'],
    ['cache_creation', 'ephemeral_5m_input_tokens'],
  ],
  cacheWrite1h: [
    [PROMPT, WRITES, 'ephemeral_1h_input_tokens'],
    ['cache_creation', 'ephemeral_1h_input_tokens'],
  ],
  audioInput: [[PROMPT, 'audio_tokens']],
  imageInput: [[PROMPT, 'image_tokens']],
  reasoning: [[COMPLETION, 'reasoning_tokens']],
  audioOutput: [[COMPLETION, 'audio_tokens']],
} as const;

type Counts = { readonly [Name in keyof typeof PLACES]: number | undefined };

/**
 * Undefined where the report does not tell both sides and there is no guess. A total above both sides
 * holds reasoning that was not counted as output; one below them, a part above its whole, or a number
 * that is no count make the result `estimated`.
 */
export function countUsage(report: unknown, guess?: Guess): CountedUsage | undefined {
  const { counts, isSound } = readCounts(report);
  const sides = sidesOf(counts, guess);
  if (!sides) return undefined;
  const input = inputOf(sides.prompt, counts, sides);
  const output = outputOf(input.prompt, counts, sides);
  const usage = { ...input.parts, ...output.parts };
  const isExact = isSound && sides.areTold && input.isSound && output.isSound;
  return { usage, status: isExact ? 'exact' : 'estimated' };
}

/** The record on OpenAI's wire; `countUsage` reads the same record from it. */
export function toReport(usage: TokenUsage): Usage {
  const { cacheRead, cacheWrite1h, cacheWrite5m, audioInput, imageInput } = usage;
  const writes = cacheWriteTokens(usage);
  const promptDetails = {
    ...(cacheRead !== undefined && { cached_tokens: cacheRead }),
    ...(writes !== undefined && { cache_write_tokens: writes }),
    ...(cacheWrite1h !== undefined && {
      [WRITES]: {
        ephemeral_1h_input_tokens: cacheWrite1h,
        ...(cacheWrite5m !== undefined && { ephemeral_5m_input_tokens: cacheWrite5m }),
      },
    }),
    ...(audioInput !== undefined && { audio_tokens: audioInput }),
    ...(imageInput !== undefined && { image_tokens: imageInput }),
  };
  const completionDetails = {
    ...(usage.reasoning !== undefined && { reasoning_tokens: usage.reasoning }),
    ...(usage.audioOutput !== undefined && { audio_tokens: usage.audioOutput }),
  };
  return {
    ...totalsOf(usage),
    ...(hasFields(promptDetails) && { [PROMPT]: promptDetails }),
    ...(hasFields(completionDetails) && { [COMPLETION]: completionDetails }),
  };
}

/**
 * What the client is told: the provider's report with the totals that are charged, marked where they are
 * not its own. A provider's `cost` is what it charges the gateway, or in another currency.
 */
export function toWireUsage({ usage, status }: CountedUsage, report: unknown): Usage {
  const { cost: _, ...said } = isFields(report) ? report : {};
  return { ...said, ...totalsOf(usage), ...(status === 'estimated' && { estimated: true }) };
}

const totalsOf = (usage: TokenUsage) => ({
  prompt_tokens: promptTokens(usage),
  completion_tokens: usage.output,
  total_tokens: totalTokens(usage),
});

function readCounts(report: unknown) {
  let isSound = true;
  const read = (places: readonly (readonly string[])[]): number | undefined => {
    const value = places.map((place) => valueAt(report, place)).find((found) => found != null);
    if (value === undefined) return undefined;
    if (isCount(value)) return value;
    isSound = false;
    return undefined;
  };
  const counts: Counts = {
    prompt: read(PLACES.prompt),
    completion: read(PLACES.completion),
    // Servers that do not add up say 0.
    total: read(PLACES.total) || undefined,
    cacheRead: read(PLACES.cacheRead),
    cacheWrite: read(PLACES.cacheWrite),
    cacheWrite5m: read(PLACES.cacheWrite5m),
    cacheWrite1h: read(PLACES.cacheWrite1h),
    audioInput: read(PLACES.audioInput),
    imageInput: read(PLACES.imageInput),
    reasoning: read(PLACES.reasoning),
    audioOutput: read(PLACES.audioOutput),
  };
  return { counts, isSound };
}

interface Sides {
  readonly prompt: number;
  readonly completion: number;
  readonly areTold: boolean;
}

/** Two of prompt, completion and total tell the third. */
function sidesOf({ prompt, completion, total }: Counts, guess?: Guess): Sides | undefined {
  if (prompt !== undefined && completion !== undefined) {
    return { prompt, completion, areTold: true };
  }
  if (total !== undefined && prompt !== undefined) {
    return { prompt, completion: Math.max(0, total - prompt), areTold: true };
  }
  if (total !== undefined && completion !== undefined) {
    return { prompt: Math.max(0, total - completion), completion, areTold: true };
  }
  if (!guess) return undefined;
  if (total === undefined) {
    const { input, output } = guess;
    return { prompt: prompt ?? input, completion: completion ?? output, areTold: false };
  }
  const output = Math.min(guess.output, total);
  return { prompt: total - output, completion: output, areTold: false };
}

/** Cached tokens are a part of the prompt, but for servers whose numbers show that they stand beside it. */
function inputOf(told: number, counts: Counts, { completion }: Sides) {
  const { cacheRead, cacheWrite5m, cacheWrite1h, total } = counts;
  const written = counts.cacheWrite ?? sumOf(cacheWrite5m, cacheWrite1h);
  const cached = sumOf(cacheRead, written) ?? 0;
  const isApart = total === undefined ? cached > told : total === told + completion + cached;
  const prompt = isApart ? told + cached : told;
  const parts = promptParts(prompt, { ...counts, cacheWrite: written });
  const isWithin = cached <= (total === undefined ? told : prompt);
  return { prompt, parts, isSound: isWithin && (parts.cacheWrite1h ?? 0) === (cacheWrite1h ?? 0) };
}

/** No part is larger than what holds it. */
function promptParts(prompt: number, counts: Counts) {
  const cacheRead = atMost(prompt, counts.cacheRead);
  const afterRead = prompt - (cacheRead ?? 0);
  const written = atMost(afterRead, counts.cacheWrite);
  const uncachedInput = afterRead - (written ?? 0);
  const cacheWrite1h = atMost(written ?? 0, counts.cacheWrite1h);
  const audioInput = atMost(uncachedInput, counts.audioInput);
  return {
    uncachedInput,
    cacheRead,
    cacheWrite5m: written === undefined ? undefined : written - (cacheWrite1h ?? 0),
    cacheWrite1h,
    audioInput,
    imageInput: atMost(uncachedInput - (audioInput ?? 0), counts.imageInput),
  };
}

function outputOf(prompt: number, { total, reasoning, audioOutput }: Counts, sides: Sides) {
  const output = Math.max(sides.completion, (total ?? 0) - prompt);
  const parts = {
    output,
    reasoning: atMost(output, reasoning),
    audioOutput: atMost(output, audioOutput),
  };
  const isSound =
    (total ?? prompt + output) >= prompt + output &&
    Math.max(reasoning ?? 0, audioOutput ?? 0) <= output;
  return { parts, isSound };
}

const sumOf = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);

const atMost = (bound: number, count: number | undefined): number | undefined =>
  count === undefined ? undefined : Math.min(bound, count);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS;

const valueAt = (report: unknown, place: readonly string[]): unknown =>
  place.reduce((value: unknown, key) => (isFields(value) ? value[key] : undefined), report);

const hasFields = (value: object): boolean => Object.keys(value).length > 0;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
