/**
 * `Idempotency-Key`: take the key before anything is reserved or asked → answer → keep the answer, or free
 * the key → answer every repeat from what was kept.
 */
import type { AcceptedRequest } from '../attempts/answer-request.ts';
import { canonicalJson } from '../contract/canonical-json.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import type { JsonObject } from '../contract/json-body.ts';
import type { KeyedDigest } from '../contract/keyed-digest.ts';
import type { RequestLog } from '../ledger/request-log.ts';
import { finalRow } from '../ledger/row.ts';
import type { AnswerVault } from './answer-vault.ts';
import type { Holding, IdempotencyStore } from './idempotency-store.ts';
import { endOf, isStream, type KeptAnswer } from './kept-answer.ts';
import { holdEnd, readAnswer } from './passing-answer.ts';
import { checkIdempotencyKey, refuseRepeat } from './repeat.ts';

/** From the answer's end, or from when it could not be kept. */
const KEPT_FOR_MS = 86_400_000;
/** After its deadline a request still has to store what it has. */
const LEASE_MARGIN_MS = 30_000;

export interface OnceRequest {
  /** The client's key; undefined where it sent none. */
  readonly key: string | undefined;
  readonly call: Omit<AcceptedRequest, 'signal' | 'maxAttempts'>;
  readonly body: JsonObject;
}

/** Gives the answer of the first request with this key, calling `answer` only if there is none yet. */
export type AnswerOnce = (
  request: OnceRequest,
  answer: () => Promise<Response>,
) => Promise<Response>;

export interface AnswerOnceDeps {
  readonly store: IdempotencyStore;
  readonly vault: AnswerVault;
  readonly digest: KeyedDigest;
  readonly log: Pick<RequestLog, 'record'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Tells the operator of an answer that is lost, or that could not be kept. */
  readonly report: (
    event: 'kept-answer-lost' | 'answer-not-kept',
    requestId: string,
    cause?: unknown,
  ) => void;
}

interface Claim {
  readonly name: string;
  readonly holding: Holding;
}

interface Recalled {
  readonly answer: KeptAnswer;
  /** Of the request that was answered. */
  readonly requestId: string;
}

export function createAnswerOnce(deps: AnswerOnceDeps): AnswerOnce {
  return async ({ key, call, body }, answer) => {
    if (key === undefined) return answer();
    const fault = checkIdempotencyKey(key);
    if (fault) throw fault;
    const claim = await toClaim({ key, call, body }, deps);
    const recalled = await claimOrRecall(claim, call, deps);
    if (recalled) return replay(recalled, call, deps);
    const response = await answer().catch(async (error: unknown) => {
      // Should it fail, the key becomes free by its expiry.
      await deps.store.free(claim.name, call.requestId).catch(() => {});
      throw error;
    });
    return keepPassing(response, claim, { ...deps, waitUntil: call.waitUntil });
  };
}

async function toClaim(
  { key, call, body }: OnceRequest & { readonly key: string },
  { digest }: AnswerOnceDeps,
): Promise<Claim> {
  const { requestId, deadline, endpoint } = call;
  const { tenantId, keyId } = call.principal;
  const [keyDigest, bodyDigest] = await Promise.all([
    digest(`idempotency-key ${key}`),
    digest(`idempotent-body ${endpoint} ${canonicalJson(body)}`),
  ]);
  const expiresAt = deadline + LEASE_MARGIN_MS;
  return {
    name: `${tenantId}#${keyId}#${keyDigest}`,
    holding: { requestId, bodyDigest, expiresAt, state: 'in-flight' },
  };
}

/** Without its store a request is refused: better no answer than one that is paid twice. */
async function claimOrRecall(
  claim: Claim,
  { waitUntil }: OnceRequest['call'],
  deps: AnswerOnceDeps,
): Promise<Recalled | undefined> {
  try {
    return await recall(claim, deps);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    // The store may have taken the claim and failed to say so.
    waitUntil(deps.store.free(claim.name, claim.holding.requestId).catch(() => {}));
    const message = 'The idempotency key cannot be checked at present; retry shortly.';
    throw new Fault('core_unavailable', { message, retryAfterSeconds: 1, cause });
  }
}

async function recall({ name, holding }: Claim, deps: AnswerOnceDeps) {
  for (;;) {
    const held = await deps.store.claim(name, holding);
    if (held === 'claimed') return undefined;
    const refusal = refuseRepeat(held, holding.bodyDigest, deps.now());
    if (refusal) throw refusal;
    const { requestId } = held;
    const answer = await deps.vault.find(name, held);
    if (answer) return { answer, requestId };
    deps.report('kept-answer-lost', requestId);
    await deps.store.free(name, requestId);
  }
}

/** Costs nothing, and has a row of its own that leads to the one that paid. */
function replay(
  { answer, requestId }: Recalled,
  call: OnceRequest['call'],
  { log, now }: AnswerOnceDeps,
): Response {
  const outcome = endOf(answer) === 'whole' ? 'success' : 'partial';
  const settlement = {
    outcome,
    httpStatus: answer.status,
    attempts: [],
    replayOf: requestId,
  } as const;
  call.waitUntil(log.record(finalRow(call, settlement, now())));
  const { status, headers, body } = answer;
  return new Response(body, { status, headers: { ...headers, [HEADER.replayed]: 'true' } });
}

type Keeping = AnswerOnceDeps & Pick<OnceRequest['call'], 'waitUntil'>;

/**
 * Hands the answer on as it comes and keeps a copy, which is read to its end whoever has left. The client
 * sees the end once it is kept, so that it cannot ask again before.
 */
async function keepPassing(response: Response, claim: Claim, deps: Keeping): Promise<Response> {
  const kept = keep(response.clone(), claim, deps);
  if (isStream(response.headers)) deps.waitUntil(kept);
  else await kept;
  const { body, status, headers } = response;
  return new Response(body?.pipeThrough(holdEnd(kept)) ?? null, { status, headers });
}

/** Never rejects. */
async function keep(copy: Response, { name, holding }: Claim, deps: Keeping): Promise<void> {
  const { requestId } = holding;
  const report = (cause: unknown) => void deps.report('answer-not-kept', requestId, cause);
  const answer = await readAnswer(copy).catch(report);
  if (answer && endOf(answer) === 'failed') {
    return deps.store.free(name, requestId).catch(report);
  }
  const notKept = { ...holding, state: 'not-kept', expiresAt: deps.now() + KEPT_FOR_MS } as const;
  const held = answer && (await deps.vault.put(name, notKept, answer).catch(report));
  await deps.store.keep(name, held ?? notKept).catch(report);
}
