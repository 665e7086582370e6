/** F18 and the outage: a provider that is down is left alone, and comes back by itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, type Mode } from '../support/fault-client.ts';
import { END, type FaultProvider, startFaultProvider } from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { KINDS, type Kind, WIRES } from '../support/fault-wire.ts';

const REQUESTS = 1_000;
const AT_ONCE = 4;
const FAILURES = 5;
const COOLDOWN_MS = 1_000;
/** A failed probe stretches the cooldown up to twice its length. */
const LONGEST_COOLDOWN_MS = 2 * COOLDOWN_MS;
const SPARE = 'spare';
const MODEL = 'model';

let upstream: FaultProvider;
let stack: FaultStack;
const down = new Set<string>();

beforeAll(async () => {
  upstream = await startFaultProvider(({ provider }) => {
    const wire = WIRES[KINDS.find((kind) => kind === provider) ?? 'local'];
    const { head, begin, usage, done } = wire;
    if (down.has(provider)) return [wire.refuse('overloaded'), END];
    return [head, begin, wire.text(provider), wire.finish(), usage, done, END];
  });
  stack = await startFaultStack({
    providers: [
      ...KINDS.map((kind) => ({
        name: kind,
        kind,
        models: [MODEL],
        ...upstream.connection(kind, kind),
      })),
      { name: SPARE, kind: 'local', models: [MODEL], ...upstream.connection(SPARE, 'local') },
    ],
    models: Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        {
          strategy: 'priority',
          targets: [{ model: `${kind}/${MODEL}` }, { model: `${SPARE}/${MODEL}` }],
        },
      ]),
    ),
    breaker: { failures: FAILURES, cooldownMs: COOLDOWN_MS },
  });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

let asked = 0;
/** Who answered. */
async function answerer(kind: Kind, mode: Mode): Promise<string> {
  asked += 1;
  const seen = await ask(stack, { model: kind, mode, id: `outage-${asked}` });
  expect([seen.status, seen.finishReason]).toEqual([200, 'stop']);
  return seen.text;
}

it('of 1,000 requests at most 5 reach a provider that is down, and one for each cooldown', async () => {
  down.add('openai');
  const startedAt = performance.now();
  let left = REQUESTS;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      expect(await answerer('openai', left % 2 ? 'stream' : 'json')).toBe(SPARE);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const cooldowns = Math.ceil((performance.now() - startedAt) / COOLDOWN_MS);
  const calls = upstream.callsOf('openai', MODEL).length;
  expect(calls).toBeGreaterThanOrEqual(FAILURES);
  expect(calls).toBeLessThanOrEqual(FAILURES + (AT_ONCE - 1) + cooldowns);
});

it.each(KINDS)(
  '%s flaps: every request is answered, and it is used again when it is back',
  async (kind) => {
    down.add(kind);
    for (let n = 0; n < FAILURES; n += 1) await answerer(kind, 'stream');
    const openAt = performance.now();
    const before = upstream.callsOf(kind, MODEL).length;
    for (let n = 0; n < 20; n += 1) expect(await answerer(kind, 'stream')).toBe(SPARE);
    const probes = upstream.callsOf(kind, MODEL).length - before;
    expect(probes).toBeLessThanOrEqual(Math.ceil((performance.now() - openAt) / COOLDOWN_MS));
    down.delete(kind);
    const backAt = performance.now();
    while ((await answerer(kind, 'stream')) !== kind) await new Promise((go) => setTimeout(go, 50));
    expect(performance.now() - backAt).toBeLessThan(LONGEST_COOLDOWN_MS + 1_000);
    for (let n = 0; n < 20; n += 1) expect(await answerer(kind, 'stream')).toBe(kind);
  },
);
