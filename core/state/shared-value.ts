/** Values with pure transitions, kept as JSON: a change is written only over what it was computed from. */
import type * as z from 'zod';
import type { RedisPort } from './redis-port.ts';

export interface ValueKind<Value> {
  readonly schema: z.ZodType<Value>;
  /** What an absent or unreadable value counts as. */
  readonly initial: Value;
  readonly ttlMs: number;
}

/** Pure: it runs again over whatever another writer has left. */
export type Change<Value> = (value: Value) => Value | 'refused';

interface Entry<Value> {
  readonly key: string;
  readonly kind: ValueKind<Value>;
  /** How often to try while others get in first. */
  readonly rounds?: number;
}

/** Of writers at once, one wins each round. */
const MAX_ROUNDS = 20;

export function parseValue<Value>({ schema, initial }: ValueKind<Value>, text?: string): Value {
  if (text === undefined) return initial;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : initial;
  } catch {
    return initial;
  }
}

/** The value after `change`, or `refused` if `change` says so or others keep getting in first. */
export async function changeValue<Value>(
  redis: RedisPort,
  { key, kind, rounds = MAX_ROUNDS }: Entry<Value>,
  change: Change<Value>,
): Promise<Value | 'refused'> {
  for (let round = 0; round < rounds; round += 1) {
    const [text] = await redis.getMany([key]);
    const before = parseValue(kind, text);
    const next = change(before);
    if (next === before || next === 'refused') return next;
    const replacement = { expected: text, next: JSON.stringify(next), ttlMs: kind.ttlMs };
    if (await redis.replace(key, replacement)) return next;
  }
  return 'refused';
}
