/** The core's app as an operator uses it. */
import { OPERATOR } from './core-app.ts';

interface Answer {
  readonly status: number;
  readonly degraded: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare it with what they expect
  readonly body: any;
}

interface Fetches {
  fetch(path: string, init: RequestInit, caller: typeof OPERATOR): Promise<Response>;
}

export const operate =
  (core: Fetches) =>
  async (method: string, path: string, body?: object): Promise<Answer> => {
    const init = body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await core.fetch(`/admin${path}`, { method, ...init }, OPERATOR);
    const degraded = response.headers.get('x-gateway-degraded');
    return { status: response.status, degraded, body: await response.json() };
  };
