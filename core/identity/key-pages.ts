import type { TenantId } from '../contract/principal.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

/** Of keys read at a time. */
const PAGE = 100;

/** Every key, or every key of a tenant. */
export async function* keyPages(
  store: Pick<KeyStore, 'list'>,
  tenantId?: TenantId,
): AsyncGenerator<readonly StoredKey[]> {
  let after: StoredKey | undefined;
  do {
    const page = { ...(tenantId && { tenantId }), ...(after && { after }), limit: PAGE };
    const keys = await store.list(page);
    yield keys;
    after = keys.length < PAGE ? undefined : keys.at(-1);
  } while (after);
}
