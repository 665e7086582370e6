/**
 * The response cache around the core, in two stages with the limits between them: the look-up starts
 * while the limits are decided, and no kept answer is served before they are.
 */
import { createMiddleware } from 'hono/factory';
import type { ChatCompletion } from '../../core/contract/chat.ts';
import { Fault } from '../../core/contract/fault.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import type { KeyedDigest } from '../../core/contract/keyed-digest.ts';
import { microUsd } from '../../core/contract/money.ts';
import { type CacheKey, cacheKey } from '../policy/cache-key.ts';
import {
  ageSeconds,
  type CachePlan,
  isKeepable,
  isServable,
  planCaching,
} from '../policy/cacheability.ts';
import { readCompletion, renderHit } from '../policy/cached-answer.ts';
import type { CachedAnswer, Log, ResponseCache } from '../ports.ts';
import { observeBody } from './observe-body.ts';
import type { CacheLookUp, EdgeContext, EdgeEnv } from './request-context.ts';

/** A longer answer passes without being kept. */
const MAX_ANSWER_BYTES = 1_048_576;

export interface ResponseCacheDeps {
  readonly cache: ResponseCache;
  readonly cacheDigest: KeyedDigest;
  readonly cacheTtlSeconds: number;
  readonly now: () => number;
  readonly log: Log;
}

export const startLookUp = ({ cache, cacheDigest, cacheTtlSeconds }: ResponseCacheDeps) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const { key: owner, chat, body = {} } = c.var;
    const rules = { allowed: owner.cache, defaultTtlSeconds: cacheTtlSeconds };
    const plan = planCaching((name) => c.req.header(name), rules);
    if (plan instanceof Fault) throw plan;
    const { model } = chat;
    const subject = { owner, endpoint: c.req.path, model, namespace: plan.namespace, body };
    const key = plan.use === 'bypass' ? undefined : cacheKey(cacheDigest, subject);
    c.set('lookUp', { plan, key, found: lookUp(cache, plan, key) });
    await next();
  });

async function lookUp(cache: ResponseCache, { use }: CachePlan, key: CacheLookUp['key']) {
  try {
    const name = await key;
    const answer = name && use === 'find-and-keep' ? await cache.find(name) : undefined;
    return answer ?? 'nothing';
  } catch {
    return 'unavailable';
  }
}

export const responseCache = (deps: ResponseCacheDeps) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const { plan, key, found } = c.var.lookUp;
    const answer = await found;
    if (answer === 'unavailable') c.var.degraded.add('cache');
    if (typeof answer === 'object' && isServable(answer, plan, deps.now())) {
      return serve(c, answer, deps.now());
    }
    if (plan.onlyIfCached) throw new Fault('cache_miss');
    say(c, plan.use === 'bypass' ? 'BYPASS' : 'MISS', forwardReason(plan, answer));
    await next();
    if (key && plan.ttlSeconds > 0 && c.res.status === 200) keepAnswer(deps, c, key);
  });

function serve(c: EdgeContext, answer: CachedAnswer, now: number): Response {
  c.set('hit', answer);
  const age = ageSeconds(answer, now);
  say(c, 'HIT', `hit; ttl=${answer.ttlSeconds - age}`);
  const { chat } = c.var;
  const stream = Boolean(chat.stream);
  const { contentType, body } = renderHit(answer.completion, {
    stream,
    includeUsage: Boolean(chat.stream_options?.include_usage),
  });
  return new Response(body, {
    headers: {
      'content-type': contentType,
      age: String(age),
      [HEADER.provider]: answer.provider,
      [HEADER.model]: answer.model,
      ...(!stream && { [HEADER.cost]: '0', [HEADER.costStatus]: 'exact' }),
    },
  });
}

/** `status` in the words of RFC 9211. */
function say(c: EdgeContext, result: 'HIT' | 'MISS' | 'BYPASS', status: string) {
  c.var.answerHeaders.set(HEADER.cache, result);
  c.var.answerHeaders.set('cache-status', `gateway-edge; ${status}`);
}

function forwardReason({ use }: CachePlan, answer: CachedAnswer | string): string {
  if (use === 'bypass') return 'fwd=bypass';
  if (use === 'keep') return 'fwd=request';
  return typeof answer === 'object' ? 'fwd=stale' : 'fwd=miss';
}

/** Hands the answer on as it comes, and keeps it after its last byte. */
function keepAnswer(deps: ResponseCacheDeps, c: EdgeContext, key: Promise<CacheKey>) {
  if (!c.res.body) return;
  const { body, whole } = observeBody(c.res.body, MAX_ANSWER_BYTES);
  const { headers } = c.res;
  c.res = new Response(body, c.res);
  const kept = whole.then(async (chunks) => {
    const completion = chunks && (await readCompletion(headers.get('content-type'), chunks));
    if (!completion || !isKeepable(completion)) return;
    await deps.cache.keep(await key, {
      completion,
      provider: headers.get(HEADER.provider) ?? '',
      model: headers.get(HEADER.model) ?? completion.model,
      costMicroUsd: costOf(completion),
      storedAt: deps.now(),
      ttlSeconds: c.var.lookUp.plan.ttlSeconds,
    });
  });
  const { requestId } = c.var.ids;
  c.executionCtx.waitUntil(kept.catch(() => deps.log({ event: 'answer-not-kept', requestId })));
}

function costOf({ usage }: ChatCompletion) {
  const costUsd = usage?.cost;
  return typeof costUsd === 'number' ? microUsd(Math.round(costUsd * 1e6)) : undefined;
}
