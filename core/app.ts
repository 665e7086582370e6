/** The core's routes in order. Everything below the hop check has a verified caller. */
import { Hono } from 'hono';
import { createKeyRoute, type KeysRouteDeps } from './admin/keys-route.ts';
import { requestsRoute } from './admin/requests-route.ts';
import { type ChatRouteDeps, chatRoute } from './chat/route.ts';
import { Fault, faultEnvelope, toFault } from './contract/fault.ts';
import { HEADER } from './contract/header-names.ts';
import type { HopCaller } from './contract/hop.ts';
import {
  type CoreApp,
  type CoreContext,
  type CoreHttp,
  principalWith,
} from './http/request-facts.ts';
import type { KeyLookup } from './identity/key-lookup.ts';
import { keyRoute } from './identity/route.ts';
import type { RequestLog } from './ledger/request-log.ts';
import type { McpRoute } from './mcp/http-binding.ts';
import { modelRoute, modelsRoute } from './models/route.ts';
import { recordsRoute } from './records/route.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface CoreDeps extends ChatRouteDeps, KeysRouteDeps {
  readonly verifyHop: (token: string) => Promise<HopCaller>;
  readonly keys: KeyLookup;
  /** Rejects what it cannot store: the queue then delivers it again. */
  readonly edgeRecords: Pick<RequestLog, 'record'>;
  readonly mcp: McpRoute;
  /** Whether the stores answer. */
  readonly isReady: () => Promise<boolean>;
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
    c.header(HEADER.requestId, c.get('requestId'));
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) =>
    (await deps.isReady()) ? c.json({ status: 'ready' }) : c.json({ status: 'unavailable' }, 503),
  );

  app.use(async (c, next) => {
    c.set('caller', await deps.verifyHop(c.req.header(HEADER.hop) ?? ''));
    await next();
  });

  app.post('/v1/chat/completions', chatRoute(deps));
  app.get('/v1/models', modelsRoute(deps));
  app.get('/v1/models/*', modelRoute(deps));
  app.all('/mcp', (c) => deps.mcp(c.req.raw, principalWith('mcp', c)));
  app.post('/admin/keys', createKeyRoute(deps));
  app.get('/admin/requests', requestsRoute(deps.log));
  app.get('/internal/keys/:digest', keyRoute(deps.keys));
  app.post('/internal/records', recordsRoute(deps.edgeRecords));

  app.notFound((c) => respond(new Fault('route_not_found'), c, deps.now()));
  app.onError((error, c) => {
    const fault = toFault(error);
    if (fault.status >= 500) deps.reportError({ requestId: c.get('requestId'), cause: error });
    return respond(fault, c, deps.now());
  });
  return app;
}

function respond(fault: Fault, c: CoreContext, now: number): Response {
  const { retryAfterSeconds, details } = fault.options;
  return c.json(faultEnvelope(fault, c.get('requestId'), now), fault.status, {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(details?.allow !== undefined && { allow: String(details.allow) }),
  });
}
