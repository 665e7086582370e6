import { describe, expect, it } from 'vitest';
import { csvHead, csvLine } from '../../../../core/admin/request-csv.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import { closedAt, costing, idAt, openAt } from '../../../support/a-row.ts';

/** The cells of a line without line breaks in them, by column. */
function cellsOf(line: string) {
  const names = csvHead.trimEnd().split(',');
  const cells = [...line.trimEnd().matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(
    ([, cell]) => cell,
  );
  return Object.fromEntries(names.map((name, n) => [name, cells[n]]));
}

describe('a line of CSV', () => {
  it('has the request, its tokens and its exact cost in the columns of the head', () => {
    expect(cellsOf(csvLine(closedAt(1, costing(1_500))))).toMatchObject({
      requestId: idAt(1),
      tenant: 'shop',
      outcome: 'success',
      success: 'true',
      promptTokens: '10',
      completionTokens: '5',
      costUsd: '0.0015',
      errorCode: '',
    });
  });

  it('leaves empty what an open row does not have yet', () => {
    expect(cellsOf(csvLine(openAt(1)))).toMatchObject({
      outcome: 'open',
      success: '',
      costUsd: '',
    });
  });

  it('writes small amounts without an exponent', () => {
    const cost = { microUsd: microUsd(1), status: 'exact' } as const;
    expect(cellsOf(csvLine(closedAt(1, { cost })))).toMatchObject({ costUsd: '0.000001' });
  });

  it.each([
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\rlines', '"two\rlines"'],
    ['plain-text', 'plain-text'],
  ])('writes %j so that no spreadsheet runs or splits it', (clientRequestId, cell) => {
    expect(csvLine(closedAt(1, {}, { clientRequestId }))).toContain(`,${cell},`);
  });
});
