/** Reads the one credential carrier there is: `Authorization: Bearer <gateway key>`. */
import { apiKeyId } from '../../core/contract/api-key.ts';
import { Fault } from '../../core/contract/fault.ts';

/** The whole key; a mistyped one is refused here, before any look-up. */
export function bearerToken(authorization: string | undefined): string | Fault {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return new Fault('missing_credentials');
  return apiKeyId(token) ? token : new Fault('invalid_api_key');
}
