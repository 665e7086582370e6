import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../core/attempts/clock.ts';
import { targetName } from '../../../../core/routing/target.ts';
import { aTarget } from '../../../support/a-target.ts';
import {
  COOLDOWN_MS,
  failure,
  hang,
  scripted,
  setUpAttempts,
} from '../../../support/attempts-world.ts';

const p = aTarget('p/a', { maxConcurrency: 2 });
const q = aTarget('q/a');

describe('what instances share', () => {
  const down = scripted({ 'p/a': [failure('connect')], 'q/a': ['text'] });

  it('after five failures in a row the target gets one probe per cooldown, and all are answered', async () => {
    const { run, clock, calls } = setUpAttempts([p, q]);
    for (let request = 0; request < 50; request += 1) {
      expect((await run(down)).kind).toBe('answered');
    }
    expect(calls.filter((name) => name === 'p/a')).toHaveLength(5);
    clock.after(COOLDOWN_MS, () => undefined);
    await clock.run();
    for (let request = 0; request < 50; request += 1) await run(down);
    expect(calls.filter((name) => name === 'p/a')).toHaveLength(6);
  });

  it('nothing tried because every breaker is open is a 503 with the end of the cooldown', async () => {
    const { run } = setUpAttempts([p]);
    for (let request = 0; request < 5; request += 1) await run(down);
    expect(await run(down)).toMatchObject({
      kind: 'failed',
      fault: { code: 'all_providers_unavailable', options: { retryAfterSeconds: 30 } },
      attempts: [],
    });
  });

  it('a stream that breaks after its commit counts when it is settled', async () => {
    const { run, calls } = setUpAttempts([p, q]);
    for (let request = 0; request < 5; request += 1) {
      const result = await run(async () => 'stream');
      if (result.kind !== 'answered') throw new Error(result.kind);
      const attempts = await result.settle(failure('interrupted'));
      expect(attempts).toMatchObject([{ outcome: 'interrupted', possiblyBilled: true }]);
    }
    await run(async () => 'stream');
    expect(calls.at(-1)).toBe('q/a');
  });

  it('answers that are too long for the limit of whole ones do not open the breaker', async () => {
    const long = aTarget('p/a', { limits: { ...p.limits, wholeMs: 30_000 } });
    const { run, calls } = setUpAttempts([long]);
    const results = [];
    for (let request = 0; request < 6; request += 1) {
      const keepsComing: typeof hang = (target, call) => {
        call.onFirstToken();
        return hang(target, call);
      };
      results.push(await run(keepsComing, { delivery: 'whole' }));
    }
    expect(calls).toHaveLength(6);
    expect(results.at(-1)).toMatchObject({ fault: { code: 'upstream_timeout' } });
  });

  it('what a target cannot do is left to another, and does not open the breaker', async () => {
    const { run, calls } = setUpAttempts([p, q]);
    const unable = failure('unsupported', { param: 'n' });
    for (let request = 0; request < 6; request += 1) {
      const result = await run(scripted({ 'p/a': [unable], 'q/a': ['text'] }));
      expect(result).toMatchObject({ kind: 'answered', target: q });
    }
    expect(calls.filter((name) => name === 'p/a')).toHaveLength(6);
  });

  it('calls in flight never exceed the provider’s places, and others go elsewhere', async () => {
    const { run } = setUpAttempts([p, q]);
    const results = [await run(async () => 1), await run(async () => 2), await run(async () => 3)];
    const answered = results.flatMap((result) => (result.kind === 'answered' ? result : []));
    expect(answered.map(({ target }) => target)).toEqual([p, p, q]);
    await answered[0]?.settle('answered');
    expect(await run(async () => 4)).toMatchObject({ target: p });
  });

  it('a request that arrives in a rate window waits for its end, and not all at once', async () => {
    const { run } = setUpAttempts([p]);
    const limited = scripted({ 'p/a': [failure('rate-limited', { retryAfterMs: 2_000 }), 'text'] });
    await run(limited, { maxAttempts: 1 });
    expect(await run(limited)).toMatchObject({ kind: 'answered', attempts: [{ waitMs: 2_500 }] });
  });

  it('of two that come when the cooldown ends, one probes and the other goes elsewhere at once', async () => {
    const { run, start, clock, calls } = setUpAttempts([q, aTarget('s/a')]);
    const dead = scripted({ 'q/a': [failure('connect')], 's/a': ['text'] });
    for (let request = 0; request < 5; request += 1) await run(dead);
    clock.after(COOLDOWN_MS, () => undefined);
    await clock.run();
    calls.length = 0;
    const results = await clock.until(Promise.all([start(dead), start(dead)]));
    expect(results.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(calls.filter((name) => name === 'q/a')).toHaveLength(1);
  });

  it('a target that was full when its turn came is asked again after the next attempt', async () => {
    const { run, calls } = setUpAttempts([q, p]);
    const first = await run(scripted({ 'q/a': [failure('connect')], 'p/a': ['text'] }));
    await run(scripted({ 'q/a': [failure('connect')], 'p/a': ['text'] }));
    const flaky = scripted({
      'q/a': [failure('server-error'), failure('connect')],
      'p/a': ['text'],
    });
    const result = await run(async (target, call) => {
      const isSecond = calls.filter((name) => name === 'q/a').length === 4;
      if (isSecond && first.kind === 'answered') await first.settle('answered');
      return flaky(target, call);
    });
    expect(calls.slice(-3)).toEqual(['q/a', 'q/a', 'p/a']);
    expect(result.kind).toBe('answered');
  });

  it('without another target, a full provider is a 503', async () => {
    const { run } = setUpAttempts([p]);
    await run(async () => 1);
    await run(async () => 2);
    expect(await run(async () => 3)).toMatchObject({
      kind: 'failed',
      fault: { code: 'all_providers_unavailable', options: { retryAfterSeconds: 1 } },
    });
  });

  it('the fastest by measured first token is tried first, the unmeasured once', async () => {
    const { run, clock, calls } = setUpAttempts([p, q], 'fastest');
    const speeds = new Map([
      ['p/a', 300],
      ['q/a', 100],
    ]);
    for (let request = 0; request < 4; request += 1) {
      const result = await run(async (target, call) => {
        await sleep(clock, speeds.get(targetName(target)) ?? 0, call.signal);
        call.onFirstToken();
        return 'text';
      });
      if (result.kind === 'answered') await result.settle('answered');
    }
    expect(calls).toEqual(['p/a', 'q/a', 'q/a', 'q/a']);
  });
});
