/** Commands as they are typed, against the real core as its operator. */
import { expect } from 'vitest';
import type { Fetch } from '../../infra/cli/admin-client.ts';
import { runCommand } from '../../infra/cli/run-command.ts';
import { startChatCore, whole } from './chat-core.ts';
import { OPERATOR } from './core-app.ts';
import { createVirtualClock } from './virtual-clock.ts';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');

const environment = { GATEWAY_URL: 'http://gateway.example/v1', GATEWAY_ADMIN_KEY: 'key-canary' };

export async function startCli(width = 120) {
  const core = await startChatCore(whole, {}, createVirtualClock(NOW));
  const asked: string[] = [];
  const toCore: Fetch = (url, init) => {
    const { origin, pathname, search } = new URL(url);
    asked.push(origin);
    expect(new Headers(init.headers).get('authorization')).toBe('Bearer key-canary');
    return core.fetch(pathname + search, init, OPERATOR);
  };
  const typed = async (line: readonly string[], fetch = toCore) => {
    let printed = '';
    await runCommand(line, {
      environment,
      credentialsPath: 'there-is-none',
      fetch,
      view: { width, paint: (_, text) => text },
      write: (text) => {
        printed += text;
      },
    });
    return printed.trimEnd();
  };
  return {
    ...core,
    /** The origins that were asked. */
    asked,
    typed,
    run: (line: string) => typed(line.split(' ')),
    json: async (line: string) => JSON.parse(await typed(`${line} --json`.split(' '))),
  };
}
