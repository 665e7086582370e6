/** The core's routes in order. Everything below the hop check has a verified caller. */
import { Hono } from 'hono';
import type { AdminDeps } from './admin/admin-deps.ts';
import { adminRoutes } from './admin/routes.ts';
import { cancelRoute } from './cancel/route.ts';
import { type ChatRouteDeps, chatRoute } from './chat/route.ts';
import { Fault, faultEnvelope, faultHeaders, toFault } from './contract/fault.ts';
import { HEADER } from './contract/header-names.ts';
import { embeddingsRoute } from './embeddings/route.ts';
import { type HealthDeps, healthzRoute, readyzRoute } from './health/route.ts';
import { allowedMethods } from './http/allowed-methods.ts';
import {
  type CoreApp,
  type CoreContext,
  type CoreHttp,
  principalWith,
} from './http/request-facts.ts';
import { throughputHeaders } from './http/throughput-headers.ts';
import { keyLookupRoute } from './identity/route.ts';
import type { RequestLog } from './ledger/request-log.ts';
import type { McpRoute } from './mcp/http-binding.ts';
import type { ModelListDeps } from './model-catalog/model-list.ts';
import { modelRoute, modelsRoute } from './model-catalog/route.ts';
import { recordsRoute } from './records/route.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface CoreDeps extends ChatRouteDeps, AdminDeps, ModelListDeps, HealthDeps {
  /** Rejects what it cannot store: the queue then delivers it again. */
  readonly edgeRecords: Pick<RequestLog, 'record'>;
  readonly mcp: McpRoute;
  readonly newRequestId: () => string;
  /** Tells the operator of what a client must not see. */
  readonly reportError: (error: { readonly requestId: string; readonly cause: unknown }) => void;
}

export function createCoreApp(deps: CoreDeps): CoreApp {
  const app: CoreApp = new Hono<CoreHttp>();

  app.use(async (c, next) => {
    const given = c.req.header(HEADER.requestId) ?? '';
    c.set('requestId', UUID.test(given) ? given : deps.newRequestId());
    c.set('receivedAt', deps.now());
    await next();
    // `c.header` would make the whole answer anew, for each of them.
    const { headers } = c.res;
    headers.set(HEADER.requestId, c.get('requestId'));
    for (const header of throughputHeaders(c.get('admission'), deps.now())) headers.set(...header);
    if (!isStream(c.res)) {
      headers.set(HEADER.serverTiming, `core;dur=${deps.now() - c.get('receivedAt')}`);
    }
  });

  app.get('/healthz', healthzRoute);
  app.get('/readyz', readyzRoute(deps));

  app.use(async (c, next) => {
    c.set('caller', await deps.verifyHop(c.req.header(HEADER.hop) ?? ''));
    await next();
  });

  app.post('/v1/chat/completions', chatRoute(deps));
  app.post('/v1/embeddings', embeddingsRoute(deps));
  app.get('/v1/models', modelsRoute(deps));
  app.get('/v1/models/*', modelRoute(deps));
  app.all('/mcp', (c) => deps.mcp(c.req.raw, principalWith('mcp', c)));
  app.route('/admin', adminRoutes(deps));
  app.get('/internal/keys/:digest', keyLookupRoute(deps.keys));
  app.post('/internal/cancel/:requestId', cancelRoute(deps.cancelWatch));
  app.post('/internal/records', recordsRoute(deps));

  app.notFound((c) => {
    const allow = allowedMethods(app, c.req.path).join(', ');
    const fault = allow
      ? new Fault('method_not_allowed', { details: { allow } })
      : new Fault('route_not_found');
    return respond(fault, c, deps.now());
  });
  app.onError((error, c) => {
    const fault = toFault(error);
    if (fault.status >= 500) deps.reportError({ requestId: c.get('requestId'), cause: error });
    return respond(fault, c, deps.now());
  });
  return app;
}

/** Its headers leave before there is a time to tell. */
const isStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false;

const respond = (fault: Fault, c: CoreContext, now: number): Response =>
  c.json(faultEnvelope(fault, c.get('requestId'), now), fault.status, faultHeaders(fault));
