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

/** 32 bytes in base64url. */
const sealingKeySchema = z.string().regex(/^[\w-]{43}$/);

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
  USAGE_TABLE: z.string().min(1),
  /** Where rows go that DynamoDB does not take: the URL of an SQS queue, or `file:///{path}` on one machine. */
  ROW_SPOOL: z.url({ protocol: /^(https?|file)$/ }),
  PRODUCTS_TABLE: z.string().min(1),
  KEYS_TABLE: z.string().min(1),
  IDEMPOTENCY_TABLE: z.string().min(1),
  /** Encrypts answers that are kept; the previous one only opens what it has sealed. */
  SEALING_KEY: sealingKeySchema,
  SEALING_KEY_PREVIOUS: sealingKeySchema.optional(),
  /** `s3://{bucket}`, or `file:///{folder}` on one machine. */
  BLOB_STORE: z.url({ protocol: /^(s3|file)$/ }),
  /** Only for another server than AWS's own. */
  S3_ENDPOINT: z.url().optional(),
  /**
   * Names the Redis that keeps reservations. An unknown one is taken to be new and to have forgotten nothing:
   * on one machine, where nobody else is on it, that spares a start the wait.
   */
  BUDGET_STORE_ID: z.string().min(1).default('shared'),
  /** Only to override AWS's own endpoint, as on one machine. */
  DYNAMODB_ENDPOINT: z.url().optional(),
});
export type CoreEnv = z.infer<typeof envSchema>;

/** What the functions need that only look after the request log. */
const ledgerEnvSchema = envSchema.pick({
  GATEWAY_CONFIG: true,
  REQUEST_LOGS_TABLE: true,
  USAGE_TABLE: true,
  ROW_SPOOL: true,
  DYNAMODB_ENDPOINT: true,
});
export type LedgerEnv = z.infer<typeof ledgerEnvSchema>;

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws an error that names every variable that is missing or wrong. */
export const parseCoreEnv = (env: Variables): CoreEnv => parse(envSchema, env);
export const parseLedgerEnv = (env: Variables): LedgerEnv => parse(ledgerEnvSchema, env);

function parse<Env>(schema: z.ZodType<Env>, env: Variables): Env {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
  throw new Error(`These environment variables are missing or not valid: ${names}.`);
}
