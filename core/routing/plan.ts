/** Which targets may answer a requested model. */
import { Fault } from '../contract/fault.ts';

/** What planning needs to know of an enabled provider. */
export interface ProviderView {
  readonly name: string;
  /** Lower is tried first. */
  readonly priority: number;
  readonly models: readonly string[];
}

export interface Target {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
}

/**
 * `provider/model`, or a bare model name when exactly one provider lists it. Names match exactly:
 * no folding of case, no normalisation.
 */
export function planAttempts(
  requested: string,
  providers: readonly ProviderView[],
): readonly Target[] | Fault {
  const [name, ...rest] = requested.split('/');
  const model = rest.join('/');
  const named = providers.find((provider) => provider.name === name && model !== '');
  if (named && offers(named, model)) return [{ provider: named.name, model }];

  const listing = providers.filter(({ models }) => models.includes(requested) && requested !== ALL);
  if (listing.length === 1) {
    return listing.map((provider) => ({ provider: provider.name, model: requested }));
  }
  if (listing.length === 0) return new Fault('model_not_found', { param: 'model' });
  const choices = listing.map((provider) => `${provider.name}/${requested}`).join(', ');
  const message = `Several providers serve this model; name one of: ${choices}.`;
  return new Fault('model_not_found', { param: 'model', message });
}

const ALL = '*';

const offers = ({ models }: ProviderView, model: string): boolean =>
  models.includes(model) || models.includes(ALL);
