import { expect, it } from 'vitest';
import { createEdgeApp } from '../../../../edge/app.ts';
import { edgeDeps } from '../../../support/edge-deps.ts';

const call = (bytes: number) =>
  createEdgeApp(edgeDeps()).request('/v1/models', { headers: { a: 'x'.repeat(bytes - 1) } });

it('32 KiB of names and values are read, and the credential is the next question', async () => {
  expect((await call(32_768)).status).toBe(401);
});

it('a byte more is refused before anything else, with an id', async () => {
  const answer = await call(32_769);
  const { error, requestId } = await answer.json();
  expect([answer.status, error.code]).toEqual([431, 'headers_too_large']);
  expect(error.message).toBe('The request headers are larger than 32768 bytes.');
  expect(answer.headers.get('x-request-id')).toBe(requestId);
});
