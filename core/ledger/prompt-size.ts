/** How large a request can be in tokens, and what of it can be counted. */
import type { ChatRequest } from '../contract/chat.ts';
import { type KeptText, keepText, NO_TEXT } from './kept-text.ts';

/** A request as one target gets it. */
export interface SizedRequest {
  readonly wire: ChatRequest;
  /** Of one choice. */
  readonly maxTokens: number | undefined;
}

/** Where the client does not bound the answer: as much as most models give in one, reasoning aside. */
const DEFAULT_MAX_OUTPUT = 16_384;
/**
 * Tokens that a provider adds itself. Claude's preamble for tools is the longest known, 804 tokens.
 * https://platform.claude.com/docs/en/about-claude/pricing
 */
const ADDED_TOKENS = 1_024;
/**
 * What an image costs has nothing to do with its bytes, and may be behind a URL. The dearest known is one
 * of eight tiles for gpt-4o-mini: 2,833 + 8 × 5,667 = 48,169. https://developers.openai.com/api/docs/guides/images-vision
 * The same is allowed for a document or a sound, above its bytes.
 */
const MEDIA_TOKENS = 50_000;
/** An ordinary image; only for what a provider did not count. */
const USUAL_MEDIA_TOKENS = 1_000;
/** What a chat template puts around a message. */
const MESSAGE_TOKENS = 4;

/** Bytes bound tokens from above, since no token is shorter than a byte; what is not text is added. */
export const boundInput = (body: object, messages: ChatRequest['messages'] = []): number =>
  Buffer.byteLength(JSON.stringify(body)) + ADDED_TOKENS + MEDIA_TOKENS * countMedia(messages);

/** Tokens of one choice that are reserved, and that may be sent as the bound. */
export const boundOutput = ({ maxTokens = DEFAULT_MAX_OUTPUT }: Pick<SizedRequest, 'maxTokens'>) =>
  maxTokens;

/** What a tokenizer can count of a request, and the tokens besides. */
export function promptText({ messages, tools, response_format }: ChatRequest) {
  let text: KeptText = NO_TEXT;
  const add = (words: unknown) => {
    if (typeof words === 'string') text = keepText(text, words);
  };
  for (const { content, tool_calls } of messages) {
    if (typeof content === 'string') add(content);
    else for (const part of content ?? []) add(part.text);
    if (tool_calls?.length) add(JSON.stringify(tool_calls));
  }
  if (tools?.length) add(JSON.stringify(tools));
  if (response_format) add(JSON.stringify(response_format));
  const extraTokens = MESSAGE_TOKENS * messages.length + USUAL_MEDIA_TOKENS * countMedia(messages);
  return { text, extraTokens };
}

const countMedia = (messages: ChatRequest['messages']): number =>
  messages.reduce((count, { content }) => {
    if (!Array.isArray(content)) return count;
    return count + content.filter(({ type }) => !TEXT_PARTS.has(type)).length;
  }, 0);

const TEXT_PARTS: ReadonlySet<string> = new Set(['text', 'refusal']);
