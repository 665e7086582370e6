/** Where secrets come from: the environment on one machine, Secrets Manager on AWS. */
import { ConfigError } from './gateway-config.ts';

export type Secrets = (name: string) => string | undefined;

const REFERENCE = 'secret:';

/** "secret:NAME" → the secret; anything else is the value itself. Throws `ConfigError` naming what is missing. */
export function resolveSecret(value: string, secrets: Secrets): string {
  if (!value.startsWith(REFERENCE)) return value;
  const name = value.slice(REFERENCE.length);
  const secret = secrets(name);
  if (secret) return secret;
  throw new ConfigError(`The secret ${name}, which the configuration refers to, is not set.`);
}
