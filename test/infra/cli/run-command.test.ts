import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fetch } from '../../../infra/cli/admin-client.ts';
import { COMMANDS } from '../../../infra/cli/commands.ts';
import { runCommand } from '../../../infra/cli/run-command.ts';
import { startCli as start } from '../../support/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('whatever goes wrong', () => {
  it.each([
    ['frob', 'There is no command "frob"; "npm run gateway" lists those that there are.'],
    ['tenants', '"tenants" is one of "tenants set", "tenants show"; say which.'],
    ['keys show', '"keys show" takes ID, not nothing.'],
    ['budgets now', '"budgets" takes nothing, not "now".'],
    ['requests --foo', 'Unknown option \'--foo\'; "requests --help" lists the options.'],
    ['keys limit abcdefgh', 'Say what to change; "keys limit --help" lists what there is.'],
    ['keys create x --burst many', '--burst takes a whole number or "none", not "many".'],
    ['keys create x --budget 5', '--budget takes such as day=12.50,month=100 or "none", not "5".'],
    ['keys show nobody00', 'There is no key "nobody00".'],
    ['request nothing', 'There is no such request in the log, or not any more.'],
    ['keys create x --tenant A', '"tenant" must match /^[a-z0-9][a-z0-9-]{0,63}$/.'],
    ['export --csv a --jsonl b', 'Say where to: --csv FILE or --jsonl FILE.'],
  ])('%s: is said in one sentence', async (line, message) => {
    await using gateway = await start();
    await expect(gateway.run(line)).rejects.toThrow(message);
  });

  it.each<[string, Fetch]>([
    ['Nothing answers at http://gateway.example', () => Promise.reject(new TypeError('fetch'))],
    ['answered 502 and is not the gateway', async () => new Response('<html>', { status: 502 })],
    ['does not answer as this gateway does', async () => Response.json({})],
    ['is no key of an operator', async () => fault(403, 'forbidden')],
    ['GATEWAY_ADMIN_KEY', async () => fault(401, 'invalid_api_key')],
    ['Its request id is r1.', async () => fault(500, 'internal_error')],
  ])('%s', async (message, fetch) => {
    await using gateway = await start();
    await expect(gateway.typed(['budgets'], fetch)).rejects.toThrow(message);
  });

  const fault = (status: number, code: string) =>
    Response.json({ error: { code, message: 'No.' }, requestId: 'r1' }, { status });

  it('asks only the gateway that it was given', async () => {
    await using gateway = await start();
    await gateway.run('budgets');
    await gateway.run('budgets --url https://other.example/v1');
    expect(gateway.asked).toEqual(['http://gateway.example', 'https://other.example']);
  });
});

describe('without a name of a gateway', () => {
  const runIn = (path: string, more: object = {}) =>
    runCommand(['budgets'], {
      environment: {},
      credentialsPath: path,
      fetch: async (url, init) => {
        const key = new Headers(init.headers).get('authorization');
        throw new Error(`${url} ${key}`);
      },
      view: { width: 80, paint: (_, text) => text },
      write: () => undefined,
      ...more,
    }).catch((error) => String(error.cause ?? error.message));

  it('takes the one of this folder', async () => {
    const path = join(folder, 'local.json');
    const credentials = { baseUrl: 'http://127.0.0.1:8787/v1', adminKey: 'gw_local' };
    await writeFile(path, JSON.stringify(credentials));
    expect(await runIn(path)).toContain('http://127.0.0.1:8787/admin/budgets Bearer gw_local');
  });

  it("never sends this folder's key to another gateway", async () => {
    const path = join(folder, 'local.json');
    const environment = { GATEWAY_URL: 'https://other.example' };
    expect(await runIn(path, { environment })).toContain('Give the key of an operator');
  });

  it('says how to get one', async () => {
    expect(await runIn(join(folder, 'none.json'))).toContain('start one with "npm start"');
  });
});

describe('help', () => {
  it('lists every command, and each of them says what it takes', async () => {
    await using gateway = await start();
    const help = await gateway.typed([]);
    for (const { name, takes, options } of COMMANDS) {
      expect(help).toContain([name, ...takes].join(' '));
      const own = await gateway.run(`${name} --help`);
      for (const option of [...Object.keys(options), 'json', 'url', 'key']) {
        expect(own).toContain(`--${option}`);
      }
    }
  });
});
