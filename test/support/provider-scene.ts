/** What a provider is brought to do, in no vendor's words: each vendor's stage plays it on its own wire. */
import type OpenAI from 'openai';
import type { ChatCompletion, ChatRequest } from '../../core/contract/chat.ts';

export interface Vendor {
  readonly model: string;
  /** Absent: it has none. */
  readonly embeddingModel?: string;
  /** What its server can be brought to do. */
  readonly scenes: readonly SceneName[];
  start(scene: SceneName): Promise<Stage>;
}

/** A vendor's server on loopback: a chat plays the scene, all else is answered well. */
export interface Stage {
  /** Its entry under `providers` in the configuration, but for name and prices. */
  readonly config: object;
  /** What the scene's answer says. */
  readonly heard: Heard;
  /** Every caller has closed its connection. */
  isLeft(): boolean;
  /** Breaks off what is under way; from then on nothing listens. */
  close(): Promise<void>;
}

/** An answer, as far as every vendor has it. */
export interface Heard {
  readonly text: string;
  readonly toolCalls: readonly {
    readonly id: unknown;
    readonly name: string;
    readonly arguments: string;
  }[];
  readonly finish: string | undefined;
  readonly usage: { readonly input: number; readonly output: number } | undefined;
}

/** OpenAI's type of an answer, or the contract's. */
type Answer = Pick<ChatCompletion, 'choices' | 'usage'> | OpenAI.ChatCompletion;

export type Scene = Streamed | Refused;

export interface Streamed {
  readonly said: readonly Said[];
  /** What follows the last that was said: the end, a broken connection, or nothing ever. */
  readonly ending: 'end' | 'cut' | 'silence';
  /** What it takes to be answered like that. */
  readonly request?: Partial<ChatRequest>;
}

/** An HTTP status in place of a stream. */
export interface Refused {
  readonly status: 404 | 429 | 500;
  readonly retryAfterSeconds?: number;
  readonly request?: Partial<ChatRequest>;
}

/** Something said in a stream. */
export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: 'arguments'; readonly index: number; readonly json: string }
  | { readonly kind: 'finish'; readonly reason: 'stop' | 'length' | 'tool_calls' }
  | { readonly kind: 'usage'; readonly input: number; readonly output: number }
  /** What the vendor may add to its wire tomorrow. */
  | { readonly kind: 'novelty' };

export type SceneName = keyof typeof SCENES;

const text = (...fragments: string[]): Said[] =>
  fragments.map((fragment) => ({ kind: 'text', text: fragment }));
const call = (index: number, name: string, ...fragments: string[]): Said[] => [
  { kind: 'call', index, id: `call_${index}`, name },
  ...fragments.map((json): Said => ({ kind: 'arguments', index, json })),
];
const stop: Said = { kind: 'finish', reason: 'stop' };
const length: Said = { kind: 'finish', reason: 'length' };
const toolCalls: Said = { kind: 'finish', reason: 'tool_calls' };
const usage: Said = { kind: 'usage', input: 12, output: 9 };
const novelty: Said = { kind: 'novelty' };

const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { query: { type: 'string' } } },
  },
});

const SCENES = {
  text: {
    said: [...text('Grüße', ', ', '世界 👋', '\n'), stop, usage],
    ending: 'end',
  },
  'tool call': {
    request: { tools: [tool('product_search')] },
    said: [...call(0, 'product_search', '{"que', 'ry":"la', 'mps"}'), toolCalls, usage],
    ending: 'end',
  },
  'parallel tool calls': {
    request: { tools: [tool('product_search'), tool('stock')] },
    said: [
      ...text('Let me look.'),
      ...call(0, 'product_search', '{"query":', '"lamps"}'),
      ...call(1, 'stock', '{"que', 'ry":"1"}'),
      toolCalls,
      usage,
    ],
    ending: 'end',
  },
  'length stop': {
    request: { max_tokens: 9 },
    said: [...text('Once upon', ' a'), length, usage],
    ending: 'end',
  },
  'no usage': { said: [...text('Hello'), stop], ending: 'end' },
  novelties: {
    said: [novelty, ...text('Hel'), novelty, ...text('lo'), novelty, stop, novelty, usage, novelty],
    ending: 'end',
  },
  'nothing said': { said: [], ending: 'end' },
  'no finish': { said: text('Hel', 'lo'), ending: 'end' },
  cut: { said: text('Hel', 'lo'), ending: 'cut' },
  silence: { said: [], ending: 'silence' },
  'silence after content': { said: text('Hel', 'lo'), ending: 'silence' },
  outage: { status: 500 },
  'rate limit': { status: 429, retryAfterSeconds: 7 },
  'no such model': { status: 404, request: { model: 'nobody' } },
} as const satisfies Record<string, Scene>;

export const ALL_SCENES = Object.keys(SCENES) as SceneName[];

export const sceneOf = (name: SceneName): Scene => SCENES[name];

/** The body that brings a vendor to play the scene. */
export function chatOf(name: SceneName, model: string): ChatRequest {
  const messages = [{ role: 'user' as const, content: 'Which lamps do you have?' }];
  return { model, messages, ...sceneOf(name).request };
}

/** What an answer that says this says. */
export function heardIn(scene: Scene): Heard {
  const said = 'said' in scene ? scene.said : [];
  const all = <K extends Said['kind']>(kind: K) =>
    said.filter((one): one is Extract<Said, { kind: K }> => one.kind === kind);
  const [counted] = all('usage');
  return {
    text: all('text')
      .map((fragment) => fragment.text)
      .join(''),
    toolCalls: all('call').map(({ index, id, name }) => ({
      id,
      name,
      arguments: all('arguments')
        .flatMap((one) => (one.index === index ? one.json : []))
        .join(''),
    })),
    finish: all('finish')[0]?.reason,
    usage: counted && { input: counted.input, output: counted.output },
  };
}

/** An error says nothing. Tokens that the gateway counted were not told by the vendor. */
export function heardOf({ choices: [choice] = [], usage }: Answer): Heard {
  const { content, tool_calls } = choice?.message ?? {};
  return {
    text: content ?? '',
    toolCalls: (tool_calls ?? []).map(({ id, ...call }) => ({
      id,
      ...(call as { function: { name: string; arguments: string } }).function,
    })),
    finish: choice?.finish_reason,
    usage:
      usage && !('estimated' in usage)
        ? { input: usage.prompt_tokens, output: usage.completion_tokens }
        : undefined,
  };
}
