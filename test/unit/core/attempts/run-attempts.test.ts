import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../core/attempts/clock.ts';
import { Fault } from '../../../../core/contract/fault.ts';
import { aTarget } from '../../../support/a-target.ts';
import { failure, hang, scripted, setUpAttempts } from '../../../support/attempts-world.ts';

const p = aTarget('p/a', { maxConcurrency: 2 });
const q = aTarget('q/a');

describe('the happy path', () => {
  it('costs one round trip to the store before the call, and none before the client’s first byte', async () => {
    const { run, commands } = setUpAttempts([p, q]);
    const before: string[][] = [];
    const result = await run(async () => {
      before.push([...commands]);
      return 'text';
    });
    expect(before).toEqual([['getMany', 'takePlace']]);
    expect(commands).toEqual(before[0]);
    expect(result).toMatchObject({
      kind: 'answered',
      answer: 'text',
      target: p,
      attempts: [{ provider: 'p', model: 'a', outcome: 'answered', startedAt: 1_000_000 }],
    });
  });

  it('makes no call before what must be ready is ready', async () => {
    const { run, calls, clock } = setUpAttempts([p]);
    const ready = sleep(clock, 50, new AbortController().signal).then(() => [...calls]);
    const result = await run(async () => 'text', { ready });
    expect(await ready).toEqual([]);
    expect(result).toMatchObject({ attempts: [{ startedAt: 1_000_050 }] });
  });

  it('makes none at all when that fails, and gives its place back', async () => {
    const { start, clock, calls, commands } = setUpAttempts([p]);
    const refused = start(async () => 'text', {
      ready: Promise.reject(new Fault('budget_exceeded')),
    });
    await expect(refused).rejects.toMatchObject({ code: 'budget_exceeded' });
    await clock.run();
    expect(calls).toEqual([]);
    expect(commands).toEqual(['getMany', 'takePlace', 'leavePlace']);
  });
});

describe('a failed attempt', () => {
  it('is followed by the next target at once, and both are recorded', async () => {
    const { run, clock } = setUpAttempts([p, q]);
    const details = { status: 503, upstreamCode: 'overloaded' };
    const result = await run(
      scripted({ 'p/a': [failure('server-error', details)], 'q/a': ['text'] }),
    );
    expect(result).toMatchObject({ kind: 'answered', target: q });
    expect(result.attempts).toMatchObject([
      {
        outcome: 'server-error',
        upstreamStatus: 503,
        upstreamCode: 'overloaded',
        possiblyBilled: false,
      },
      { outcome: 'answered', provider: 'q' },
    ]);
    expect(clock.now()).toBe(1_000_000);
  });

  it('of the last target is repeated after a wait', async () => {
    const { run } = setUpAttempts([p]);
    const result = await run(
      scripted({ 'p/a': [failure('server-error'), failure('server-error'), 'text'] }),
    );
    expect(result.attempts.map(({ waitMs }) => waitMs)).toEqual([undefined, 500, 1_000]);
    expect(result.kind).toBe('answered');
  });

  it('with Retry-After is repeated no sooner than that', async () => {
    const { run, clock } = setUpAttempts([p]);
    const limited = failure('rate-limited', { retryAfterMs: 2_000 });
    const result = await run(scripted({ 'p/a': [limited, 'text'] }));
    expect(result.kind).toBe('answered');
    expect(clock.now()).toBe(1_002_500);
  });

  it('without one is repeated although others are kept away for a while', async () => {
    const { run, clock } = setUpAttempts([p]);
    const result = await run(scripted({ 'p/a': [failure('rate-limited'), 'text'] }));
    expect(result.kind).toBe('answered');
    expect(clock.now()).toBe(1_000_500);
  });

  it('ends the request when nothing is left, with all attempts and the soonest retry', async () => {
    const { run } = setUpAttempts([p, q]);
    const limited = failure('rate-limited', { retryAfterMs: 3_600_000 });
    const result = await run(scripted({ 'p/a': [failure('connect')], 'q/a': [limited] }));
    expect(result).toMatchObject({
      kind: 'failed',
      fault: { code: 'upstream_connect_error', options: { retryAfterSeconds: 1 } },
      attempts: [{ outcome: 'connect' }, { outcome: 'rate-limited' }],
    });
  });

  it('that is the request’s own fault ends it at once', async () => {
    const { run, calls } = setUpAttempts([p, q]);
    const result = await run(scripted({ 'p/a': [failure('content-policy')], 'q/a': ['text'] }));
    expect(result).toMatchObject({ kind: 'failed', fault: { code: 'content_policy_violation' } });
    expect(calls).toEqual(['p/a']);
  });

  it('with a fault of ours ends it with that fault, with anything else as an internal error', async () => {
    const { run } = setUpAttempts([p, q]);
    const own = await run(scripted({ 'p/a': [new Fault('budget_exceeded')] }));
    expect(own).toMatchObject({ kind: 'failed', fault: { code: 'budget_exceeded' } });
    const strange = await run(scripted({ 'p/a': [new TypeError('oops')] }));
    expect(strange).toMatchObject({ kind: 'failed', fault: { code: 'internal_error' } });
    expect(strange.attempts).toMatchObject([{ outcome: 'error' }]);
  });

  it('is not followed by more attempts than the client allows', async () => {
    const { run, calls } = setUpAttempts([p, q]);
    await run(scripted({ 'p/a': [failure('connect')], 'q/a': ['text'] }), { maxAttempts: 1 });
    expect(calls).toEqual(['p/a']);
  });
});

