import { McpServer } from '@modelcontextprotocol/server';
import type { Catalog } from '../catalog/catalog.ts';
import { registerTool } from './tool.ts';
import { createProductSearch } from './tools/product-search.ts';

export interface McpServerDeps {
  readonly catalog: Catalog;
  /** Told what is behind an error of which the client sees only a fixed sentence. */
  readonly report: (failure: unknown) => void;
}

const IDENTITY = { name: 'ai-model-gateway', version: '1.0.0' } as const;
const INSTRUCTIONS =
  'The catalogue of a shop. Look products up before answering about them; quote ids, prices and availability as the tools return them.';

const HOUR_MS = 3_600_000;

/** A server for one request: nothing of one caller can reach another. The tools are the same for everybody. */
export function createMcpServer({ catalog, report }: McpServerDeps): McpServer {
  const server = new McpServer(IDENTITY, {
    // Declared, since the SDK would announce changes of the list that never come.
    capabilities: { tools: { listChanged: false } },
    instructions: INSTRUCTIONS,
    cacheHints: {
      'server/discover': { ttlMs: HOUR_MS, cacheScope: 'public' },
      'tools/list': { ttlMs: HOUR_MS / 12, cacheScope: 'public' },
    },
  });
  registerTool(server, createProductSearch(catalog), report);
  return server;
}
