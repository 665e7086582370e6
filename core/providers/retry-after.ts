/** How long a provider asks to wait. Each says it in its own way, some only in the body's prose. */

interface Answer {
  /** A header's value by its lower-case name. */
  header(name: string): string | null | undefined;
  /** The error body as text, if there is one. */
  readonly body?: string | undefined;
}

/** A hint stands early in an error body; nothing beyond is searched. */
const MAX_BODY_CHARS = 4_096;

/** `try again in 6m1.5s`, `retry after 7 seconds`: OpenAI, Azure. */
const PROSE = /\b(?:try again|retry) (?:in|after) ((?:\d{1,9}(?:\.\d{1,9})? ?[a-z]{1,12} ?){1,3})/i;
const DURATION_PART = /(\d{1,9}(?:\.\d{1,9})?) ?([a-z]{1,12})/gi;
/** google.rpc.RetryInfo as JSON: `"retryDelay": "34.07s"`. */
const RETRY_INFO = /"retryDelay"\s{0,9}:\s{0,9}"(\d{1,9}(?:\.\d{1,9})?)s"/;

/**
 * In ms from `now` (epoch ms). `retry-after-ms`, then `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3), then the body's hint; what is negative, past or unreadable counts as absent.
 */
export function retryAfterMs({ header, body = '' }: Answer, now: number): number | undefined {
  const text = body.slice(0, MAX_BODY_CHARS);
  return (
    decimal(header('retry-after-ms'), 1) ??
    decimal(header('retry-after'), 1_000) ??
    untilDate(header('retry-after'), now) ??
    decimal(RETRY_INFO.exec(text)?.[1], 1_000) ??
    duration(PROSE.exec(text)?.[1])
  );
}

function decimal(value: string | null | undefined, unitMs: number): number | undefined {
  const isDecimal = value && /^\d{1,12}(?:\.\d{1,12})?$/.test(value.trim());
  return isDecimal ? Number(value) * unitMs : undefined;
}

/** Only dates that name their zone: others would be read as local time. */
function untilDate(value: string | null | undefined, now: number): number | undefined {
  if (!value?.trim().endsWith('GMT')) return undefined;
  const waitMs = Date.parse(value) - now;
  return waitMs >= 0 ? waitMs : undefined;
}

function duration(text: string | undefined): number | undefined {
  let totalMs: number | undefined;
  for (const [, amount, unit = ''] of text?.matchAll(DURATION_PART) ?? []) {
    const unitMs = toUnitMs(unit.toLowerCase());
    if (unitMs === undefined) break;
    totalMs = (totalMs ?? 0) + Number(amount) * unitMs;
  }
  return totalMs;
}

function toUnitMs(unit: string): number | undefined {
  if (unit === 'ms' || unit.startsWith('milli')) return 1;
  if (unit === 's' || unit.startsWith('sec')) return 1_000;
  if (unit === 'm' || unit.startsWith('min')) return 60_000;
  if (unit === 'h' || unit.startsWith('hour')) return 3_600_000;
  return undefined;
}
