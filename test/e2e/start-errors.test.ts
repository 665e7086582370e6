import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { endAll, freePort, runStart, temporaryFolder, untilAlone } from '../support/local-stack.ts';

afterAll(endAll);

const local = { name: 'mine', kind: 'local', baseUrl: 'http://127.0.0.1:9/v1', models: ['m'] };
const withSecret = { ...local, apiKey: 'secret:MY_PROVIDER_KEY' };

const cases: readonly {
  readonly what: string;
  readonly config?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly says: readonly (string | RegExp)[];
}[] = [
  {
    what: 'every unknown or mistyped key by its path',
    config: {
      providers: [{ ...local, colour: 'red', timeoutMs: '30s' }],
      cache: { ttl: 5 },
      limits: { default: { requestsPerMinute: 0 }, maxBodyBytes: '4MB' },
    },
    says: [
      'gateway.config.json is not valid',
      'providers.0.colour: this key is not known.',
      /providers\.0\.timeoutMs: .*number/,
      'cache.ttl: this key is not known.',
      'limits.default.requestsPerMinute: ',
      /limits\.maxBodyBytes: .*number/,
    ],
  },
  {
    what: 'a secret that is not set',
    config: { providers: [withSecret] },
    says: ['The secret MY_PROVIDER_KEY, which the configuration refers to, is not set.'],
  },
  {
    what: 'a configuration file that is named but not there',
    env: { GATEWAY_CONFIG: 'elsewhere.json' },
    says: ['elsewhere.json cannot be read: there is no such file.'],
  },
  { what: 'a port that is none', env: { PORT: 'abc' }, says: ['PORT', '"abc"'] },
  { what: 'an unknown option', args: ['--frsh'], says: ["'--frsh'"] },
];

/** Ends with exit code 1 and leaves nothing running; returns what it said. */
async function failedStart(options: Parameters<typeof runStart>[0]): Promise<string> {
  const running = runStart(options);
  expect(await running.ended).toBe(1);
  await untilAlone(running);
  expect(running.output()).not.toMatch(/\n\s+at |Error:|Warning/);
  return running.output();
}

describe('npm start refuses in a sentence, and names', () => {
  it.concurrent.each(cases)('$what', async ({ config, env, args = [], says }) => {
    const folder = await temporaryFolder(config);
    const port = { PORT: String(await freePort()) };
    const output = await failedStart({ folder, args, env: { ...port, ...env } });
    for (const sentence of says) {
      if (typeof sentence === 'string') expect(output).toContain(sentence);
      else expect(output).toMatch(sentence);
    }
  });

  it.concurrent('a port that is taken', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const folder = await temporaryFolder();
    const output = await failedStart({ folder, env: { PORT: String(port) } });
    expect(output).toContain(`✗ Port ${port} is taken.`);
    server.close();
  });
});
