import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCatalog } from '../../core/catalog/catalog.ts';
import { createMcpRoute } from '../../core/mcp/http-binding.ts';
import { productListSchema } from '../../core/mcp/product-list.ts';
import { generateProducts } from '../../infra/local/seed/generate-products.ts';
import { createInMemoryCatalogStore } from '../support/in-memory-catalog-store.ts';
import {
  MCP_PRINCIPAL,
  MCP_URL,
  MODERN,
  message,
  post,
  postModern,
  readAnswer,
} from '../support/mcp-caller.ts';

const store = createInMemoryCatalogStore(generateProducts());
const failures: unknown[] = [];
const deps = {
  allowedOrigins: [],
  maxBodyBytes: 10_000,
  report: (failure: unknown) => failures.push(failure),
};
const route = createMcpRoute({ ...deps, catalog: createCatalog({ store }) });

describe('the official client of the line that opens with initialize', () => {
  const client = new Client({ name: 'test', version: '1' });

  beforeAll(async () => {
    const transport = new StreamableHTTPClientTransport(new URL(MCP_URL), {
      fetch: async (url, init) => {
        try {
          return await route(new Request(url, init), MCP_PRINCIPAL);
        } catch {
          // The client tries to open a stream, which the app refuses for the route.
          return new Response(null, { status: 405 });
        }
      },
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    return () => client.close();
  });

  it('lists the tool with its schemas, all four annotations and no promise of changes', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['product_search']);
    expect(tools[0]).toMatchObject({
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
      inputSchema: { type: 'object', additionalProperties: false },
      outputSchema: { type: 'object', required: ['ucp', 'products'] },
    });
    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false } });
  });

  it('finds products by words and price, structured and as text', async () => {
    const result = await client.callTool({
      name: 'product_search',
      arguments: { query: 'wireless headphones', max_price: 20_000, limit: 3 },
    });
    const { products } = productListSchema.parse(result.structuredContent);
    expect(products).toHaveLength(3);
    for (const { categories, price_range } of products) {
      expect(categories[0]?.value).toBe('Electronics > Headphones');
      expect(price_range.min.amount).toBeLessThanOrEqual(20_000);
    }
    expect(result.content).toEqual([
      { type: 'text', text: expect.stringContaining(products[0]?.id ?? 'none') },
    ]);
  });

  it.each([
    ['a wrong type', { query: 'tent', max_price: '200' }, 'max_price'],
    ['a fraction of a minor unit', { query: 'tent', max_price: 199.99 }, 'max_price'],
    ['an unknown argument', { query: 'tent', maxPrice: 200 }, 'maxPrice'],
    ['an unknown availability', { query: 'tent', availability: 'yes' }, 'in_stock'],
    ['bounds the wrong way round', { query: 'tent', min_price: 2, max_price: 1 }, 'min_price'],
    ['only empty words', { query: '', category: '' }, 'Give a query or at least one filter'],
    ['nothing to look for', { limit: 3 }, 'Give a query or at least one filter'],
  ])('%s comes back as an error that the model can correct', async (_, args, hint) => {
    const result = await client.callTool({ name: 'product_search', arguments: args });
    expect(result.isError).toBe(true);
    expect(result).not.toHaveProperty('structuredContent');
    expect(JSON.stringify(result.content)).toContain(hint);
  });

  it('may leave a condition empty', async () => {
    const args = { query: 'tent', category: '', limit: 2 };
    const result = await client.callTool({ name: 'product_search', arguments: args });
    expect(productListSchema.parse(result.structuredContent).products).toHaveLength(2);
  });

  it('is told that an unknown tool is a protocol error', async () => {
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toMatchObject({
      code: -32_602,
    });
  });
});

describe('the stateless protocol', () => {
  it('discovers the server and may cache what it learns', async () => {
    const response = await postModern(route, 'server/discover');
    expect(response.status).toBe(200);
    expect((await readAnswer(response)).result).toMatchObject({
      resultType: 'complete',
      supportedVersions: expect.arrayContaining([MODERN]),
      capabilities: { tools: { listChanged: false } },
      ttlMs: 3_600_000,
      cacheScope: 'public',
    });
  });

  it('lists and calls the tool in one request each', async () => {
    const { result: listed } = await readAnswer(await postModern(route, 'tools/list'));
    expect(listed).toMatchObject({
      tools: [{ name: 'product_search' }],
      ttlMs: 300_000,
      cacheScope: 'public',
    });
    const call = { name: 'product_search', arguments: { category: 'Coffee Machines', limit: 1 } };
    const { result: called } = await readAnswer(await postModern(route, 'tools/call', call));
    expect(called).toMatchObject({
      structuredContent: {
        products: [{ categories: [{ value: 'Kitchen > Coffee Machines' }] }],
      },
    });
  });

  it('refuses a header that names another tool than the body', async () => {
    const response = await postModern(route, 'tools/call', {
      name: 'product_search',
      arguments: { query: 'tent' },
      headers: { 'mcp-name': 'other_tool' },
    });
    expect(response.status).toBe(400);
    expect((await readAnswer(response)).error?.code).toBe(-32_020);
  });

  it('ends a subscription at once, since nothing ever changes', async () => {
    const notifications = { toolsListChanged: true };
    const response = await postModern(route, 'subscriptions/listen', { notifications });
    expect(await response.text()).toContain('notifications/subscriptions/acknowledged');
  }, 1_000);
});

describe('a bare request', () => {
  it('is answered without initialize and without _meta', async () => {
    const response = await post(route, message('tools/list'));
    expect(response.status).toBe(200);
    expect((await readAnswer(response)).result).toMatchObject({
      tools: [{ name: 'product_search' }],
    });
  });

  it('gets a list of tools that stays below 16 KB', async () => {
    const text = await (await post(route, message('tools/list'))).text();
    expect(Buffer.byteLength(text)).toBeLessThan(16 * 1024);
  });

  it('does not need, and does not get, a session', async () => {
    const response = await post(route, message('tools/list'), { 'mcp-session-id': 'made-up' });
    expect(response.status).toBe(200);
    expect(response.headers.get('mcp-session-id')).toBeNull();
  });
});

it('keeps 100 callers with the same id apart', async () => {
  const products = generateProducts().slice(0, 100);
  const answers = await Promise.all(
    products.map(async ({ id }) => {
      const call = { name: 'product_search', arguments: { query: id } };
      return JSON.stringify(await readAnswer(await post(route, message('tools/call', call))));
    }),
  );
  answers.forEach((answer, index) => {
    for (const { id } of products) {
      expect(answer.includes(`"id":"${id}"`)).toBe(id === products[index]?.id);
    }
  });
});

it('tells the operator, not the client, what went wrong inside a tool', async () => {
  const failure = new Error('connect ECONNREFUSED secret-host:8000');
  const broken = createMcpRoute({ ...deps, catalog: { search: () => Promise.reject(failure) } });
  const call = { name: 'product_search', arguments: { query: 'tent' } };
  const text = await (await post(broken, message('tools/call', call))).text();
  expect(text).toContain('"isError":true');
  expect(text).not.toContain('secret-host');
  expect(failures).toContain(failure);
});
