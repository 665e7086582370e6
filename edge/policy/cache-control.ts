/** The request directives of RFC 9111 §5.2.1 that the gateway obeys. */

export interface CacheDirectives {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly onlyIfCached: boolean;
  readonly maxAgeSeconds: number | undefined;
}

export function parseCacheControl(header: string | undefined): CacheDirectives {
  const directives = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', value = ''] = part.trim().toLowerCase().split('=', 2);
      return [name.trim(), value.trim().replaceAll('"', '')];
    }),
  );
  return {
    noStore: directives.has('no-store'),
    noCache: directives.has('no-cache'),
    onlyIfCached: directives.has('only-if-cached'),
    maxAgeSeconds: maxAge(directives.get('max-age')),
  };
}

/** An age that cannot be read is one that nothing kept satisfies. */
function maxAge(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  return /^\d+$/.test(value) ? Number(value) : 0;
}
