import { HEADER } from '../contract/header-names.ts';
import { formatUsd, type MicroUsd } from '../contract/money.ts';

/** Only an answer that is whole has a cost to show. */
export const costHeaders = (cost: MicroUsd | 'unpriced'): Record<string, string> =>
  cost === 'unpriced'
    ? { [HEADER.costStatus]: 'unpriced' }
    : { [HEADER.costStatus]: 'exact', [HEADER.cost]: formatUsd(cost) };
