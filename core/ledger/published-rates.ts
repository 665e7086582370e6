/** Published prices of hosted models. */
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import type { Rate, Rates } from './rates.ts';

export interface PublishedModel {
  readonly rates: Rates;
  readonly contextWindow: number | undefined;
}

/** Whose price list holds at this address; undefined for one that nobody publishes. */
export const vendorAt = (baseUrl: string): string | undefined =>
  findProvider({ providerApiUrl: baseUrl })?.id;

/**
 * Undefined for a model that is not on the vendor's list, or not there by its tokens (transcription is
 * priced by the hour, moderation not at all). `at`, in epoch ms, chooses among prices that have changed.
 */
export function publishedModel(
  vendor: string,
  model: string,
  at: number,
): PublishedModel | undefined {
  const found = calcPrice({}, model, { providerId: vendor, timestamp: new Date(at) });
  if (!found) return undefined;
  const { model_price: price } = found;
  const { input_mtok: input } = price;
  if (input === undefined) return undefined;
  return { rates: toRates(input, price), contextWindow: found.model.context_window };
}

const toRates = (input: Rate, price: Readonly<Record<string, Rate | undefined>>): Rates => ({
  input,
  output: price.output_mtok,
  cacheRead: price.cache_read_mtok,
  cacheWrite5m: price.cache_write_5m_mtok ?? price.cache_write_mtok,
  cacheWrite1h: price.cache_write_1h_mtok,
  audioInput: price.input_audio_mtok,
  imageInput: price.input_image_mtok,
  audioOutput: price.output_audio_mtok,
});
