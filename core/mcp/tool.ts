import type { McpServer } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { type ResultForm, toolError, toolResult } from './tool-result.ts';

/** A tool that reads the catalogue and changes nothing. */
export interface Tool<Input, Output extends Readonly<Record<string, unknown>>>
  extends ResultForm<Output> {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, when to use it. Fixed text, never built from product data. */
  readonly description: string;
  readonly inputSchema: z.ZodType<Input>;
  /** Renderings of the answer, as `toolResult` takes them. */
  readonly run: (input: Input) => Promise<Iterable<Output>>;
}

/** The protocol's defaults are those of a dangerous tool. */
const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

export function registerTool<Input, Output extends Readonly<Record<string, unknown>>>(
  server: McpServer,
  tool: Tool<Input, Output>,
  report: (failure: unknown) => void,
): void {
  const { name, title, description, inputSchema, outputSchema } = tool;
  server.registerTool(
    name,
    { title, description, inputSchema, outputSchema, annotations: ANNOTATIONS },
    async (input) => {
      try {
        return toolResult(tool, await tool.run(input));
      } catch (failure) {
        // The SDK would send the message of what is thrown to the client.
        report(failure);
        return toolError('The tool failed; the same call may succeed in a moment.');
      }
    },
  );
}
