/** What clients saw: ends, texts, codes, and what happened after they had left. */
import type { FailureReason } from '../../core/providers/provider.ts';
import type { Case, Evidence } from './evidence.ts';

export function checkClients(evidence: Evidence): readonly string[] {
  return evidence.cases.flatMap((each) => [
    ...checkEnd(each, evidence),
    ...checkText(each),
    ...checkCode(each, evidence),
    ...checkLeaving(each, evidence),
  ]);
}

function* checkEnd({ view, calls }: Case, { slackMs }: Evidence): Generator<string> {
  const { id, deadlineMs, readsAfterMs } = view.request;
  if (view.end === 'open') yield `I1: r${id} never ended`;
  const latest = view.arrivedAt + deadlineMs + readsAfterMs + slackMs;
  if (view.endedAt > latest) yield `I1: r${id} ended ${view.endedAt - latest} ms late`;
  if (calls.some(({ end }) => end === 'open')) yield `I19: r${id} left an upstream call open`;
}

function* checkText({ view, calls }: Case): Generator<string> {
  const { id } = view.request;
  const last = calls.at(-1);
  const sent = last?.sent ?? '';
  if (view.end === 'done' && last?.end !== 'answered') {
    yield `I6: r${id} ended as whole, but its upstream did not`;
  }
  if (view.end === 'broken' && last?.end === 'answered') {
    yield `I6: r${id} ended as broken, but its upstream was whole`;
  }
  if (view.end === 'error' && view.text !== '') yield `I6: r${id} got text and then another status`;
  const isExact = view.end === 'done' || view.end === 'broken';
  if (isExact && view.text !== sent) yield `I7: r${id} got "${view.text}" instead of "${sent}"`;
  if (!sent.startsWith(view.text)) yield `I7: r${id} got "${view.text}", not from its last attempt`;
}

function* checkCode({ view, calls }: Case, { reasonOf }: Evidence): Generator<string> {
  if (view.end !== 'error') return;
  const reasons = calls.flatMap((call) => reasonOf(call) ?? []);
  const expected = expectedCodes(reasons);
  if (!expected.includes(view.code ?? '')) {
    yield `F-matrix: r${view.request.id} got ${view.code} after ${reasons.join(', ') || 'nothing'}`;
  }
}

function expectedCodes(reasons: readonly FailureReason[]): readonly string[] {
  const last = reasons.at(-1);
  if (last === undefined) {
    return ['all_providers_unavailable', 'upstream_rate_limited', 'upstream_auth_error'];
  }
  if (last === 'context-length') return ['context_length_exceeded'];
  if (last === 'content-policy') return ['content_policy_violation'];
  if (last === 'invalid-request') return ['invalid_parameter'];
  const all = (reason: FailureReason) => reasons.every((each) => each === reason);
  if (all('rate-limited')) return ['upstream_rate_limited'];
  if (all('timeout')) return ['upstream_timeout'];
  if (all('model-not-found')) return ['model_not_found'];
  const spoken = reasons.findLast((reason) => BAD_GATEWAYS.has(reason));
  return [BAD_GATEWAYS.get(spoken ?? 'server-error') ?? ''];
}

const BAD_GATEWAYS: ReadonlyMap<FailureReason, string> = new Map([
  ['connect', 'upstream_connect_error'],
  ['reset', 'upstream_unavailable'],
  ['server-error', 'upstream_unavailable'],
  ['interrupted', 'upstream_unavailable'],
  ['auth', 'upstream_auth_error'],
  ['bad-response', 'upstream_bad_response'],
]);

function* checkLeaving({ view, calls }: Case, { slackMs }: Evidence): Generator<string> {
  const { leftAt } = view;
  if (leftAt === undefined) return;
  for (const call of calls) {
    if (call.startedAt > leftAt)
      yield `I18: r${view.request.id} was tried after its client had left`;
    if (call.startedAt <= leftAt && call.endedAt > leftAt + slackMs) {
      yield `I18: r${view.request.id} kept its upstream for ${call.endedAt - leftAt} ms`;
    }
  }
}
