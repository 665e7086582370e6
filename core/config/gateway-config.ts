/**
 * The configuration's strict schema: an unknown or mistyped key stops the start, because an option
 * that is accepted and ignored is worse than an error.
 */
import * as z from 'zod';
import { limitsSchema } from '../contract/principal.ts';

const positiveMs = z.int().positive();
/** A bound against a slip of the pen, and against sums that no number holds. */
const usdPerMillion = z.number().nonnegative().max(1_000_000);

/** Operator's own prices of one model, in USD per million tokens; they win over every other source. */
const priceSchema = z.strictObject({
  inputPerMillionUsd: usdPerMillion,
  outputPerMillionUsd: usdPerMillion,
  cacheReadPerMillionUsd: usdPerMillion.optional(),
  cacheWritePerMillionUsd: usdPerMillion.optional(),
  cacheWrite1hPerMillionUsd: usdPerMillion.optional(),
  audioInputPerMillionUsd: usdPerMillion.optional(),
  audioOutputPerMillionUsd: usdPerMillion.optional(),
});

const providerShape = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use lower-case letters, digits and dashes'),
  enabled: z.boolean().default(true),
  /** Lower is tried first. */
  priority: z.int().default(1),
  /** Models this provider serves; "*" for a local server means all that it reports. */
  models: z.array(z.string().min(1).max(128)).min(1),
  /** Models that think before they answer: they get longer limits, and their streams begin early. */
  reasoning: z.array(z.string()).default([]),
  /** Calls in flight over all instances. */
  maxConcurrency: z.int().positive().default(200),
  /** Retries of one target within one request. */
  retryAttempts: z.int().nonnegative().default(2),
  connectTimeoutMs: positiveMs.default(3_000),
  /** Of one attempt. Unset: 30 s for answers awaited whole by non-reasoning models; streams may go on. */
  timeoutMs: positiveMs.optional(),
  /** Unset: 10 s, and 120 s for reasoning models. */
  firstTokenTimeoutMs: positiveMs.optional(),
  /** Unset: 15 s, and 60 s for reasoning models. */
  idleTimeoutMs: positiveMs.optional(),
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
  z.strictObject({
    kind: z.literal('bedrock'),
    ...providerShape,
    region: z.string().min(1),
    /** In place of AWS's own. */
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
    /** A Bedrock API key; without one, calls are signed with the credentials of the environment. */
    apiKey: z.string().min(1).optional(),
  }),
]);
export type ProviderConfig = z.infer<typeof providerSchema>;

const aliasSchema = z.strictObject({
  strategy: z.enum(['priority', 'cheapest', 'fastest', 'weighted']),
  targets: z
    .array(
      z.strictObject({
        model: z.string().regex(/^[^/]+\/./, 'write it as provider/model'),
        weight: z.number().positive().optional(),
      }),
    )
    .min(1),
});

export const configSchema = z.strictObject({
  providers: z
    .array(providerSchema)
    .min(1)
    .refine((providers) => new Set(providers.map(({ name }) => name)).size === providers.length, {
      message: 'two providers have the same name',
    }),
  /** Aliases: names that a client may ask for, and what they mean. */
  models: z.record(z.string().min(1).max(128), aliasSchema).default({}),
  retry: z
    .strictObject({
      baseMs: positiveMs.default(1_000),
      factor: z.number().min(1).default(2),
      maxMs: positiveMs.default(30_000),
      /** Of a whole request, its waits and its stream included. */
      deadlineMs: positiveMs.default(120_000),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failures: z.int().positive().default(5),
      cooldownMs: positiveMs.default(30_000),
    })
    .prefault({}),
  cache: z.strictObject({ ttlSeconds: z.int().nonnegative().default(300) }).prefault({}),
  limits: z
    .strictObject({
      default: z._default(limitsSchema, {
        requestsPerMinute: 600,
        requestsPerHour: 10_000,
        requestsPerDay: 100_000,
        burstLimit: 100,
        tokensPerMinute: 1_000_000,
        maxConcurrency: 100,
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
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap(sentences).join('\n'));
  const lost = lostTargets(parsed.data);
  if (lost.length > 0) throw new ConfigError(lost.join('\n'));
  return parsed.data;
}

/** Aliases that mean a provider which is not configured: a slip of the pen would silently lose a failover. */
function lostTargets({ providers, models }: GatewayConfig): readonly string[] {
  const names = new Set(providers.map(({ name }) => name));
  return Object.entries(models).flatMap(([alias, { targets }]) =>
    targets.flatMap(({ model }, index) => {
      const [provider = ''] = model.split('/');
      if (names.has(provider)) return [];
      return [`models.${alias}.targets.${index}.model: there is no provider "${provider}".`];
    }),
  );
}

function sentences(issue: z.core.$ZodIssue): readonly string[] {
  const at = (...more: readonly string[]) =>
    [...issue.path.map(String), ...more].join('.') || 'configuration';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${at(key)}: this key is not known.`);
  }
  return [`${at()}: ${issue.message}.`];
}
