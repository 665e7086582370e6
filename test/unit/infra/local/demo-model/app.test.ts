import { expect, it } from 'vitest';
import { createDemoModelApp } from '../../../../../infra/local/demo-model/app.ts';

it('a stream stops when its reader leaves', async () => {
  const pauses: (() => void)[] = [];
  const app = createDemoModelApp({
    now: () => 0,
    pause: () => new Promise<void>((resume) => pauses.push(resume)),
  });
  const response = await app.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({
      model: 'demo-shop-assistant',
      stream: true,
      messages: [{ role: 'user', content: 'Hello' }],
    }),
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await expect.poll(() => pauses.length).toBe(1);

  await reader?.cancel();
  pauses[0]?.();
  await new Promise(setImmediate);
  expect(pauses).toHaveLength(1);
});
