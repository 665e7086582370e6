/** Rows of the request log as CSV (RFC 4180), safe to open in a spreadsheet. */
import { formatUsd, type MicroUsd } from '../contract/money.ts';
import type { FinalRow, RequestLogRow } from '../ledger/request-log.ts';

type Cell = string | number | boolean | undefined;
type Column = (row: RequestLogRow, end: FinalRow | undefined) => Cell;

const COLUMNS: Readonly<Record<string, Column>> = {
  requestId: (row) => row.requestId,
  timestamp: (row) => row.timestamp,
  tenant: (row) => row.tenantId,
  keyId: (row) => row.keyId,
  userId: (row) => row.userId,
  endpoint: (row) => row.endpoint,
  model: (row) => row.model,
  provider: (_, end) => end?.provider,
  upstreamModel: (_, end) => end?.upstreamModel,
  stream: (row) => row.stream,
  outcome: (row) => row.outcome,
  success: (_, end) => end?.success,
  httpStatus: (_, end) => end?.httpStatus,
  cache: (_, end) => end?.cache,
  attempts: (_, end) => end?.attempts.length,
  promptTokens: (_, end) => end?.promptTokens,
  cacheReadTokens: (_, end) => end?.cacheReadTokens,
  cacheWriteTokens: (_, end) => end?.cacheWriteTokens,
  completionTokens: (_, end) => end?.completionTokens,
  reasoningTokens: (_, end) => end?.reasoningTokens,
  tokens: (_, end) => end?.tokens,
  costUsd: (_, end) => usd(end?.costMicroUsd),
  costStatus: (_, end) => end?.costStatus,
  savedUsd: (_, end) => usd(end?.savedMicroUsd),
  gatewayCostUsd: (_, end) => usd(end?.gatewayCostMicroUsd),
  latency: (_, end) => end?.latency,
  ttftMs: (_, end) => end?.ttftMs,
  errorCode: (_, end) => end?.errorCode,
  errorMessage: (_, end) => end?.errorMessage,
  clientRequestId: (row) => row.clientRequestId,
  traceId: (row) => row.traceId,
  metadata: (row) => row.metadata && JSON.stringify(row.metadata),
};

const usd = (amount: MicroUsd | undefined): string | undefined =>
  amount === undefined ? undefined : formatUsd(amount);

const lineOf = (cells: readonly Cell[]): string => `${cells.map(toCell).join(',')}\r\n`;

export const csvHead = lineOf(Object.keys(COLUMNS));

export function csvLine(row: RequestLogRow): string {
  const end = row.outcome === 'open' ? undefined : row;
  return lineOf(Object.values(COLUMNS).map((column) => column(row, end)));
}

/**
 * Text that a spreadsheet would take for a formula gets an apostrophe in front of it: clients choose models, user ids and
 * request ids. https://owasp.org/www-community/attacks/CSV_Injection
 */
function toCell(value: Cell): string {
  if (typeof value !== 'string') return String(value ?? '');
  const text = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
