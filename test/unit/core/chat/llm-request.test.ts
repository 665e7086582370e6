import { expect, it } from 'vitest';
import { toLLMRequest } from '../../../../core/chat/llm-request.ts';
import { type ChatRequest, parseChatRequest } from '../../../../core/contract/chat.ts';
import { Fault } from '../../../../core/contract/fault.ts';
import { type Budget, budgetSchema } from '../../../../core/contract/principal.ts';

const budget = budgetSchema.parse({ scope: 'key', period: 'day', limitMicroUsd: 1 });

function aRequest(fields: object): ChatRequest {
  const parsed = parseChatRequest({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    ...fields,
  });
  if (parsed instanceof Fault) throw parsed;
  return parsed;
}

it.each<[string, object, readonly Budget[], boolean, number | undefined, object]>([
  ['nothing, without a budget', {}, [], false, undefined, {}],
  ['the client’s bound', { max_tokens: 9 }, [budget], false, 9, { max_tokens: 9 }],
  [
    'the newer of two bounds',
    { max_tokens: 9, max_completion_tokens: 8 },
    [],
    true,
    8,
    { max_completion_tokens: 8 },
  ],
  ['a bound of its own under a budget', {}, [budget], false, 4_096, {}],
  ['a larger one where the model reasons', {}, [budget], true, 32_768, {}],
])('is bounded by %s', (_, fields, budgets, reasoning, maxTokens, sent) => {
  const asked = { request: aRequest(fields), principal: { budgets } };
  const request = toLLMRequest({ model: 'm', reasoning }, asked);
  expect(request.maxTokens).toBe(maxTokens);
  const { max_tokens, max_completion_tokens } = request.wire;
  expect({ max_tokens, max_completion_tokens }).toEqual(sent);
});
