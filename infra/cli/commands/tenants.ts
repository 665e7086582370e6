import type * as z from 'zod';
import { purgeSchema, tenantSchema } from '../answers.ts';
import type { Call, Command } from '../command.ts';
import { fields } from '../fields.ts';
import { inForce } from '../in-force.ts';
import { pathTo, withQuery } from '../paths.ts';
import {
  budgetsGiven,
  budgetsText,
  limitsGiven,
  limitsText,
  POLICY_OPTIONS,
} from '../policy-options.ts';
import type { View } from '../view.ts';

type Tenant = z.infer<typeof tenantSchema>;

export const tenantsSet: Command = {
  name: 'tenants set',
  takes: ['TENANT'],
  does: 'change what all keys of a tenant share; "none" takes a limit away',
  options: POLICY_OPTIONS,
  async run(call) {
    const limits = limitsGiven(call);
    const budgets = budgetsGiven(call);
    if (!limits && budgets === undefined) {
      throw new Error('Say what to change; "tenants set --help" lists what there is.');
    }
    const { body: before } = await call.client.send(
      { method: 'GET', path: pathOf(call) },
      tenantSchema,
    );
    const after = Object.entries({ ...before.limits, ...limits });
    const body = {
      limits: Object.fromEntries(after.filter(([, value]) => value !== null)),
      budgets: budgets === undefined ? before.budgets : (budgets ?? []),
    };
    const order = { method: 'PUT', path: pathOf(call), body } as const;
    const answer = await call.client.send(order, tenantSchema);
    const { body: tenant } = answer;
    return { json: tenant, text: (view) => `${tenantText(tenant, view)}\n\n  ${inForce(answer)}` };
  },
};

export const tenantsShow: Command = {
  name: 'tenants show',
  takes: ['TENANT'],
  does: 'show what all keys of a tenant share',
  options: {},
  async run(call) {
    const order = { method: 'GET', path: pathOf(call) } as const;
    const { body: tenant } = await call.client.send(order, tenantSchema);
    return { json: tenant, text: (view) => tenantText(tenant, view) };
  },
};

export const cachePurge: Command = {
  name: 'cache purge',
  takes: [],
  does: 'forget cached answers: all of them, or those of a tenant or a namespace',
  options: {
    tenant: { value: 'TENANT', does: 'only those of one tenant' },
    namespace: { value: 'NAME', does: 'only those of one namespace' },
  },
  async run(call) {
    const [tenant, namespace] = [call.option('tenant'), call.option('namespace')];
    const path = withQuery('/cache', { tenant, namespace });
    const answer = await call.client.send({ method: 'DELETE', path }, purgeSchema);
    const whose = tenant ? ` of ${tenant}` : '';
    const where = namespace ? ` in the namespace ${namespace}` : '';
    const text = `The cached answers${whose}${where} are forgotten. ${inForce(answer)}`;
    return { json: answer.body, text: () => text };
  },
};

const pathOf = ({ taken: [id = ''] }: Call): string => pathTo('tenants', id);

const tenantText = ({ id, limits, budgets }: Tenant, view: View): string =>
  `${view.paint('bold', id)}\n\n${fields(
    [
      ['Limits', limitsText(limits) || 'none but those of each key'],
      ['Budgets', budgetsText(budgets) || 'none but those of each key'],
    ],
    view,
  )}`;
