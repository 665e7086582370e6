/** Objects that the SDK passes on as they are: schemas, and fields that only the model knows. */
import type { ConverseStreamCommandInput } from '@aws-sdk/client-bedrock-runtime';

export type Fields = Extract<
  ConverseStreamCommandInput['additionalModelRequestFields'],
  Readonly<Record<string, unknown>>
>;

/** For values that came out of `JSON.parse`: an object there holds nothing but JSON. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
