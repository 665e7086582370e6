/** The admin API as commands use it; whatever goes wrong becomes one sentence that says what to do. */
import * as z from 'zod';
import type { Connection } from './connection.ts';

export interface Answer<Body> {
  readonly body: Body;
  /** What the gateway could not do at once. */
  readonly degraded: string | undefined;
}

export interface AdminClient {
  /** `path` below `/admin`. */
  send<Body>(request: AdminRequest, schema: z.ZodType<Body>): Promise<Answer<Body>>;
  /** An answer that is read as it comes. */
  stream(path: string): Promise<AsyncIterable<string>>;
}

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 30_000;

const faultSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
  requestId: z.string(),
});

export function createAdminClient({ url, key }: Connection, fetch: Fetch): AdminClient {
  const request = async ({ method, path, body }: AdminRequest, signal: AbortSignal | null) => {
    const init = {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    };
    const response = await fetch(`${url}/admin${path}`, init).catch((cause: unknown) => {
      throw new Error(`Nothing answers at ${url}; is the gateway running?`, { cause });
    });
    if (!response.ok) throw new Error(await sentenceOf(response, url));
    return response;
  };
  return {
    async send(order, schema) {
      const response = await request(order, AbortSignal.timeout(TIMEOUT_MS));
      const parsed = schema.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) {
        const message = `${url} does not answer as this gateway does; is it of the same version?`;
        throw new Error(message, { cause: parsed.error });
      }
      return {
        body: parsed.data,
        degraded: response.headers.get('x-gateway-degraded') ?? undefined,
      };
    },
    async stream(path) {
      const response = await request({ method: 'GET', path }, null);
      return textOf(response, url);
    },
  };
}

async function* textOf({ body }: Response, url: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body ?? []) yield decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new Error(`${url} broke off before the end; try again, or ask for fewer days.`, {
      cause,
    });
  }
}

async function sentenceOf(response: Response, url: string): Promise<string> {
  const { status } = response;
  const fault = faultSchema.safeParse(await response.json().catch(() => undefined)).data;
  if (!fault) return `${url} answered ${status} and is not the gateway; check the URL.`;
  if (status === 401)
    return `${fault.error.message} The key is the one in GATEWAY_ADMIN_KEY, --key or .local/credentials.json.`;
  if (status === 403) return 'This is no key of an operator; use one that has the scope "admin".';
  return status < 500
    ? fault.error.message
    : `${fault.error.message} Its request id is ${fault.requestId}.`;
}
