/** The operators' interface. The scope is checked once, for whatever path there is or is not. */
import { Hono } from 'hono';
import { type CoreApp, type CoreHttp, principalWith } from '../http/request-facts.ts';
import type { AdminDeps } from './admin-deps.ts';
import { listBudgets } from './budgets-route.ts';
import { deleteKey, listKeys, newKey, newSecret, patchKey, showKey } from './keys-routes.ts';
import { exportRequests, listRequests, showRequest } from './requests-routes.ts';
import { purgeCache, putTenant, showTenant } from './tenants-routes.ts';
import { showUsage } from './usage-route.ts';

export function adminRoutes(deps: AdminDeps): CoreApp {
  const admin: CoreApp = new Hono<CoreHttp>();
  admin.use(async (c, next) => {
    principalWith('admin', c);
    await next();
  });
  admin.get('/keys', listKeys(deps));
  admin.post('/keys', newKey(deps));
  admin.get('/keys/:id', showKey(deps));
  admin.patch('/keys/:id', patchKey(deps));
  admin.delete('/keys/:id', deleteKey(deps));
  admin.post('/keys/:id/rotate', newSecret(deps));
  admin.get('/tenants/:id', showTenant(deps));
  admin.put('/tenants/:id', putTenant(deps));
  admin.get('/budgets', listBudgets(deps));
  admin.get('/usage', showUsage(deps));
  admin.delete('/cache', purgeCache(deps));
  admin.get('/requests', listRequests(deps));
  admin.get('/requests/export', exportRequests(deps));
  admin.get('/requests/:requestId', showRequest(deps));
  return admin;
}
