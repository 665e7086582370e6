/** Text that may have to be counted later, in bounded memory: beyond the bound only its bytes are kept. */
export interface KeptText {
  readonly text: string;
  readonly moreBytes: number;
}

/** 128 KB at two bytes a character, about 16,000 tokens of English. */
const MAX_CHARACTERS = 65_536;

export const NO_TEXT: KeptText = { text: '', moreBytes: 0 };

export function keepText({ text, moreBytes }: KeptText, more: string): KeptText {
  const room = MAX_CHARACTERS - text.length;
  if (more.length <= room) return { text: text + more, moreBytes };
  return {
    text: text + more.slice(0, room),
    moreBytes: moreBytes + Buffer.byteLength(more.slice(room)),
  };
}
