import { HEADER } from '../contract/header-names.ts';
import { type Cost, formatUsd } from '../contract/money.ts';

/** Only an answer that is whole has a cost to show; what an unpriced one is charged is not its price. */
export const costHeaders = ({ microUsd, status }: Cost): Record<string, string> => ({
  [HEADER.costStatus]: status,
  ...(status !== 'unpriced' && { [HEADER.cost]: formatUsd(microUsd) }),
});
