/** Tells an answer of the core from one of whatever stands in front of it. */

/**
 * The core never redirects, its errors are JSON, and the client is authenticated already: a 401 is
 * about the hop, which is no business of the client's.
 */
export function isCoreAnswer(status: number, contentType: string | null): boolean {
  if (status === 401 || (status >= 300 && status < 400)) return false;
  return status < 400 || /^application\/json\b/i.test(contentType ?? '');
}
