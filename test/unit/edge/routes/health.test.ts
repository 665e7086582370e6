import { expect, it } from 'vitest';
import { createEdgeApp } from '../../../../edge/app.ts';
import { API_KEY, edgeDeps, keyRecord } from '../../../support/edge-deps.ts';

/** An edge over a core that counts how often it is asked, and a clock that tests set. */
function edge() {
  const world = { now: 0, status: 200, asked: 0 };
  const app = createEdgeApp(
    edgeDeps({
      keys: { find: async () => keyRecord() },
      now: () => world.now,
      core: {
        send: async () => {
          world.asked += 1;
          return Response.json({}, { status: world.status });
        },
      },
    }),
  );
  const readyz = async (headers: Record<string, string> = {}) =>
    (await app.request('/readyz', { headers })).status;
  return { world, readyz };
}

it('anyone who asks /readyz within a second of another hears the same answer', async () => {
  const { world, readyz } = edge();
  expect(await readyz()).toBe(200);
  world.status = 503;
  world.now = 999;
  expect([await readyz(), world.asked]).toEqual([200, 1]);
  world.now = 1_000;
  expect([await readyz(), await readyz(), world.asked]).toEqual([503, 503, 2]);
  world.status = 200;
  world.now = 2_000;
  expect([await readyz(), world.asked]).toEqual([200, 3]);
});

it('an operator hears what is so now', async () => {
  const { world, readyz } = edge();
  await readyz();
  world.status = 503;
  expect(await readyz({ authorization: `Bearer ${API_KEY}` })).toBe(503);
});
