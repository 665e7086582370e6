import { describe, expect, it } from 'vitest';
import { startChatCore } from '../support/chat-core.ts';
import { chatInit } from '../support/core-app.ts';
import { jsonAnswer } from '../support/raw-provider.ts';

const answer = {
  object: 'list',
  model: 'up',
  data: [{ object: 'embedding', index: 0, embedding: [0.5, -0.5] }],
  usage: { prompt_tokens: 7, total_tokens: 7 },
};

describe('POST /v1/embeddings', () => {
  it('answers with vectors and cost, and leaves one final row', async () => {
    await using core = await startChatCore((socket) => void socket.end(jsonAnswer(200, answer)));
    const response = await core.fetch('/v1/embeddings', chatInit({ model: 'up', input: 'Hello' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...answer,
      usage: { ...answer.usage, cost: 0.000007 },
    });
    expect(response.headers.get('x-gateway-cost')).toBe('0.000007');
    expect(JSON.parse(core.provider.requests[0]?.body ?? '')).toEqual({
      model: 'up',
      input: 'Hello',
    });
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      { endpoint: '/v1/embeddings', outcome: 'success', tokens: 7, costMicroUsd: 7 },
    ]);
  });

  it('answers with its own count, and says so, where the provider has counted nothing', async () => {
    const { usage: _, ...uncounted } = answer;
    await using core = await startChatCore((socket) => void socket.end(jsonAnswer(200, uncounted)));
    const response = await core.fetch('/v1/embeddings', chatInit({ model: 'up', input: 'Hello' }));
    expect(await response.json()).toEqual({
      ...uncounted,
      usage: expect.objectContaining({ prompt_tokens: 1, total_tokens: 1, estimated: true }),
    });
    expect(response.headers.get('x-gateway-cost-status')).toBe('estimated');
    await core.settled();
    expect(core.log.rows()).toMatchObject([{ outcome: 'success', costStatus: 'estimated' }]);
  });

  it.each([
    ['no input', { model: 'up' }, 400, 'invalid_parameter'],
    ['an empty input', { model: 'up', input: [] }, 400, 'invalid_parameter'],
    ['an unknown model', { model: 'no', input: 'a' }, 404, 'model_not_found'],
  ])('refuses %s without asking the provider', async (_, body, status, code) => {
    await using core = await startChatCore(() => {});
    const response = await core.fetch('/v1/embeddings', chatInit(body));
    expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    expect(core.provider.requests).toHaveLength(0);
  });

  it('says so when the provider sends something else', async () => {
    await using core = await startChatCore((socket) => void socket.end(jsonAnswer(200, {})));
    const response = await core.fetch('/v1/embeddings', chatInit({ model: 'up', input: 'a' }));
    expect(response.status).toBe(502);
  });
});
