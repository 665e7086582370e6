/** Names and values under each other, as one thing is shown. */
import { plain, type View, wrap } from './view.ts';

const INDENT = '  ';

/** What has no value is left out. */
export function fields(
  entries: readonly (readonly [name: string, value: string | undefined])[],
  { width, paint }: View,
): string {
  const shown = entries.flatMap(([name, value]) => (value ? [{ name, value }] : []));
  const nameWidth = Math.max(0, ...shown.map(({ name }) => name.length));
  const hanging = `\n${' '.repeat(nameWidth + 2 * INDENT.length)}`;
  return shown
    .map(({ name, value }) => {
      const lines = wrap(plain(value), width - nameWidth - 2 * INDENT.length);
      return `${INDENT}${paint('dim', name.padEnd(nameWidth))}${INDENT}${lines.join(hanging)}`;
    })
    .join('\n');
}
