import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, table } from '../../../../infra/cli/table.ts';
import type { View } from '../../../../infra/cli/view.ts';

interface Row {
  readonly name: string;
  readonly note: string;
  readonly cost: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Note', cell: ({ note }) => note, rank: 1 },
  { title: 'Cost', cell: ({ cost }) => cost, align: 'right' },
];

const ROWS = [
  { name: 'ann', note: 'first', cost: '$0.50' },
  { name: 'somebody else', note: '', cost: '$12.00' },
];

const at = (width: number): View => ({ width, paint: (_, text) => text });
const lines = (...expected: string[]) => expected.join('\n');

describe('a table', () => {
  it('aligns texts at the left and figures at the right', () => {
    expect(table(ROWS, COLUMNS, at(80))).toBe(
      lines(
        'Name           Note     Cost',
        'ann            first   $0.50',
        'somebody else         $12.00',
      ),
    );
  });

  it('leaves out what matters least, and only then cuts', () => {
    expect(table(ROWS, COLUMNS, at(25))).toBe(
      lines('Name             Cost', 'ann             $0.50', 'somebody else  $12.00'),
    );
    expect(table(ROWS, COLUMNS, at(18))).toBe(
      lines('Name          Cost', 'ann          $0.50', 'somebody …  $12.00'),
    );
  });

  it('leaves out a column in which nothing stands', () => {
    const [first] = ROWS.slice(1);
    expect(table(first ? [first] : [], COLUMNS, at(80))).toBe(
      lines('Name             Cost', 'somebody else  $12.00'),
    );
  });

  it('never cuts what is to be copied', () => {
    const columns: Column<Row>[] = [{ title: 'Id', cell: ({ name }) => name, whole: true }];
    expect(table(ROWS, columns, at(10))).toContain('somebody else');
  });

  it('paints a cell without moving the others', () => {
    const paint: View['paint'] = (style, text) => `<${style}>${text}</>`;
    const columns: Column<Row>[] = [
      { title: 'Name', cell: ({ name }) => name, style: () => 'green' },
      { title: 'Cost', cell: ({ cost }) => cost, align: 'right' },
    ];
    expect(table(ROWS, columns, { width: 80, paint }).split('\n')[1]).toBe(
      '<green>ann          </>   $0.50',
    );
  });

  it('shows no character that could move the cursor, recolour or hide', () => {
    const name = 'a\u001b[31mb\u202e\r\n\u200bc';
    expect(table([{ name, note: '', cost: '' }], COLUMNS, at(80))).toBe(
      lines('Name          Cost', 'a�[31mb����c'),
    );
  });

  it('is no wider than its terminal, wherever its shortest columns fit', () => {
    const row = fc.record({
      name: fc.string(),
      note: fc.string(),
      cost: fc.string({ maxLength: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1 }),
        fc.integer({ min: 20, max: 100 }),
        (rows, width) => {
          for (const line of table(rows, COLUMNS, at(width)).split('\n')) {
            expect([...line].length).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});
