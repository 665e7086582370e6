/** What attempts may have cost the gateway that nobody got an answer from: the tenant does not pay for them. */
import { type Cost, type MicroUsd, microUsd } from '../contract/money.ts';

/** What an attempt has cost so far, by what it has said; asked only of those that may be on the provider's bill. */
export type AttemptCost = () => Promise<Cost>;

/** `costs` are those of `attempts`, in the same order; there may be more of them. */
export async function gatewayCost(
  attempts: readonly { readonly possiblyBilled: boolean }[],
  costs: readonly AttemptCost[],
): Promise<MicroUsd> {
  const billed = costs.filter((_, index) => attempts[index]?.possiblyBilled);
  const amounts = await Promise.all(billed.map((cost) => cost()));
  return microUsd(amounts.reduce((sum, amount) => sum + amount.microUsd, 0));
}
