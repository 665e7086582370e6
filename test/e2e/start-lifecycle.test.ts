import { readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createDynamoDbCatalogStore } from '../../core/catalog/dynamodb-catalog-store.ts';
import { LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { isPortFree } from '../../infra/local/ports.ts';
import { generateProducts } from '../../infra/local/seed/generate-products.ts';
import { TABLES } from '../../infra/tables.ts';
import {
  corePid,
  endAll,
  freePort,
  groupOf,
  type LocalStack,
  run,
  runStart,
  startLocalStack,
  temporaryFolder,
  untilAlone,
  untilOutput,
} from '../support/local-stack.ts';

const [product] = generateProducts();
const CHANGED_TITLE = 'A title that no seed has';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** wrangler needs no network, but has to be told. */
const OFFLINE = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', CI: '1' };

/** One folder, three gateways after each other. */
let folder: string;
let stack: LocalStack;
let first: { readonly stack: LocalStack; readonly newKey: string; readonly requestId: string };
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(endAll);

const modeOf = async (path: string) => (await stat(join(folder, path))).mode & 0o777;

const QUESTION = {
  model: 'demo-shop-assistant',
  messages: [{ role: 'user', content: 'Tell me about everything that you have.' }],
};
const chat = (fields: object = {}) =>
  stack.post('/v1/chat/completions', { ...QUESTION, ...fields });

const modelsStatus = async (key: string) => (await stack.request('/v1/models', {}, key)).status;

const rowsSchema = z.object({ data: z.array(z.looseObject({ requestId: z.string() })) });
const rowIds = async () =>
  rowsSchema.parse(await stack.admin('/requests')).data.map(({ requestId }) => requestId);

async function searchProduct(): Promise<string> {
  const params = { name: 'product_search', arguments: { query: product?.id } };
  const answer = await stack.request('/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  return answer.text();
}

/** While no gateway runs on the folder. */
async function changeProduct(): Promise<void> {
  const dynamodb = await startDynamoDb({ path: join(folder, '.local/dynamodb') });
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const store = createDynamoDbCatalogStore({ documents, tableName: TABLES.products.name });
  if (product) await store.putAll([{ ...product, title: CHANGED_TITLE }]);
  client.destroy();
  await dynamodb.close();
}

describe('npm start', () => {
  beforeAll(async () => {
    stack = await startLocalStack({ folder });
  });

  it('is ready within 30 seconds on a busy machine, and tells without a key that it is', async () => {
    expect(stack.readyMs).toBeLessThan(30_000);
    for (const [path, status] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ]) {
      const answer = await fetch(stack.origin + path);
      expect([answer.status, await answer.json()]).toEqual([200, { status }]);
    }
  });

  it('shows where it is, a key that works, and a first request for a model that is there', async () => {
    const output = stack.output();
    expect(output).toContain(stack.baseUrl);
    expect(output).toContain(stack.mcpUrl);
    const [, key = ''] = /Bearer (\w+)/.exec(output) ?? [];
    const [, body = ''] = /-d '(.*)'/.exec(output) ?? [];
    const answer = await stack.post('/v1/chat/completions', JSON.parse(body), key);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('data: [DONE]');
  });

  it('keeps what is secret to the user who started it', async () => {
    const paths = ['.local/credentials.json', '.local/secrets.json', '.dev.vars'];
    expect(await Promise.all(paths.map(modeOf))).toEqual([0o600, 0o600, 0o600]);
  });

  it('prints its parts and the banner, and nothing for a request: that goes to the log', async () => {
    const requestId = (await stack.request('/v1/models')).headers.get('x-request-id') ?? 'none';
    const log = () => readFile(join(folder, '.local/gateway.log'), 'utf8');
    await expect.poll(log).toContain(requestId);
    const lines = stripVTControlCharacters(stack.output()).split('\n');
    const parts = lines.filter((line) => line.startsWith('  ✓'));
    for (const line of parts) expect(line).toMatch(/^ {2}✓ \S.{21}[ \d]{5} ms$/);
    const banner = lines.findIndex((line) => line.includes('is ready'));
    expect(lines.slice(0, banner).filter(Boolean)).toEqual(parts);
    expect(lines.findLast(Boolean)).toMatch(/Stop: Ctrl-C$/);
  });

  it('is refused in a sentence on a folder that has a gateway, which goes on', async () => {
    const startAgain = async (args: string[]) => {
      const again = runStart({ folder, args, env: { PORT: String(await freePort()) } });
      return [await again.ended, again.output()];
    };
    const refused = expect.stringMatching(/✗ Another gateway is running on this folder: \.local/);
    for (const answer of await Promise.all([startAgain([]), startAgain(['--fresh'])])) {
      expect(answer).toEqual([1, refused]);
    }
    expect(await modelsStatus(stack.apiKey)).toBe(200);
    expect(await modeOf('.local/credentials.json')).toBe(0o600);
  });

  it('ends at one Ctrl-C with all that it has started, also in the middle of an answer', async () => {
    const made = z.object({ key: z.string() });
    const { key } = made.parse(await stack.admin('/keys', { name: 'third', tenant: 'acme' }));
    const requestId = (await chat()).headers.get('x-request-id') ?? 'none';
    await expect.poll(rowIds).toContain(requestId);
    first = { stack, newKey: key, requestId };

    const streaming = await chat({ stream: true, user: 'somebody', seed: 1 });
    expect(streaming.status).toBe(200);
    const commands = (await groupOf(stack)).map(({ command }) => command).join('\n');
    expect(commands).toContain('core-process.ts');
    expect(commands).toContain('workerd');
    expect(await stack.stop('SIGINT')).toBe(0);
    await untilAlone(stack);
    expect(await isPortFree(stack.port)).toBe(true);
    expect(stack.output()).toMatch(/Stopping …\n$/);
    await streaming.body?.cancel().catch(() => {});
  });
});

describe('the next start', () => {
  beforeAll(async () => {
    await changeProduct();
    stack = await startLocalStack({ folder });
  });

  it('has the same keys, also those that its operator made', async () => {
    expect([stack.apiKey, stack.adminKey]).toEqual([first.stack.apiKey, first.stack.adminKey]);
    expect([await modelsStatus(stack.apiKey), await modelsStatus(first.newKey)]).toEqual([
      200, 200,
    ]);
  });

  it('has the log rows and the changed product', async () => {
    expect(await rowIds()).toContain(first.requestId);
    expect(await searchProduct()).toContain(CHANGED_TITLE);
  });

  it('serves npx wrangler dev as well, by the variables that it has left for it', async () => {
    for (const name of ['wrangler.toml', 'edge', 'core', 'node_modules']) {
      await symlink(join(REPOSITORY, name), join(folder, name));
    }
    const port = String(await freePort());
    const command = join(REPOSITORY, 'node_modules/wrangler/bin/wrangler.js');
    const wrangler = run([command, 'dev', '--ip', '127.0.0.1', '--port', port], folder, OFFLINE);
    await untilOutput(wrangler, 'Ready on');
    const url = `http://127.0.0.1:${port}/v1/chat/completions`;
    const headers = { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(QUESTION) });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('model')]);
    wrangler.process.kill('SIGINT');
    await untilAlone(wrangler);
  });

  it('ends at a second Ctrl-C at once, whatever the first one waits for', async () => {
    const core = await corePid(stack);
    process.kill(core, 'SIGSTOP');
    void stack.stop('SIGINT');
    await expect.poll(stack.output).toContain('Stopping');
    const timer = setInterval(() => stack.stop('SIGINT'), 200);
    expect(await stack.ended).toBe(130);
    clearInterval(timer);
    process.kill(core, 'SIGCONT');
    await untilAlone(stack);
  });
});

describe('npm start -- --fresh', () => {
  beforeAll(async () => {
    stack = await startLocalStack({ folder, args: ['--fresh'] });
  });

  it('has new keys, and the old ones open nothing', async () => {
    const keys = [stack.apiKey, first.stack.apiKey, first.newKey];
    expect(await Promise.all(keys.map(modelsStatus))).toEqual([200, 401, 401]);
  });

  it('has an empty log and the products of the seed', async () => {
    expect(await rowIds()).toEqual([]);
    expect(await searchProduct()).toContain(product?.title);
  });

  it('leaves no process behind when it is killed', async () => {
    stack.process.kill('SIGKILL');
    expect(await stack.ended).toBe('SIGKILL');
    await untilAlone(stack);
    expect(await isPortFree(stack.port)).toBe(true);
  });
});

describe('a start that is broken off', () => {
  it.each(['✓ Redis', '✓ Core'])('after %j leaves no process behind', async (part) => {
    const starting = runStart({ folder, env: { PORT: String(await freePort()) } });
    await untilOutput(starting, part);
    process.kill(-(starting.process.pid ?? 0), 'SIGINT');
    await starting.ended;
    await untilAlone(starting);
  });
});
