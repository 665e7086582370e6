import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import {
  type Plan,
  type PlanInput,
  type ProviderView,
  planAttempts,
  rankTargets,
  type Strategy,
} from '../../../../core/routing/plan.ts';
import { type Target, targetName } from '../../../../core/routing/target.ts';
import { aTarget } from '../../../support/a-target.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';

const provider = (name: string, overrides: Partial<ProviderView> = {}): ProviderView => ({
  name,
  enabled: true,
  priority: 1,
  models: ['a', 'b'],
  ...overrides,
});

const plan = (requested: string, input: Partial<PlanInput> = {}) =>
  planAttempts({
    requested,
    providers: [provider('p'), provider('q', { models: ['b', 'c/d'] })],
    aliases: {},
    costOf: () => 'unpriced',
    random: () => 0.5,
    ...input,
  });

const names = (planned: Plan | Fault): readonly string[] => {
  if (planned instanceof Fault) throw planned;
  return planned.targets.map(targetName);
};

const alias = (strategy: Strategy, targets: { model: string; weight?: number }[]) => ({
  aliases: { smart: { strategy, targets } },
});

describe('the name of a model', () => {
  it.each([
    ['p/a', ['p/a'], 'provider and model'],
    ['a', ['p/a'], 'a bare name that one provider lists'],
    ['q/c/d', ['q/c/d'], 'a model with a slash in its id'],
    ['c/d', ['q/c/d'], 'such a model by its bare name'],
  ])('%s means %j: %s', (requested, expected) => {
    expect(names(plan(requested))).toEqual(expected);
  });

  it.each([
    ['', 'nothing'],
    ['A', 'another case'],
    ['p', 'a provider alone'],
    ['p/', 'a provider and no model'],
    ['p/c', 'a model that the provider lacks'],
    ['x/a', 'an unknown provider'],
    ['*', 'the wildcard itself'],
    ['p/*', 'the wildcard of a provider'],
    ['ａ', 'a fullwidth letter'],
    ['a\u0000', 'a control character'],
    ['../a', 'a path'],
    ['__proto__', 'a property of every object'],
  ])('%j is not found: %s', (requested) => {
    expect(plan(requested)).toMatchObject({ code: 'model_not_found' });
  });

  it('is refused with the names to choose from, when several providers list it', () => {
    const fault = plan('b');
    expect(fault).toMatchObject({ code: 'model_not_found' });
    expect(fault).toHaveProperty('message', expect.stringContaining('"p/b", "q/b"'));
  });

  it('does not find a disabled provider', () => {
    const providers = [provider('p', { enabled: false }), provider('q')];
    expect(names(plan('b', { providers }))).toEqual(['q/b']);
    expect(plan('p/b', { providers })).toBeInstanceOf(Fault);
  });

  describe('where a provider lists *', () => {
    const providers = [provider('p'), provider('any', { models: ['*'] })];

    it.each([
      ['a', ['p/a'], 'who lists the name goes first'],
      ['new', ['any/new'], 'else it is taken there'],
      ['org/new:7b', ['any/org/new:7b'], 'with the characters of model ids'],
      ['any/a', ['any/a'], 'or when it is asked for by name'],
    ])('%s means %j: %s', (requested, expected) => {
      expect(names(plan(requested, { providers }))).toEqual(expected);
    });

    it.each(['*', 'any/*', 'a b', 'x#y', 'x?y', 'x\\y', 'a/../b', '%2f', 'é', 'x;y'])(
      '%j is not found',
      (requested) => {
        expect(plan(requested, { providers })).toBeInstanceOf(Fault);
      },
    );

    it('is ambiguous among two of them', () => {
      const both = [provider('any', { models: ['*'] }), provider('other', { models: ['*'] })];
      expect(plan('new', { providers: both })).toBeInstanceOf(Fault);
    });
  });
});

