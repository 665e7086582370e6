/** How figures look to a person, and what a terminal can show. */
import type { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface View {
  /** Columns of characters; infinite where the output is no terminal. */
  readonly width: number;
  readonly paint: (style: Style, text: string) => string;
}

/** Names come from clients: none of them may move the cursor, recolour or hide what stands here. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');

/** "$12.50" for "12.5", "$0.000012" as it is. */
export function usd(amount: string | undefined | null): string {
  if (amount === undefined || amount === null) return '';
  const [whole = '', fraction = ''] = amount.split('.');
  return `$${count(Number(whole))}.${fraction.padEnd(2, '0')}`;
}

export const count = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en-US');

/** "850 ms", "1.24 s", "2 min 5 s". */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** "2026-03-02 12:00:00", in UTC. */
export const time = (iso: string | undefined | null): string =>
  iso ? iso.slice(0, 19).replace('T', ' ') : '';

/** Whole micro-dollars as dollars. */
export const usdOfMicro = (amount: number | undefined): string =>
  amount === undefined ? '' : usd(trimmed((amount / 1_000_000).toFixed(6)));

const trimmed = (decimals: string): string => decimals.replace(/\.?0+$/, '');

/** Between words; a word that is longer than a line stays whole, so that it can be copied. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
