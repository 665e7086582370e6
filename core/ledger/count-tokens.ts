/** Counts tokens as OpenAI's models do (o200k). Loaded when first needed: most providers count themselves. */
import { setImmediate } from 'node:timers/promises';
import type { KeptText } from './kept-text.ts';

/** A tokenizer's work grows with the square of what has no spaces in it. */
const SLICE_CHARACTERS = 256;
/** Then other requests have their turn: a few milliseconds, even for the worst text. */
const SLICES_AT_ONCE = 8;

/** Never more than the text has bytes. What was not kept is taken to be like what was. */
export async function countTokens({ text, moreBytes }: KeptText): Promise<number> {
  const { countTokens: count, setMergeCacheSize } = await import(
    'gpt-tokenizer/encoding/o200k_base'
  );
  // It would keep up to 100,000 words.
  setMergeCacheSize(0);
  let tokens = 0;
  let slices = 0;
  for (const slice of slicesOf(text)) {
    tokens += count(slice, { disallowedSpecial: new Set() });
    slices += 1;
    if (slices % SLICES_AT_ONCE === 0) await setImmediate();
  }
  const bytes = Buffer.byteLength(text);
  const counted = Math.min(tokens, bytes);
  return counted + (bytes > 0 ? Math.ceil((moreBytes * counted) / bytes) : moreBytes);
}

/** Cut before a space where there is one, as tokens are. */
function* slicesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = from + SLICE_CHARACTERS;
    const space = end < text.length ? text.lastIndexOf(' ', end) : -1;
    const to = space > from ? space : end;
    yield text.slice(from, to);
    from = to;
  }
}
