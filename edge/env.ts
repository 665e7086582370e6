/** The bindings of the Worker, parsed once per isolate. `wrangler.toml` describes them for operators. */
import * as z from 'zod/mini';
import type { EdgeRecord } from '../core/contract/edge-record.ts';

/** Cloudflare's queue producer, as far as it is used. */
export interface RecordQueue {
  send(record: EdgeRecord): Promise<unknown>;
}

const text = z.string().check(z.minLength(1));
/** Short secrets can be guessed. */
const secret = z.string().check(z.minLength(32));
const url = z.url({ protocol: /^https?$/ });
const count = z.coerce.number().check(z.int(), z.positive());

const signingKey = z.pipe(
  z.pipe(
    text,
    z.transform((json, { issues }) => {
      try {
        return JSON.parse(json);
      } catch {
        issues.push({ code: 'custom', message: 'must be a JWK as JSON', input: '' });
        return undefined;
      }
    }),
  ),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: text, d: text }),
);

const isQueue = (value: unknown): value is RecordQueue =>
  typeof value === 'object' &&
  value !== null &&
  'send' in value &&
  typeof value.send === 'function';

const envSchema = z.object({
  CORE_URL: url,
  /** Private Ed25519 key as a JWK: signs the hop, and the core alone has the public half. */
  HOP_PRIVATE_KEY: signingKey,
  /** Keys the digests under which the key stores hold keys; the core has the same. */
  KEY_PEPPER: secret,
  CACHE_SECRET: secret,
  UPSTASH_REDIS_REST_URL: url,
  UPSTASH_REDIS_REST_TOKEN: text,
  /** 0 keeps only what a client asks to be kept. */
  CACHE_TTL_SECONDS: z._default(z.coerce.number().check(z.int(), z.nonnegative()), 300),
  MAX_BODY_BYTES: z._default(count, 4_194_304),
  LIMITER_TIMEOUT_MS: z._default(count, 150),
  RECORDS: z.optional(z.custom<RecordQueue>(isQueue)),
});
export type EdgeBindings = z.infer<typeof envSchema>;

/** Throws one sentence that names every binding that is missing or wrong, and no value. */
export function parseEnv(env: unknown): EdgeBindings {
  const parsed = envSchema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  throw new Error(`Set these bindings of the Worker, see wrangler.toml: ${[...names].join(', ')}.`);
}
