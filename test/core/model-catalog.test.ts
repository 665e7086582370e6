import { describe, expect, it } from 'vitest';
import { whole } from '../support/chat-core.ts';
import { chatInit, PRINCIPAL, startCoreApp } from '../support/core-app.ts';
import { jsonAnswer, type RawScript, startRawProvider } from '../support/raw-provider.ts';

const prices = { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 2.5 } };

/** `up` is with one provider, `both` with two; the server of `any` reports what it has. */
async function startCatalogCore() {
  const provider = await startRawProvider(answerBoth);
  const { baseUrl } = provider;
  const core = await startCoreApp({
    providers: [
      { name: 'a', kind: 'openai', baseUrl, models: ['up', 'both'], reasoning: ['up'], prices },
      { name: 'b', kind: 'openai', baseUrl, models: ['both', 'embed-1'], priority: 2 },
      { name: 'any', kind: 'local', baseUrl, models: ['*'], priority: 3 },
      { name: 'off', kind: 'openai', baseUrl, models: ['x'], enabled: false },
      { name: 'all', kind: 'openai', baseUrl, models: ['*'], priority: 4 },
    ],
    models: {
      smart: { strategy: 'priority', targets: [{ model: 'a/up' }, { model: 'b/both' }] },
      gone: { strategy: 'priority', targets: [{ model: 'off/x' }] },
    },
  });
  const as = (models?: readonly string[]) =>
    ({ kind: 'principal', principal: { ...PRINCIPAL, ...(models && { models }) } }) as const;
  const list = async (models?: readonly string[]) => {
    const response = await core.fetch('/v1/models', {}, as(models));
    return (await response.json()).data as { readonly id: string }[];
  };
  return { ...core, as, list, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
}

const answerBoth: RawScript = (socket, request) =>
  request.method === 'GET'
    ? void socket.end(jsonAnswer(200, { data: [{ id: 'own', description: 'Of this house' }] }))
    : whole(socket, request);

const ids = (models: readonly { readonly id: string }[]) => models.map(({ id }) => id);

describe('GET /v1/models', () => {
  it('lists each model that can be called once: aliases first, then by priority', async () => {
    await using core = await startCatalogCore();
    expect(ids(await core.list())).toEqual([
      'smart',
      'a/up',
      'a/both',
      'b/both',
      'b/embed-1',
      'any/own',
    ]);
  });

  it('has prices in USD per million tokens, and null where none is known', async () => {
    await using core = await startCatalogCore();
    const models = await core.list();
    expect(models.find(({ id }) => id === 'a/up')).toMatchObject({
      prices: { inputPerMillionUsd: '1', cacheReadPerMillionUsd: '1', outputPerMillionUsd: '2.5' },
    });
    expect(models.find(({ id }) => id === 'any/own')).toMatchObject({ prices: null });
    expect(models[0]).not.toHaveProperty('prices');
  });

  it('tells what is known of a model', async () => {
    await using core = await startCatalogCore();
    const models = await core.list();
    expect(models).toMatchObject([
      { description: 'priority: a/up, b/both', owned_by: 'gateway' },
      { object: 'model', owned_by: 'a', provider: 'a', capabilities: ['reasoning'] },
      {},
      {},
      { capabilities: ['embeddings'] },
      { description: 'Of this house' },
    ]);
    expect(models[2]).not.toHaveProperty('capabilities');
  });

  it.each([
    ['an alias', ['smart'], ['smart']],
    ['a full name', ['b/both'], ['b/both']],
    ['a bare name', ['up'], ['up']],
    ['both names of a model', ['a/up', 'up'], ['a/up', 'up']],
    ['a bare name that two providers have', ['both'], []],
    ['a model that there is not', ['other'], []],
    ['nothing', [], []],
  ])('shows a key that may use %s what it can call', async (_, models, expected) => {
    await using core = await startCatalogCore();
    const listed = ids(await core.list(models));
    expect(listed).toEqual(expected);
    for (const model of listed) {
      const body = { model, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await core.fetch('/v1/chat/completions', chatInit(body), core.as(models));
      expect(response.status).toBe(200);
    }
  });
});

describe('GET /v1/models/{id}', () => {
  it.each([
    ['a/up', 200],
    ['a%2Fup', 200],
    ['up', 200],
    ['smart', 200],
    ['both', 404],
    ['gone', 404],
    ['a/none', 404],
  ])('answers %s with %i', async (id, status) => {
    await using core = await startCatalogCore();
    const response = await core.fetch(`/v1/models/${id}`);
    expect(response.status).toBe(status);
    if (status === 200) expect(await response.json()).toMatchObject({ id: decodeURIComponent(id) });
  });

  it('hides what the key may not use', async () => {
    await using core = await startCatalogCore();
    expect((await core.fetch('/v1/models/a/up', {}, core.as(['up']))).status).toBe(404);
    expect((await core.fetch('/v1/models/up', {}, core.as(['up']))).status).toBe(200);
  });
});
