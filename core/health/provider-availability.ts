/** Whether the providers can be reached, asked at most twice a minute however often somebody looks. */
import type { Provider } from '../providers/registry.ts';

export interface Availability {
  readonly provider: string;
  readonly available: boolean;
}

const KEPT_MS = 30_000;

export function createProviderAvailability(
  providers: ReadonlyMap<string, Provider>,
  now: () => number,
): () => Promise<readonly Availability[]> {
  let known: { readonly at: number; readonly list: Promise<readonly Availability[]> } | undefined;
  return () => {
    if (!known || now() - known.at > KEPT_MS) {
      known = { at: now(), list: Promise.all([...providers.values()].map(ask)) };
    }
    return known.list;
  };
}

const ask = async ({ adapter }: Provider): Promise<Availability> => ({
  provider: adapter.name,
  available: await adapter.isAvailable(),
});
