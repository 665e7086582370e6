import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  endAll,
  type LocalStack,
  run,
  startLocalStack,
  temporaryFolder,
} from '../support/local-stack.ts';

const CLI = fileURLToPath(new URL('../../infra/cli/gateway.ts', import.meta.url));

let folder: string;
let gateway: LocalStack;

beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startLocalStack({ folder });
});

afterAll(endAll);

/** As typed in the folder of the gateway; answers the exit code and what was printed. */
async function type(...line: string[]) {
  const command = run([CLI, ...line], folder, {});
  return { code: await command.ended, output: command.output() };
}

const json = async (...line: string[]) => JSON.parse((await type(...line, '--json')).output);

const ask = (key: string) =>
  gateway.post(
    '/v1/chat/completions',
    { model: 'demo/demo-shop-assistant', messages: [{ role: 'user', content: 'Hello!' }] },
    key,
  );

it('makes a key that works, explains what was done with it, counts it, and ends it', async () => {
  const budget = ['--budget', 'day=1'];
  const { id, key } = await json('keys', 'create', 'Shop', '--tenant', 'shop', ...budget);
  const answer = await ask(key);
  await answer.json();
  expect(answer.status).toBe(200);

  const receipt = await json('request', answer.headers.get('x-request-id') ?? '');
  const cost = answer.headers.get('x-gateway-cost');
  expect(receipt).toMatchObject({
    outcome: 'success',
    identity: { tenant: 'shop', keyId: id, keyName: 'Shop' },
    money: { costUsd: cost },
  });
  expect((await json('budgets')).data).toMatchObject([{ id, spentUsd: cost, limitUsd: '1' }]);
  expect((await json('usage', '--by', 'key')).data).toMatchObject([{ group: id, costUsd: cost }]);
  expect((await type('export', '--csv', '-')).output).toContain(receipt.requestId);

  const rotated = await json('keys', 'rotate', id);
  expect((await ask(rotated.key)).status).toBe(200);
  expect(await type('keys', 'revoke', id)).toMatchObject({ code: 0 });
});

it('says in one sentence what to do, with the exit code 1 and without colour', async () => {
  expect(await type('keys', 'show', 'nobody00')).toEqual({
    code: 1,
    output: '✗ There is no key "nobody00".\n',
  });
});
