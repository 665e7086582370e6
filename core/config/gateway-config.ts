/**
 * The configuration's strict schema: an unknown or mistyped key stops the start, because an option
 * that is accepted and ignored is worse than an error.
 */
import * as z from 'zod';
import { limitsSchema } from '../contract/principal.ts';

const positiveMs = z.int().positive();
const usdPerMillion = z.number().nonnegative();

/** Operator's own prices of one model, in USD per million tokens; they win over every other source. */
const priceSchema = z.strictObject({
  inputPerMillionUsd: usdPerMillion,
  outputPerMillionUsd: usdPerMillion,
  cacheReadPerMillionUsd: usdPerMillion.optional(),
});

const providerShape = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use lower-case letters, digits and dashes'),
  enabled: z.boolean().default(true),
  /** Lower is tried first. */
  priority: z.int().default(1),
  /** Models this provider serves; "*" for a local server means all that it reports. */
  models: z.array(z.string().min(1).max(128)).min(1),
  connectTimeoutMs: positiveMs.default(3_000),
  timeoutMs: positiveMs.default(30_000),
  prices: z.record(z.string(), priceSchema).default({}),
};

const openAiWireShape = {
  ...providerShape,
  /** A literal key, or "secret:NAME". */
  apiKey: z.string().min(1).optional(),
};

const providerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('openai'),
    ...openAiWireShape,
    baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.openai.com/v1'),
  }),
  z.strictObject({
    kind: z.literal('local'),
    ...openAiWireShape,
    baseUrl: z.url({ protocol: /^https?$/ }),
  }),
]);
export type ProviderConfig = z.infer<typeof providerSchema>;

export const configSchema = z.strictObject({
  providers: z
    .array(providerSchema)
    .min(1)
    .refine((providers) => new Set(providers.map(({ name }) => name)).size === providers.length, {
      message: 'two providers have the same name',
    }),
  cache: z.strictObject({ ttlSeconds: z.int().nonnegative().default(300) }).prefault({}),
  limits: z
    .strictObject({
      default: z._default(limitsSchema, {
        requestsPerMinute: 600,
        requestsPerHour: 10_000,
        requestsPerDay: 100_000,
        burstLimit: 100,
      }),
      maxBodyBytes: z.int().positive().default(4_194_304),
    })
    .prefault({}),
  limiter: z.strictObject({ timeoutMs: positiveMs.default(150) }).prefault({}),
  logging: z.strictObject({ ttlDays: z.int().positive().default(90) }).prefault({}),
});
export type GatewayConfig = z.infer<typeof configSchema>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** JSON text → configuration. Throws `ConfigError`, whose message names the key at fault. */
export function parseConfig(text: string): GatewayConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError('The configuration is not valid JSON.', { cause });
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.flatMap(sentences).join('\n'));
}

function sentences(issue: z.core.$ZodIssue): readonly string[] {
  const at = (...more: readonly string[]) =>
    [...issue.path.map(String), ...more].join('.') || 'configuration';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${at(key)}: this key is not known.`);
  }
  return [`${at()}: ${issue.message}.`];
}
