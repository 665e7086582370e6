/** Which tool to call for a question, and with which arguments. */
import * as z from 'zod';
import type { ChatRequest, ChatTool } from '../../../core/contract/chat.ts';
import { exampleOf, type JsonSchema, readSchema } from './json-schema.ts';
import type { Question } from './question.ts';

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

type ToolFunction = NonNullable<ChatTool['function']>;

const SEARCH_TOOLS: readonly string[] = ['product_search', 'search_catalog'];
const forcedTool = z.object({ function: z.object({ name: z.string() }) });

/** The tool that the request forces, else one that looks like a product search, if it may be called. */
export function chooseTool({ tools, tool_choice }: ChatRequest): ToolFunction | undefined {
  const functions = (tools ?? []).flatMap((tool) => tool.function ?? []);
  if (tool_choice === 'none') return undefined;
  const forced = forcedTool.safeParse(tool_choice).data?.function.name;
  if (forced) return functions.find(({ name }) => name === forced);
  return (
    functions.find(({ name }) => SEARCH_TOOLS.includes(name)) ??
    functions.find(({ name }) => name.includes('search')) ??
    (tool_choice === 'required' ? functions[0] : undefined)
  );
}

/** Arguments that the tool's schema declares, and no others. */
export const toToolCall = (tool: ToolFunction, question: Question): ToolCall => ({
  name: tool.name,
  arguments: fillProperties(readSchema(tool.parameters), question),
});

function fillProperties(
  schema: JsonSchema,
  question: Question,
  parent = '',
): ToolCall['arguments'] {
  const filled = Object.entries(schema.properties).map(([name, value]) => {
    const property = readSchema(value);
    const argument =
      priceBound(parent === 'price' ? `price_${name}` : name, property, question) ??
      nestedArguments(name, property, question) ??
      (name === 'query' ? searchWords(question) : undefined);
    const isMissing = argument === undefined && schema.required.includes(name);
    return [name, isMissing ? requiredValue(value, question) : argument] as const;
  });
  return Object.fromEntries(filled.filter(([, argument]) => argument !== undefined));
}

/** Whole minor units where the schema wants an integer, as the gateway's own tools do. */
function priceBound(name: string, property: JsonSchema, question: Question): number | undefined {
  const cents = namedBound(name, question);
  if (cents === undefined) return undefined;
  if (property.type === 'integer') return cents;
  return property.type === 'number' ? cents / 100 : undefined;
}

function namedBound(name: string, question: Question): number | undefined {
  if (/^(max_?price|price_?max)$/i.test(name)) return question.maxPriceCents;
  return /^(min_?price|price_?min)$/i.test(name) ? question.minPriceCents : undefined;
}

/** UCP keeps its query and filters in objects within the arguments. */
function nestedArguments(name: string, property: JsonSchema, question: Question) {
  const nested = fillProperties(property, question, name);
  return Object.keys(nested).length > 0 ? nested : undefined;
}

/** With a price bound alone there is nothing to search for: the bound says it all. */
function searchWords({ words, text, minPriceCents, maxPriceCents }: Question): string | undefined {
  if (words.length > 0) return words.join(' ');
  return text === '' || (minPriceCents ?? maxPriceCents) !== undefined ? undefined : text;
}

/** Free text is what the user said; everything else the least that the schema accepts. */
function requiredValue(value: unknown, question: Question): unknown {
  const { type, choices } = readSchema(value);
  const isFreeText = type === 'string' && !choices;
  return isFreeText ? question.words.join(' ') || question.text : exampleOf(value);
}
