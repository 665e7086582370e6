/** Every command, in the order of the help. A new one is a line here. */
import type { Command } from './command.ts';
import {
  keysCreate,
  keysLimit,
  keysList,
  keysRevoke,
  keysRotate,
  keysShow,
} from './commands/keys.ts';
import { budgets, usage } from './commands/money.ts';
import { exportRequests, request, requests } from './commands/requests.ts';
import { cachePurge, tenantsSet, tenantsShow } from './commands/tenants.ts';

export const COMMANDS: readonly Command[] = [
  keysCreate,
  keysList,
  keysShow,
  keysLimit,
  keysRotate,
  keysRevoke,
  tenantsSet,
  tenantsShow,
  budgets,
  usage,
  requests,
  request,
  exportRequests,
  cachePurge,
];
