import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyIdSchema } from '../../../../core/contract/principal.ts';
import { createLocalRateLimiter } from '../../../../edge/adapters/local-rate-limiter.ts';
import { quotaRules } from '../../../../edge/policy/quota.ts';

const ada = keyIdSchema.parse('adaadaada');
const bob = keyIdSchema.parse('bobbobbob');
const nothingLeft = () => expect.fail('no work is left for later');

it('admits what the limit says, for each key by itself, and again in the next window', async () => {
  const clock = { now: 0 };
  const limiter = createLocalRateLimiter(() => clock.now);
  const rules = quotaRules({ requestsPerMinute: 2 });
  const admitted = async (key: typeof ada) =>
    (await limiter.take(key, rules, nothingLeft))[0]?.admitted;
  expect([await admitted(ada), await admitted(ada), await admitted(ada)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(await admitted(bob)).toBe(true);
  clock.now = 60_000;
  expect(await admitted(ada)).toBe(true);
});

it('takes nothing from any limit when one of them refuses', async () => {
  const limiter = createLocalRateLimiter(() => 0);
  const both = quotaRules({ requestsPerMinute: 1, requestsPerHour: 9 });
  for (let i = 0; i < 4; i++) await limiter.take(ada, both, nothingLeft);
  const [alone] = await limiter.take(ada, quotaRules({ requestsPerHour: 9 }), nothingLeft);
  expect(alone?.remaining).toBe(7);
});

it('never admits more than a limit within one window', async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(waits, fc.integer({ min: 1, max: 20 }), async (gapsMs, limit) => {
      const clock = { now: 0 };
      const limiter = createLocalRateLimiter(() => clock.now);
      let admitted = 0;
      for (const gapMs of gapsMs) {
        clock.now = Math.min(clock.now + gapMs, 59_999);
        const [reading] = await limiter.take(
          ada,
          quotaRules({ requestsPerMinute: limit }),
          nothingLeft,
        );
        if (reading?.admitted) admitted += 1;
      }
      expect(admitted).toBe(Math.min(limit, gapsMs.length));
    }),
  );
});
