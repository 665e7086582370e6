import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPrincipal, closedAt, costing, idAt } from '../../support/a-row.ts';
import { startCli as start } from '../../support/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lines = (...expected: string[]) => expected.join('\n');

describe('keys', () => {
  it('are made, and shown this once', async () => {
    await using gateway = await start();
    const printed = await gateway.run(
      'keys create Shop --tenant shop --user ann --requests-per-minute 60 --budget day=12.50,total=7 --models up --expires 2999-01-01T00:00:00Z --no-cache --log-content',
    );
    const [, id = ''] = /Id +(\w+)/.exec(printed) ?? [];
    const [, key = ''] = /(gw_test_\w+)/.exec(printed) ?? [];
    expect(printed.replace(id, 'ID').replace(key, 'KEY')).toBe(
      lines(
        'Shop',
        '',
        '  Id       ID',
        '  Tenant   shop',
        '  User     ann',
        '  State    active',
        '  Scopes   inference, mcp',
        '  Models   up',
        '  Limits   60 requests/min',
        '  Budgets  $12.50 a day, $7.00 in all',
        '  Cache    off',
        '  Content  kept with the log rows',
        '  Made     2026-03-02 12:00:00',
        '  Expires  2999-01-01 00:00:00',
        '',
        '  KEY',
        '',
        '  This is the one time that it is shown: only a digest of it is kept.',
      ),
    );
    expect(await gateway.run(`keys show ${id}`)).not.toContain('gw_test_');
  });

  it('are listed, and end', async () => {
    await using gateway = await start();
    const { id } = await gateway.json('keys create Shop --tenant shop');
    expect(await gateway.run(`keys revoke ${id}`)).toBe(
      `Shop (${id}) is revoked. It is in force everywhere within 30 seconds.`,
    );
    expect(await gateway.run('keys list')).toBe(
      lines(
        'Id            Name  Tenant  State    Scopes          Made (UTC)',
        `${id}  Shop  shop    revoked  inference, mcp  2026-03-02 12:00:00`,
      ),
    );
    expect(await gateway.run('keys list --tenant other')).toBe(
      'There are no keys here; "keys create NAME" makes one.',
    );
  });

  it('lists them all, however many pages they are', async () => {
    await using gateway = await start();
    for (let n = 0; n < 501; n += 1) await gateway.run(`keys create k${n}`);
    expect((await gateway.json('keys list')).data).toHaveLength(501);
  });

  it('change limit by limit, and "none" takes one away', async () => {
    await using gateway = await start();
    const { id } = await gateway.json('keys create Shop --burst 5 --max-concurrency 2 --models up');
    const printed = await gateway.run(
      `keys limit ${id} --burst none --tokens-per-minute 9000 --budget month=1 --models none`,
    );
    expect(printed).toContain('Limits   9,000 tokens/min, 2 under way');
    expect(printed).toContain('Budgets  $1.00 a month');
    expect(printed).toContain('Models   all');
    expect(printed).toContain('within 30 seconds');
  });

  it('rotate, with an overlap where one is wanted', async () => {
    await using gateway = await start();
    const { id, key } = await gateway.json('keys create Shop');
    expect(await gateway.run(`keys rotate ${id}`)).toContain('The old one has ended.');
    const printed = await gateway.run(`keys rotate ${id} --overlap 3600`);
    expect(printed).toContain('The old one is good until 2026-03-02 13:00:00 UTC.');
    expect(printed).toMatch(/gw_test_/);
    expect(printed).not.toContain(key);
  });

  it('says when the edge could not be told', async () => {
    await using gateway = await start();
    const { id } = await gateway.json('keys create Shop');
    gateway.mirror.publish = () => Promise.reject(new Error('away'));
    expect(await gateway.run(`keys revoke ${id}`)).toContain('do this again to tell it again');
  });
});

describe('tenants', () => {
  it('keep what a change does not name', async () => {
    await using gateway = await start();
    await gateway.run('tenants set shop --tokens-per-minute 5000 --budget day=5');
    await gateway.run('tenants set shop --max-concurrency 3');
    await gateway.run('tenants set shop --tokens-per-minute none');
    expect(await gateway.run('tenants show shop')).toBe(
      lines('shop', '', '  Limits   3 under way', '  Budgets  $5.00 a day'),
    );
  });

  it('have their cached answers forgotten', async () => {
    await using gateway = await start();
    expect(await gateway.run('cache purge --tenant shop --namespace drafts')).toBe(
      'The cached answers of shop in the namespace drafts are forgotten. It is in force everywhere within 30 seconds.',
    );
  });
});

