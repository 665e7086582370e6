/** The one way from a tool's answer to MCP: valid, within the byte budget, never a thrown message. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type * as z from 'zod';

/** Text and structured content together; hosts cut or refuse what is much larger. */
const MAX_RESULT_BYTES = 32 * 1024;

export interface ResultForm<Output extends Readonly<Record<string, unknown>>> {
  readonly outputSchema: z.ZodType<Output>;
  /** Compact lines for a model to read, not the JSON again. */
  readonly toText: (output: Output) => string;
}

/** `renderings` are the same answer, each with less in it than the one before; the first that fits is sent. */
export function toolResult<Output extends Readonly<Record<string, unknown>>>(
  { outputSchema, toText }: ResultForm<Output>,
  renderings: Iterable<Output>,
): CallToolResult {
  for (const rendering of renderings) {
    const structuredContent = outputSchema.parse(rendering);
    const text = toText(structuredContent);
    if (Buffer.byteLength(JSON.stringify([text, structuredContent])) <= MAX_RESULT_BYTES) {
      return { content: [{ type: 'text', text }], structuredContent };
    }
  }
  return toolError('The answer is too large; ask for less.');
}

/** A failure that the model reads and may correct: `text` says how. */
export const toolError = (text: string): CallToolResult => ({
  content: [{ type: 'text', text }],
  isError: true,
});