describe('time', () => {
  it('an attempt that its maker aborts fails with the reason it was given', async () => {
    const { run } = setUpAttempts([p, q]);
    const result = await run(async (target, call) => {
      if (target === q) return 'text';
      call.abort(failure('timeout'));
      return hang(target, call);
    });
    expect(result.attempts).toMatchObject([{ outcome: 'timeout' }, { outcome: 'answered' }]);
  });

  it('a target that hangs, deaf to its signal, ends at its total limit', async () => {
    const limited = aTarget('p/a', { limits: { ...p.limits, totalMs: 3_000 } });
    const { run } = setUpAttempts([limited, q]);
    const result = await run((target) =>
      target === q ? Promise.resolve('text') : new Promise<string>(() => undefined),
    );
    expect(result).toMatchObject({
      kind: 'answered',
      attempts: [{ outcome: 'timeout', ms: 3_000, possiblyBilled: true }, { provider: 'q' }],
    });
  });

  it('the deadline ends everything, waits included', async () => {
    const { run, clock } = setUpAttempts([p, q]);
    const hanging = await run(hang, { deadline: clock.now() + 5_000 });
    expect(hanging).toMatchObject({ kind: 'failed', fault: { code: 'upstream_timeout' } });
    expect(clock.now()).toBe(1_005_000);
    const limited = failure('rate-limited', { retryAfterMs: 4_000 });
    const waiting = scripted({ 'p/a': [limited], 'q/a': [limited] });
    const result = await run(waiting, { deadline: clock.now() + 3_000 });
    expect(result).toMatchObject({ kind: 'failed', fault: { code: 'upstream_rate_limited' } });
    expect(clock.now()).toBe(1_005_000);
  });

  it('a deadline that clients choose does not count against the target', async () => {
    const { run, clock, calls } = setUpAttempts([p]);
    for (let request = 0; request < 6; request += 1) {
      await run(hang, { deadline: clock.now() + 10 });
    }
    expect(calls).toHaveLength(6);
  });

  it('starts nothing when admission has taken until the deadline', async () => {
    const { run, calls, clock } = setUpAttempts([p]);
    const ready = sleep(clock, 50, new AbortController().signal);
    const result = await run(async () => 'text', { ready, deadline: clock.now() + 50 });
    expect(result).toMatchObject({ kind: 'failed', attempts: [] });
    expect(calls).toEqual([]);
  });
});

describe('a client that leaves', () => {
  const leaving = (clock: { after(ms: number, run: () => void): unknown }, afterMs: number) => {
    const client = new AbortController();
    clock.after(afterMs, () => client.abort(new Error('gone')));
    return client.signal;
  };

  it('ends the call, and nothing follows', async () => {
    const { run, clock, calls } = setUpAttempts([p, q]);
    const signals: AbortSignal[] = [];
    const result = await run(
      (target, call) => {
        signals.push(call.signal);
        return hang(target, call);
      },
      { signal: leaving(clock, 100) },
    );
    expect(result).toMatchObject({
      kind: 'abandoned',
      attempts: [{ outcome: 'abandoned', ms: 100 }],
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(calls).toEqual(['p/a']);
  });

  it('ends a wait', async () => {
    const { run, clock, calls } = setUpAttempts([p]);
    const result = await run(scripted({ 'p/a': [failure('server-error'), 'text'] }), {
      signal: leaving(clock, 100),
    });
    expect(result.kind).toBe('abandoned');
    expect(clock.now()).toBe(1_000_100);
    expect(calls).toHaveLength(1);
  });

  it('says nothing about the target', async () => {
    const { run, clock, calls } = setUpAttempts([p]);
    for (let request = 0; request < 6; request += 1) {
      await run(hang, { signal: leaving(clock, 100) });
    }
    expect(calls).toHaveLength(6);
  });
});