describe('money', () => {
  it('shows what is spent of every budget', async () => {
    await using gateway = await start(80);
    const { id } = await gateway.json('keys create Shop --tenant shop --budget day=0.001');
    await gateway.run('tenants set shop --budget total=10');
    const principal = aPrincipal({ keyId: id });
    await gateway.log.record(closedAt(5, costing(900), { principal }));
    expect(await gateway.run('budgets')).toBe(
      lines(
        'Of                Period   Limit    Spent  Used  Renews (UTC)         Tenant',
        'tenant shop       total   $10.00  $0.0009   0 %  never                shop',
        `key ${id}  day     $0.001  $0.0009  90 %  2026-03-03 00:00:00  shop`,
      ),
    );
  });

  it('adds up what was used', async () => {
    await using gateway = await start();
    await gateway.log.record(closedAt(0, costing(1_500)));
    await gateway.log.record(closedAt(1, { ...costing(200), outcome: 'failed' }));
    expect(await gateway.run('usage --by model --from 2026-03-01 --to 2026-03-01')).toBe(
      lines(
        'Model  Requests  Errors  Input tokens  Output tokens  Cache hits  Saved     Cost',
        'smart         2       1            20             10           0  $0.00  $0.0017',
        '',
        '2026-03-01 to 2026-03-01',
      ),
    );
    expect(await gateway.run('usage --from 2026-02-01 --to 2026-02-02')).toBe(
      'Nothing was used from 2026-02-01 to 2026-02-02.',
    );
  });
});

describe('requests', () => {
  it('are listed newest first, with the way to the older ones', async () => {
    await using gateway = await start(80);
    for (let n = 0; n < 3; n += 1) await gateway.log.record(closedAt(n, costing(1_500)));
    const printed = await gateway.run('requests --limit 2');
    const [, cursor = ''] = /--cursor (\S+)/.exec(printed) ?? [];
    expect(printed.replace(cursor, 'CURSOR')).toBe(
      lines(
        'Time (UTC)      Request                               Outcome     Cost   Took',
        `03-02 00:00:00  ${idAt(2)}  success  $0.0015  50 ms`,
        `03-01 23:59:59  ${idAt(1)}  success  $0.0015  50 ms`,
        '',
        'Older ones: --cursor CURSOR',
      ),
    );
    expect(await gateway.run(`requests --limit 2 --cursor ${cursor}`)).toContain(idAt(0));
    expect(await gateway.run('requests --failed')).toBe('No request was found.');
  });

  it('are explained one by one', async () => {
    await using gateway = await start();
    await gateway.log.record(closedAt(0, costing(1_500)));
    const printed = await gateway.run(`request ${idAt(0)}`);
    expect(printed).toContain('up answered at the first attempt.');
    expect(await gateway.json(`request ${idAt(0)}`)).toMatchObject({ requestId: idAt(0) });
  });

  it('are written to a file, or to the standard output', async () => {
    await using gateway = await start();
    for (let n = 0; n < 3; n += 1) await gateway.log.record(closedAt(n));
    const file = join(folder, 'all.csv');
    expect(await gateway.typed(['export', '--csv', file])).toBe(`The requests are in ${file}.`);
    const text = await readFile(file, 'utf8');
    expect(text.split('\r\n')).toHaveLength(1 + 3 + 1);
    expect((await gateway.run('export --jsonl - --to 2026-03-01')).split('\n')).toHaveLength(2);
  });

  it('leaves no part of a file behind when the export breaks off', async () => {
    await using gateway = await start();
    for (let n = 0; n < 501; n += 1) await gateway.log.record(closedAt(n));
    const { list } = gateway.log;
    gateway.log.list = (query) => (query.before ? Promise.reject(new Error('away')) : list(query));
    const file = join(folder, 'part.csv');
    await expect(gateway.typed(['export', '--csv', file])).rejects.toThrow('broke off');
    expect((await readdir(folder)).filter((name) => name.startsWith('part'))).toEqual([]);
  });
});
