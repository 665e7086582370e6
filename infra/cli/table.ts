/** Tables that fit their terminal: what matters least goes first, then long texts are cut. */
import { plain, type Style, type View } from './view.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Figures stand at the right, and are never cut. */
  readonly align?: 'right';
  /** Is never cut. */
  readonly whole?: boolean;
  readonly style?: (row: Row) => Style | undefined;
  /** Left out where there is no room, the highest first; without one a column always stays. */
  readonly rank?: number;
}

interface Sized<Row> extends Column<Row> {
  readonly cells: readonly string[];
  readonly width: number;
}

const GAP = '  ';
/** No text is cut to less. */
const MIN_WIDTH = 8;

export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, paint }: View,
): string {
  const sized = columns.map((column): Sized<Row> => {
    const cells = rows.map((row) => plain(column.cell(row)));
    return { ...column, cells, width: Math.max(...[column.title, ...cells].map(lengthOf)) };
  });
  // A column in which nothing stands tells nothing.
  const told = sized.filter(({ cells, rank }) => rank === undefined || cells.some(Boolean));
  const fitting = cut(leaveOut(told, width), width);
  const head = fitting.map((column) => paint('dim', pad(column.title, column)));
  const lines = rows.map((row, index) =>
    fitting.map((column) => {
      const text = pad(column.cells[index] ?? '', column);
      const style = column.style?.(row);
      return style ? paint(style, text) : text;
    }),
  );
  return [head, ...lines].map((cells) => cells.join(GAP).trimEnd()).join('\n');
}

const totalOf = (columns: readonly { readonly width: number }[]): number =>
  columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));

function leaveOut<Row>(columns: readonly Sized<Row>[], width: number): readonly Sized<Row>[] {
  const ranks = columns.flatMap(({ rank }) => rank ?? []);
  if (totalOf(columns) <= width || ranks.length === 0) return columns;
  const least = Math.max(...ranks);
  return leaveOut(
    columns.filter(({ rank }) => rank !== least),
    width,
  );
}

/** Takes from the widest text. */
function cut<Row>(columns: readonly Sized<Row>[], width: number): readonly Sized<Row>[] {
  const over = totalOf(columns) - width;
  const texts = columns.filter(
    ({ align, whole, width: wide }) => align !== 'right' && !whole && wide > MIN_WIDTH,
  );
  const widest = texts.toSorted((a, b) => b.width - a.width)[0];
  if (over <= 0 || !widest) return columns;
  const narrower = { ...widest, width: Math.max(MIN_WIDTH, widest.width - over) };
  return cut(
    columns.map((column) => (column === widest ? narrower : column)),
    width,
  );
}

function pad(text: string, { width, align }: Pick<Sized<unknown>, 'width' | 'align'>): string {
  const letters = [...text];
  const shown = letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : text;
  const space = ' '.repeat(width - lengthOf(shown));
  return align === 'right' ? space + shown : shown + space;
}

const lengthOf = (text: string): number => [...text].length;
