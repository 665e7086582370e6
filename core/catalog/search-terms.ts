/** How product texts and queries become terms: the same way, or they would not meet. */

/** Says nothing about a product: grammar, and how people ask for things. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are at be buy can could do does find for from get give got have has hello help how i in is it ' +
    'like looking me my need of on one or please recommend show so some suggest tell that the them there these ' +
    'this those to us want we what which who will with would you your'
  ).split(' '),
);

/** Without case, accents and plural endings, in order; stop words are left out. */
export const toTerms = (text: string): readonly string[] =>
  toWords(text).flatMap((word) => toTerm(word) ?? []);

export const toWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/['’\p{M}]/gu, '')
    .match(/\p{N}+(?:\.\p{N}+)?|[\p{L}\p{N}]+/gu) ?? [];

export const toTerm = (word: string): string | undefined =>
  STOP_WORDS.has(word) ? undefined : toSingular(word);

/** Good enough for both sides to agree on; not always the word in a dictionary. */
function toSingular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
