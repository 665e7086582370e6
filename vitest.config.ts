import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/** `unit` has no network; the others run real parts on loopback. */
const node = (name: string) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 30_000, hookTimeout: 60_000 },
});

export default defineConfig({
  test: {
    projects: [
      node('unit'),
      node('conformance'),
      node('core'),
      node('infra'),
      node('e2e'),
      node('faults'),
      node('simulation'),
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: { name: 'edge', include: ['test/edge/**/*.test.ts'] },
      },
    ],
  },
});
