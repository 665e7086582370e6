/** A receipt as a person reads it: what came of the request, why, how long each part took, and what it cost. */
import type { Receipt } from './answers.ts';
import { fields } from './fields.ts';
import { budgetsText, limitsText } from './policy-options.ts';
import { type Column, table } from './table.ts';
import { count, duration, plain, type Style, time, usd, type View, wrap } from './view.ts';

export function receiptText(receipt: Receipt, view: View): string {
  return [
    headOf(receipt, view),
    fields(whoAndWhat(receipt), view),
    attemptsOf(receipt, view),
    section('Tokens', tokensText(receipt), view),
    section('Cost', moneyText(receipt), view),
    section('Time', timeText(receipt), view),
    section('Limits, as they are now', policyText(receipt), view),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function headOf(
  { requestId, summary, error, ...receipt }: Receipt,
  { width, paint }: View,
): string {
  const status = receipt.httpStatus ? ` ${receipt.httpStatus}` : '';
  const outcome = paint(['bold', outcomeStyle(receipt)], receipt.outcome + status);
  const which = paint('dim', `${requestId}  ${time(receipt.timestamp)} UTC`);
  const why = error?.message ? [plain(error.message)] : [];
  const story = [plain(summary), ...why].flatMap((text) => wrap(text, width));
  return `${outcome}  ${which}\n\n${story.join('\n')}`;
}

function outcomeStyle({ outcome, success }: Pick<Receipt, 'outcome' | 'success'>) {
  if (outcome === 'open') return 'yellow';
  return success ? 'green' : 'red';
}

function whoAndWhat({ identity, request, cache, plan, ...receipt }: Receipt) {
  const { metadata } = identity;
  return [
    ['Tenant', identity.tenant],
    ['Key', identity.keyName ? `${identity.keyName} (${identity.keyId})` : identity.keyId],
    ['User', identity.userId],
    ['Asked', `${request.endpoint} for ${request.model}${request.stream ? ', as a stream' : ''}`],
    ['Your id', receipt.clientRequestId],
    ['Trace', receipt.traceId],
    ['Metadata', metadata && JSON.stringify(metadata)],
    ['Cache', CACHE[cache.decision] ?? cache.decision],
    ['Plan', plan.join(' → ')],
    ['Content', receipt.content ? 'kept; --json shows it' : ''],
  ] as const;
}

const CACHE: Readonly<Record<string, string>> = {
  HIT: 'HIT: answered from it',
  MISS: 'MISS: it had no answer to this',
  STALE: 'STALE: no provider could answer, it gave an older answer',
  BYPASS: 'BYPASS: not asked',
};

type Attempt = Receipt['attempts'][number];

const COLUMNS: readonly Column<Attempt>[] = [
  { title: '#', cell: (attempt) => String(attempt.number), align: 'right' },
  { title: 'Target', cell: ({ provider, model }) => `${provider}/${model}` },
  {
    title: 'Outcome',
    cell: ({ outcome, upstreamStatus }) =>
      `${outcome}${upstreamStatus ? ` ${upstreamStatus}` : ''}`,
    style: ({ outcome }) => (outcome === 'answered' ? 'green' : 'red'),
  },
  { title: 'Waited', cell: ({ waitMs }) => duration(waitMs || undefined), align: 'right', rank: 2 },
  { title: 'Took', cell: ({ ms }) => duration(ms), align: 'right' },
  { title: 'First', cell: ({ firstTokenMs }) => duration(firstTokenMs), align: 'right', rank: 3 },
  { title: 'Cost', cell: costText, align: 'right', rank: 1 },
];

function costText({ costUsd, possiblyBilled, outcome }: Attempt): string {
  if (costUsd !== undefined) return usd(costUsd);
  return possiblyBilled && outcome !== 'answered' ? 'maybe' : '';
}

function attemptsOf(receipt: Receipt, view: View): string {
  const { attempts, time: spent } = receipt;
  if (attempts.length === 0) return '';
  const failed = attempts.filter(({ outcome }) => outcome !== 'answered');
  const reasons = failed.map((attempt) => {
    const lines = wrap(plain(reasonText(attempt)), view.width - 5);
    return `  ${attempt.number}  ${lines.join('\n     ')}`;
  });
  return [
    view.paint('bold', 'Attempts'),
    indent(table(attempts, COLUMNS, { ...view, width: view.width - 2 })),
    ...(reasons.length > 0 ? [reasons.join('\n')] : []),
    ...(spent && spent.totalMs > 0 ? [waterfall(attempts, spent.totalMs, view)] : []),
  ].join('\n\n');
}

const reasonText = ({ reason, upstreamCode }: Attempt): string =>
  upstreamCode ? `${reason} It said: ${upstreamCode}` : reason;

/** No wider than one can take in. */
const MAX_BAR = 60;

/** When each attempt ran, on one scale: `─` until its first content, `━` after it. */
function waterfall(attempts: readonly Attempt[], totalMs: number, { width, paint }: View): string {
  const length = Math.max(10, Math.min(MAX_BAR, width - 20));
  const at = (ms: number) => Math.min(length, Math.round((ms / totalMs) * length));
  const lines = attempts.map((attempt) => {
    const { number, startedAfterMs: start, ms, firstTokenMs = ms } = attempt;
    const from = Math.min(at(start), length - 1);
    const turn = Math.max(from, at(start + firstTokenMs));
    const to = Math.max(from + 1, at(start + ms));
    const bar = '─'.repeat(Math.min(turn, to) - from) + '━'.repeat(to - Math.min(turn, to));
    const style: Style = attempt.outcome === 'answered' ? 'green' : 'red';
    return `  ${number}  ${' '.repeat(from)}${paint(style, bar)}`;
  });
  const scale = `0${duration(totalMs).padStart(length - 1)}`;
  return [...lines, `     ${paint('dim', scale)}`].join('\n');
}

function tokensText({ tokens }: Receipt) {
  if (tokens?.total === undefined) return [];
  return [
    ['Input', count(tokens.uncachedInput)],
    ['Read from cache', count(tokens.cacheRead)],
    ['Written to cache', count(tokens.cacheWrite)],
    ['Output', count(tokens.output)],
    ['of it reasoning', count(tokens.reasoningWithinOutput)],
    ['Together', `${count(tokens.total)}${tokens.counted === 'estimated' ? ', estimated' : ''}`],
  ] as const;
}

function moneyText({ money }: Receipt) {
  const isKnown = money.costStatus === 'exact' || money.costStatus === undefined;
  return [
    ['Charged', usd(money.costUsd) + (isKnown ? '' : ` (${money.costStatus})`)],
    ['Reserved before', usd(money.reservedUsd)],
    ['Saved by the cache', usd(money.savedUsd)],
    ['Borne by the gateway', money.gatewayCostUsd === '0' ? '' : usd(money.gatewayCostUsd)],
  ] as const;
}

function timeText({ time: spent }: Receipt) {
  if (!spent) return [];
  return [
    ['In all', duration(spent.totalMs)],
    ['At providers', duration(spent.upstreamMs)],
    ['Waiting for them', duration(spent.waitedMs || undefined)],
    ['In the gateway', duration(spent.overheadMs)],
    ['To first content', duration(spent.ttftMs)],
  ] as const;
}

const policyText = ({ limits }: Receipt) =>
  [
    ['Key', limitsText(limits.key)],
    ['Tenant', limitsText(limits.tenant)],
    ['Key budgets', budgetsText(limits.keyBudgets)],
    ['Tenant budgets', budgetsText(limits.tenantBudgets)],
  ] as const;

function section(title: string, entries: Parameters<typeof fields>[0], view: View): string {
  const shown = fields(entries, view);
  return shown && `${view.paint('bold', title)}\n${shown}`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
