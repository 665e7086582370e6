/**
 * What the demonstration model answers: the whole decision, a function of the request alone. It is no
 * language model; it may say only what the user asked, what tools returned, and what it is.
 */
import * as z from 'zod';
import type { ChatMessage, ChatRequest } from '../../../core/contract/chat.ts';
import { exampleOf } from './json-schema.ts';
import { readToolResults } from './products.ts';
import { type Question, understand } from './question.ts';
import { cut } from './tokens.ts';
import { chooseTool, type ToolCall, toToolCall } from './tool-call.ts';

export type Answer = { readonly text: string } | { readonly toolCalls: readonly ToolCall[] };

const MAX_ITEMS = 5;
const MAX_ITEM_CHARACTERS = 300;

export function answer(request: ChatRequest): Answer {
  const { messages, response_format: format } = request;
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const question = understand(textOf(messages[asked]));
  const results = messages.slice(asked + 1).filter(({ role }) => role === 'tool');
  const tool = results.length === 0 ? chooseTool(request) : undefined;
  if (tool) return { toolCalls: [toToolCall(tool, question)] };

  const text = results.length > 0 ? report(question, results.map(textOf)) : introduce(question);
  if (format?.type === 'json_schema')
    return { text: JSON.stringify(exampleOf(readFormat(format))) };
  return { text: format?.type === 'json_object' ? JSON.stringify({ answer: text }) : text };
}

/** The text of a message; images and other parts are not read. */
export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? '';
  if (typeof content === 'string') return content;
  return content.flatMap(({ text }) => (typeof text === 'string' ? text : [])).join('\n');
}

function introduce({ words }: Question): string {
  return [
    "I am the gateway's demonstration model, not a language model: I answer only from what tools return.",
    words.length > 0 ? `I understood that you ask about: ${words.join(', ')}.` : '',
    'For products send a tool that searches them; for a real model start the gateway with OPENAI_API_KEY, AWS credentials and AWS_REGION, or LOCAL_MODEL_BASE_URL.',
  ]
    .filter(Boolean)
    .join(' ');
}

function report({ words, text }: Question, results: readonly string[]): string {
  const { products, lines } = readToolResults(results);
  const topic = words.join(' ') || text || 'this';
  if (products.length > 0) return `For “${topic}” the shop has:\n${list(products)}\n${SOURCE}`;
  if (lines.length > 0) return `For “${topic}” the shop's tools answered:\n${list(lines)}`;
  return `The shop's tools found nothing for “${topic}”. Other words or a wider price range may help.`;
}

const SOURCE =
  'Names, prices and stock are as the tools gave them; the demonstration model adds nothing.';

function list(items: readonly string[]): string {
  const named = items.slice(0, MAX_ITEMS).map((item) => `- ${shorten(item)}`);
  const others = items.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more.`] : [])].join('\n');
}

/** Between words, so that no price loses its last digits and becomes another price. */
function shorten(item: string): string {
  const beginning = cut(item, MAX_ITEM_CHARACTERS);
  return beginning.length < item.length ? beginning.replace(/\S*$/, '…') : item;
}

const jsonSchemaFormat = z.object({ json_schema: z.object({ schema: z.unknown() }) });
const readFormat = (format: unknown): unknown =>
  jsonSchemaFormat.safeParse(format).data?.json_schema.schema;
