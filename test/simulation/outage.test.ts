import { describe, expect, it } from 'vitest';
import { SOUND } from './plants.ts';
import { createScenario, type Scenario } from './scenario.ts';
import { play } from './simulate.ts';

const REQUESTS = 1_000;
const GAP_MS = 200;
const COOLDOWN_MS = 30_000;

/** Fifty environments, whose first choice is dead in one way or another while the second is well. */
function outage(fault: string): Scenario {
  const [request] = createScenario(1).requests;
  if (!request) throw new Error('A scenario has requests.');
  const provider = { enabled: true, priority: 1, models: ['a'], firstTokenTimeoutMs: 1_000 };
  return {
    ...createScenario(1),
    store: 'slow',
    environments: 50,
    providers: [
      { ...provider, name: 'p0' },
      { ...provider, name: 'p1', priority: 2 },
    ],
    aliases: { any: { strategy: 'priority', targets: [{ model: 'p0/a' }, { model: 'p1/a' }] } },
    health: {
      breaker: { failures: 5, cooldownMs: COOLDOWN_MS },
      rateWindowMs: 1_000,
      credentialLatchMs: 60_000,
    },
    weather: new Map([
      ['p0', [{ untilMs: Number.POSITIVE_INFINITY, faultShare: 1, faults: [fault] }]],
    ]),
    requests: Array.from({ length: REQUESTS }, (_, id) => ({
      ...request,
      id,
      atMs: id * GAP_MS,
      environment: id % 50,
      model: 'any',
      delivery: 'stream' as const,
      deadlineMs: 60_000,
      maxAttempts: 6,
      leavesAfterMs: undefined,
      readsAfterMs: 0,
    })),
  };
}

describe('a dead primary', () => {
  it.each(['500', 'connection refused', 'accepts and is silent', 'cut after content'])(
    'that answers with "%s" gets five calls, those then in flight, and one per cooldown',
    async (fault) => {
      const { history, violations } = await play(outage(fault), SOUND);
      const calls = history.calls.filter(({ provider }) => provider === 'p0');
      const openedAt = calls.map(({ endedAt }) => endedAt).sort((a, b) => a - b)[4] ?? 0;
      const inFlight = calls.filter(
        (call) => call.startedAt <= openedAt + 50 && call.endedAt > openedAt,
      );
      const cooldowns = Math.floor((REQUESTS * GAP_MS - openedAt) / COOLDOWN_MS);
      expect(violations).toEqual([]);
      expect(calls.length).toBeLessThanOrEqual(5 + inFlight.length + cooldowns);
    },
  );

  it('leaves no request unanswered', async () => {
    const { history } = await play(outage('accepts and is silent'), SOUND);
    expect(new Set(history.views.map(({ end }) => end))).toEqual(new Set(['done']));
  });
});
