import { HEADER } from '../../core/contract/header-names.ts';
import { keyRecordSchema } from '../../core/contract/principal.ts';
import { coreUnavailable } from '../policy/core-answer.ts';
import type { Core, KeyStore } from '../ports.ts';

/** A client waits for this one, and only when the mirror did not know. */
const TIMEOUT_MS = 5_000;

/** The truth about keys. */
export const createCoreKeyStore = (core: Core): KeyStore => ({
  async find(digest, requestId) {
    const answer = await core.send({
      method: 'GET',
      path: `/internal/keys/${digest}`,
      headers: new Headers({ accept: 'application/json', [HEADER.requestId]: requestId }),
      caller: { kind: 'edge' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return keyRecordSchema.parse(await answer.json());
    await answer.body?.cancel();
    if (answer.status === 404) return undefined;
    throw coreUnavailable(answer.status);
  },
});