describe('an alias', () => {
  const three = [{ model: 'p/a' }, { model: 'q/b' }, { model: 'p/b' }];

  it('goes before a model of the same name', () => {
    const aliases = { a: { strategy: 'priority', targets: [{ model: 'q/b' }] } } as const;
    expect(names(plan('a', { aliases }))).toEqual(['q/b']);
  });

  it('skips what is disabled, unknown or doubled, and is not found when nothing is left', () => {
    const targets = [{ model: 'x/a' }, { model: 'p/zzz' }, { model: 'q/b' }, { model: 'q/b' }];
    expect(names(plan('smart', alias('priority', targets)))).toEqual(['q/b']);
    expect(plan('smart', alias('priority', targets.slice(0, 2)))).toMatchObject({
      code: 'model_not_found',
    });
  });

  it.each([
    ['priority', ['q/b', 'p/a', 'p/b'], 'by the priority of the provider, else as listed'],
    ['fastest', ['q/b', 'p/a', 'p/b'], 'like priority, until it is measured'],
    ['cheapest', ['p/b', 'p/a', 'q/b'], 'by cost, the unpriced last'],
  ] as const)('%s orders %j: %s', (strategy, expected, _) => {
    const providers = [provider('p', { priority: 2 }), provider('q')];
    const costs = new Map([
      ['p/a', 20],
      ['p/b', 10],
    ]);
    const costOf = (target: Target) => costs.get(targetName(target)) ?? 'unpriced';
    expect(names(plan('smart', { ...alias(strategy, three), providers, costOf }))).toEqual(
      expected,
    );
  });

  it('weighted puts each first as often as its weight says', () => {
    const targets = [{ model: 'p/a', weight: 3 }, { model: 'q/b' }];
    const random = createSeededRandom(1);
    const firsts = Array.from({ length: 4_000 }, () =>
      names(plan('smart', { ...alias('weighted', targets), random: random.next })).at(0),
    );
    const share = firsts.filter((name) => name === 'p/a').length / firsts.length;
    expect(share).toBeCloseTo(0.75, 1);
  });

  it('keeps every target exactly once, whatever the strategy and the chance', () => {
    const strategies = fc.constantFrom<Strategy>('priority', 'cheapest', 'fastest', 'weighted');
    const model = fc.constantFrom('p/a', 'p/b', 'q/b', 'q/c/d');
    const targets = fc.array(fc.record({ model, weight: fc.nat(5) }), { minLength: 1 });
    fc.assert(
      fc.property(strategies, targets, fc.nat(), (strategy, listed, seed) => {
        const random = createSeededRandom(seed);
        const costOf = () => random.integer(0, 3);
        const planned = plan('smart', { ...alias(strategy, listed), costOf, random: random.next });
        const expected = [...new Set(listed.map((target) => target.model))];
        expect([...names(planned)].sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe('the limits of a target', () => {
  const limitsOf = (overrides: Partial<ProviderView>) => {
    const planned = plan('p/a', { providers: [provider('p', overrides)] });
    return planned instanceof Fault ? planned : planned.targets[0];
  };

  it.each([
    ['default to ten and fifteen seconds', {}, { firstTokenMs: 10_000, idleMs: 15_000 }],
    [
      'give a reasoning model the time to think',
      { reasoning: ['a'] },
      { firstTokenMs: 120_000, idleMs: 60_000 },
    ],
    [
      'are what is configured, also for reasoning',
      { reasoning: ['a'], firstTokenTimeoutMs: 1, idleTimeoutMs: 2, timeoutMs: 3 },
      { firstTokenMs: 1, idleMs: 2, totalMs: 3 },
    ],
  ] as const)('%s', (_, overrides, limits) => {
    expect(limitsOf(overrides)).toMatchObject({ limits });
  });

  it('come with the retries and the concurrency of the provider', () => {
    expect(limitsOf({})).toMatchObject({ retryAttempts: 2, maxConcurrency: undefined });
    expect(limitsOf({ retryAttempts: 0, maxConcurrency: 7 })).toMatchObject({
      retryAttempts: 0,
      maxConcurrency: 7,
    });
  });
});

describe('rankTargets', () => {
  const targets = ['p/a', 'p/b', 'q/b'].map((name) => aTarget(name));
  const times = new Map([
    ['p/a', 300],
    ['q/b', 100],
  ]);
  const ranked = (strategy: Strategy) =>
    rankTargets({ strategy, targets }, (target) => times.get(targetName(target))).map(targetName);

  it('puts the fastest first, after what has never been measured', () => {
    expect(ranked('fastest')).toEqual(['p/b', 'q/b', 'p/a']);
  });

  it('leaves every other strategy alone', () => {
    expect(ranked('priority')).toEqual(['p/a', 'p/b', 'q/b']);
  });
});
