/** The core's environment, parsed once per cold start. */
import * as z from 'zod';

const publicKeySchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JWK as JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string().regex(/^[\w-]{43}$/),
    }),
  );

const envSchema = z.object({
  /** The configuration: the JSON text of the file. */
  GATEWAY_CONFIG: z.string().min(2),
  /** JWK (OKP, Ed25519) with the public half of the edge's signing key. */
  HOP_PUBLIC_KEY: publicKeySchema,
  /** Secret of the digests under which API keys are stored. */
  KEY_PEPPER: z.string().min(32),
  /** The word in every key that tells what it opens, such as `live`. */
  KEY_ENVIRONMENT: z.string().regex(/^[a-z]{2,8}$/),
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  REQUEST_LOGS_TABLE: z.string().min(1),
  PRODUCTS_TABLE: z.string().min(1),
  KEYS_TABLE: z.string().min(1),
  /** Only to override AWS's own endpoint, as on one machine. */
  DYNAMODB_ENDPOINT: z.url().optional(),
});
export type CoreEnv = z.infer<typeof envSchema>;

/** Throws an error that names every variable that is missing or wrong. */
export function parseCoreEnv(env: Readonly<Record<string, string | undefined>>): CoreEnv {
  const parsed = envSchema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
  throw new Error(`These environment variables are missing or not valid: ${names}.`);
}
