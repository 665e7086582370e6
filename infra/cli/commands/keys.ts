import type { Answer } from '../admin-client.ts';
import { type Key, keySchema, keyWithSecretSchema, pageOf } from '../answers.ts';
import type { Call, Command } from '../command.ts';
import { fields } from '../fields.ts';
import { inForce } from '../in-force.ts';
import { pathTo, withQuery } from '../paths.ts';
import {
  budgetsGiven,
  budgetsText,
  limitsGiven,
  limitsText,
  listGiven,
  named,
  POLICY_OPTIONS,
} from '../policy-options.ts';
import { type Column, table } from '../table.ts';
import { plain, time, type View } from '../view.ts';

const KEY_OPTIONS = {
  ...POLICY_OPTIONS,
  scopes: { value: 'LIST', does: 'of inference, mcp, admin; inference,mcp unless given' },
  models: { value: 'LIST', does: 'the only models and aliases that it may use' },
  expires: { value: 'TIME', does: 'such as 2027-01-01T00:00:00Z' },
};

export const keysCreate: Command = {
  name: 'keys create',
  takes: ['NAME'],
  does: 'make a key, and show it this once',
  options: {
    tenant: { value: 'TENANT', does: "whose it is; the operator's own tenant unless given" },
    user: { value: 'USER', does: 'who its requests are logged for; NAME unless given' },
    ...KEY_OPTIONS,
    'no-cache': { does: 'keep no answers for it in the cache' },
    'log-content': { does: 'keep prompts and answers with its log rows' },
  },
  async run(call) {
    const [name] = call.taken;
    const body = named({
      name,
      tenant: call.option('tenant'),
      userId: call.option('user'),
      ...policyGiven(call),
      ...(call.flag('no-cache') && { cache: false }),
      ...(call.flag('log-content') && { logContent: true }),
    });
    const order = { method: 'POST', path: '/keys', body } as const;
    const { body: key } = await call.client.send(order, keyWithSecretSchema);
    return { json: key, text: (view) => secretText(key, view) };
  },
};

export const keysList: Command = {
  name: 'keys list',
  takes: [],
  does: 'list all keys, tenant by tenant',
  options: { tenant: { value: 'TENANT', does: 'only those of one tenant' } },
  async run(call) {
    const keys: Key[] = [];
    let cursor: string | undefined;
    do {
      const path = withQuery('/keys', { tenant: call.option('tenant'), limit: '500', cursor });
      const { body } = await call.client.send({ method: 'GET', path }, pageOf(keySchema));
      keys.push(...body.data);
      cursor = body.cursor ?? undefined;
    } while (cursor);
    const none = 'There are no keys here; "keys create NAME" makes one.';
    return {
      json: { data: keys },
      text: (view) => (keys.length > 0 ? table(keys, COLUMNS, view) : none),
    };
  },
};

export const keysShow: Command = {
  name: 'keys show',
  takes: ['ID'],
  does: 'show one key',
  options: {},
  async run(call) {
    const { body: key } = await call.client.send({ method: 'GET', path: pathOf(call) }, keySchema);
    return { json: key, text: (view) => keyText(key, view) };
  },
};

export const keysLimit: Command = {
  name: 'keys limit',
  takes: ['ID'],
  does: 'change what a key may do; "none" takes a limit away',
  options: KEY_OPTIONS,
  async run(call) {
    const body = named(policyGiven(call));
    if (Object.keys(body).length === 0) {
      throw new Error('Say what to change; "keys limit --help" lists what there is.');
    }
    const order = { method: 'PATCH', path: pathOf(call), body } as const;
    const answer = await call.client.send(order, keySchema);
    const { body: key } = answer;
    return { json: key, text: (view) => `${keyText(key, view)}\n\n  ${inForce(answer)}` };
  },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  takes: ['ID'],
  does: 'give a key a new secret, and show it this once',
  options: {
    overlap: {
      value: 'SECONDS',
      does: 'how long the old one stays good; it ends at once unless given',
    },
  },
  async run(call) {
    const overlapSeconds = Number(call.option('overlap') ?? 0);
    const path = `${pathOf(call)}/rotate`;
    const order = { method: 'POST', path, body: { overlapSeconds } } as const;
    const answer = await call.client.send(order, keyWithSecretSchema);
    const { body: key } = answer;
    return { json: key, text: (view) => `${secretText(key, view)}\n\n  ${oldSecretText(answer)}` };
  },
};

const oldSecretText = (answer: Answer<Key>): string =>
  answer.body.overlapUntil
    ? `The old one is good until ${time(answer.body.overlapUntil)} UTC.`
    : `The old one has ended. ${inForce(answer)}`;

export const keysRevoke: Command = {
  name: 'keys revoke',
  takes: ['ID'],
  does: 'end a key for good',
  options: {},
  async run(call) {
    const answer = await call.client.send({ method: 'DELETE', path: pathOf(call) }, keySchema);
    const { name, id } = answer.body;
    const text = `${plain(name)} (${id}) is revoked. ${inForce(answer)}`;
    return { json: answer.body, text: () => text };
  },
};

const pathOf = ({ taken: [id = ''] }: Call): string => pathTo('keys', id);

const policyGiven = (call: Call) => ({
  scopes: listGiven(call, 'scopes'),
  models: listGiven(call, 'models'),
  limits: limitsGiven(call),
  budgets: budgetsGiven(call),
  expiresAt: call.option('expires') === 'none' ? null : call.option('expires'),
});

function stateOf({ revokedAt, expiresAt }: Key): 'active' | 'revoked' | 'expired' {
  if (revokedAt) return 'revoked';
  return expiresAt && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'active';
}

const COLUMNS: readonly Column<Key>[] = [
  { title: 'Id', cell: ({ id }) => id, whole: true },
  { title: 'Name', cell: ({ name }) => name, style: () => 'bold' },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  {
    title: 'State',
    cell: stateOf,
    style: (key) => (stateOf(key) === 'active' ? 'green' : 'red'),
  },
  { title: 'Scopes', cell: ({ scopes }) => scopes.join(', '), rank: 1 },
  { title: 'Budgets', cell: ({ budgets = [] }) => budgetsText(budgets), rank: 2 },
  { title: 'Models', cell: ({ models = [] }) => models.join(', '), rank: 4 },
  { title: 'Made (UTC)', cell: ({ createdAt }) => time(createdAt), rank: 3 },
];

const keyText = (key: Key, view: View): string =>
  `${view.paint('bold', plain(key.name))}\n\n${fields(
    [
      ['Id', key.id],
      ['Tenant', key.tenant],
      ['User', key.userId],
      ['State', stateOf(key)],
      ['Scopes', key.scopes.join(', ')],
      ['Models', key.models?.join(', ') ?? 'all'],
      ['Limits', key.limits ? limitsText(key.limits) || 'none' : "the configuration's"],
      ['Budgets', budgetsText(key.budgets ?? []) || 'none'],
      ['Cache', key.cache ? 'on' : 'off'],
      ['Content', key.logContent ? 'kept with the log rows' : ''],
      ['Made', time(key.createdAt)],
      ['Expires', time(key.expiresAt)],
      ['Revoked', time(key.revokedAt)],
    ],
    view,
  )}`;

const secretText = (key: Key & { readonly key: string }, view: View): string =>
  `${keyText(key, view)}\n\n  ${view.paint(['bold', 'yellow'], key.key)}\n\n  ` +
  'This is the one time that it is shown: only a digest of it is kept.';
