import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../../core/contract/chat.ts';
import { UNPRICED } from '../../../../core/contract/money.ts';
import { billed } from '../../../../core/ledger/bill.ts';
import { collectResponse } from '../../../../core/providers/collect.ts';

const wire = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

function streamOf(...chunks: readonly ChatChunk[]) {
  async function* stream() {
    yield* chunks;
  }
  return billed(stream(), { wire, maxTokens: undefined }, () => UNPRICED);
}

const text = (content: string): ChatChunk => ({
  id: 'chatcmpl-1',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const stop: ChatChunk = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

const options = {
  provider: 'p',
  model: 'm',
  requestId: 'r',
  now: () => 0,
};

describe('collecting a completion', () => {
  it('gives the whole answer', async () => {
    await expect(
      collectResponse(streamOf(text('a'), text('b'), stop), options),
    ).resolves.toMatchObject({
      id: 'chatcmpl-1',
      provider: 'p',
      choices: [{ index: 0, message: { content: 'ab' }, finishReason: 'stop' }],
      usage: { usage: { uncachedInput: 5, output: 1 }, status: 'estimated' },
      cost: UNPRICED,
      wire: { usage: { prompt_tokens: 5, completion_tokens: 1, estimated: true } },
    });
  });

  it.each([
    ['without a finish', [text('a')]],
    ['without anything', []],
  ])('fails as interrupted when the stream ends %s', async (_, chunks) => {
    await expect(collectResponse(streamOf(...chunks), options)).rejects.toMatchObject({
      name: 'ProviderFailure',
      reason: 'interrupted',
    });
  });
});
