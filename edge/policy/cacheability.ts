/** What the cache may do for a request, and which answers it may keep and hand out. */
import type { ChatCompletion } from '../../core/contract/chat.ts';
import { Fault } from '../../core/contract/fault.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import type { CachedAnswer } from '../ports.ts';
import { parseCacheControl } from './cache-control.ts';

/** A day: no answer outlives it, whatever a client asks for. */
const MAX_TTL_SECONDS = 86_400;

export interface CachePlan {
  /** Whether a kept answer may be handed out; `bypass` keeps nothing either. */
  readonly use: 'find-and-keep' | 'keep' | 'bypass';
  readonly onlyIfCached: boolean;
  readonly maxAgeSeconds: number;
  /** 0 keeps nothing. */
  readonly ttlSeconds: number;
  readonly namespace: string | undefined;
}

export interface CacheRules {
  /** Whether the key's policy lets answers be kept at all. */
  readonly allowed: boolean;
  readonly defaultTtlSeconds: number;
}

export type HeaderReader = (name: string) => string | undefined;

export function planCaching(header: HeaderReader, rules: CacheRules): CachePlan | Fault {
  const ttlSeconds = wantedTtl(header(HEADER.cacheTtl), rules.defaultTtlSeconds);
  if (ttlSeconds instanceof Fault) return ttlSeconds;
  const namespace = header(HEADER.cacheNamespace);
  if (namespace !== undefined && !/^[\x21-\x7e]{1,128}$/.test(namespace)) {
    return notValid(HEADER.cacheNamespace, 'must be 1 to 128 visible ASCII characters');
  }
  const { noStore, noCache, onlyIfCached, maxAgeSeconds } = parseCacheControl(
    header('cache-control'),
  );
  // The core keeps idempotent answers itself, for longer and once per key.
  const bypass = noStore || !rules.allowed || header(HEADER.idempotencyKey) !== undefined;
  const fresh = noCache ? 'keep' : 'find-and-keep';
  return {
    use: bypass ? 'bypass' : fresh,
    onlyIfCached,
    maxAgeSeconds: maxAgeSeconds ?? Number.POSITIVE_INFINITY,
    ttlSeconds,
    namespace,
  };
}

function wantedTtl(header: string | undefined, defaultSeconds: number): number | Fault {
  if (header === undefined) return defaultSeconds;
  if (!/^\d{1,9}$/.test(header)) {
    return notValid(HEADER.cacheTtl, 'must be a whole number of seconds');
  }
  return Math.min(Number(header), MAX_TTL_SECONDS);
}

const notValid = (param: string, rule: string): Fault =>
  new Fault('invalid_parameter', { param, message: `The header "${param}" ${rule}.` });

/** Cut off and filtered answers are answers to their own request only. */
export const isKeepable = (completion: ChatCompletion): boolean =>
  completion.choices.every(({ finish_reason }) => /^(stop|tool_calls)$/.test(finish_reason));

/** `now` in epoch ms. */
export function isServable(answer: CachedAnswer, plan: CachePlan, now: number): boolean {
  const age = ageMs(answer, now) / 1000;
  return age <= plan.maxAgeSeconds && age < answer.ttlSeconds;
}

export const ageSeconds = (answer: CachedAnswer, now: number): number =>
  Math.floor(ageMs(answer, now) / 1000);

/** The clocks of two locations may disagree by a little. */
const ageMs = ({ storedAt }: CachedAnswer, now: number): number => Math.max(0, now - storedAt);
