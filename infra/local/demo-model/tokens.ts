/** The demonstration model's token: four characters (code points), the last one may be shorter. */

export const CHARACTERS_PER_TOKEN = 4;

export const countTokens = (text: string): number =>
  Math.ceil([...text].length / CHARACTERS_PER_TOKEN);

/** The first `characters` of a text, never half of one. */
export const cut = (text: string, characters: number): string =>
  [...text].slice(0, characters).join('');
