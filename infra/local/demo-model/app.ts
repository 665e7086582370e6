/** The demonstration model as OpenAI's API: the gateway reaches it like any other server. */
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import * as z from 'zod/mini';
import { chatRequestSchema } from '../../../core/contract/chat.ts';
import { embeddingRequestSchema } from '../../../core/contract/embeddings.ts';
import { Fault, toFault } from '../../../core/contract/fault.ts';
import { parseJsonBody } from '../../../core/contract/json-body.ts';
import { formatSseEvent, SSE_CONTENT_TYPE, SSE_DONE } from '../../../core/contract/sse.ts';
import { complete, toChunks } from './completion.ts';
import { createEmbeddings } from './embeddings.ts';
import { DEMO_MODELS } from './models.ts';

interface DemoModelDeps {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits between two pieces of a stream, so that a person sees them arrive. */
  readonly pause: () => Promise<unknown>;
}

const boundedEmbeddings = z.extend(embeddingRequestSchema, {
  dimensions: z.nullish(z.int().check(z.minimum(1), z.maximum(4096))),
});

export function createDemoModelApp({ now, pause }: DemoModelDeps): Hono {
  const app = new Hono();
  app.get('/v1/models', (c) => c.json({ object: 'list', data: DEMO_MODELS }));

  app.post('/v1/chat/completions', async (c) => {
    const request = await readRequest(c, chatRequestSchema, 'demo-shop-assistant');
    const completion = complete(request, {
      id: `chatcmpl-${digest(request)}`,
      created: Math.floor(now() / 1000),
    });
    if (!request.stream) return c.json(completion);

    c.header('content-type', SSE_CONTENT_TYPE);
    return stream(c, async (client) => {
      const includeUsage = request.stream_options?.include_usage === true;
      for (const chunk of toChunks(completion, includeUsage)) {
        if (client.aborted) return;
        await client.write(formatSseEvent(chunk));
        await pause();
      }
      await client.write(SSE_DONE);
    });
  });

  app.post('/v1/embeddings', async (c) =>
    c.json(createEmbeddings(await readRequest(c, boundedEmbeddings, 'demo-embedding'))),
  );

  app.notFound((c) => toOpenAiError(c, new Fault('route_not_found')));
  app.onError((error, c) => toOpenAiError(c, toFault(error)));
  return app;
}

/** The body as the schema has it; throws a Fault for anything else and for another model. */
async function readRequest<T extends { readonly model: string }>(
  c: Context,
  schema: z.ZodMiniType<T>,
  model: string,
): Promise<T> {
  const body = parseJsonBody(new Uint8Array(await c.req.arrayBuffer()));
  if (body instanceof Fault) throw body;
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    throw new Fault('invalid_parameter', { param, message: `"${param}": ${issue?.message}.` });
  }
  if (parsed.data.model !== model) throw new Fault('model_not_found', { param: 'model' });
  return parsed.data;
}

/** The same request has the same id, so that whole answers can be compared. */
const digest = (request: unknown): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 24);

const toOpenAiError = (c: Context, { status, message, code, options }: Fault): Response =>
  c.json(
    {
      error: {
        message,
        type: status < 500 ? 'invalid_request_error' : 'server_error',
        param: options.param ?? null,
        code,
      },
    },
    status,
  );
