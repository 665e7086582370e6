/** The edge in one page: the stages of every route, in the order they run. */
import { Hono, type MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Fault, faultEnvelope, faultHeaders, toFault } from '../core/contract/fault.ts';
import { type AuthenticateDeps, authenticate } from './middleware/authenticate.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { headerLimit } from './middleware/header-limit.ts';
import { type RateLimitDeps, rateLimit } from './middleware/rate-limit.ts';
import { type RecordDeps, record } from './middleware/record.ts';
import {
  type EdgeContext,
  type EdgeEnv,
  type RequestContextDeps,
  requestContext,
} from './middleware/request-context.ts';
import { type ResponseCacheDeps, responseCache, startLookUp } from './middleware/response-cache.ts';
import { validateChat, validateEmbeddings, validateOptionalJson } from './middleware/validate.ts';
import { admin } from './routes/admin.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { embeddings } from './routes/embeddings.ts';
import type { ForwardDeps } from './routes/forward.ts';
import { healthz, isCredentialed, readyz } from './routes/health.ts';
import { mcp } from './routes/mcp.ts';
import { listModels, retrieveModel } from './routes/models.ts';

export type EdgeDeps = RequestContextDeps &
  AuthenticateDeps &
  RateLimitDeps &
  ResponseCacheDeps &
  RecordDeps &
  ForwardDeps & { readonly maxBodyBytes: number };

export type EdgeApp = Hono<EdgeEnv>;

export function createEdgeApp(deps: EdgeDeps): EdgeApp {
  const app: EdgeApp = new Hono<EdgeEnv>({ getPath: spelledPath });
  const limited = rateLimit(deps);
  const bounded = bodyLimit(deps.maxBodyBytes);

  app.use(requestContext(deps));
  app.use(headerLimit);
  app.get('/healthz', healthz);
  app.use('/readyz', when(isCredentialed, authenticate(deps, 'admin')));
  app.get('/readyz', readyz(deps));

  app.use('/v1/*', authenticate(deps, 'inference'));
  app.use('/mcp', authenticate(deps, 'mcp'));
  app.use('/admin/*', authenticate(deps, 'admin'));

  app.post(
    '/v1/chat/completions',
    bounded,
    validateChat,
    record(deps),
    startLookUp(deps),
    limited,
    responseCache(deps),
    chatCompletions(deps),
  );
  app.post('/v1/embeddings', bounded, validateEmbeddings, limited, embeddings(deps));
  app.get('/v1/models', limited, listModels(deps));
  app.get('/v1/models/:id{.+}', limited, retrieveModel(deps));
  app.post('/mcp', bounded, limited, mcp(deps));
  app.on(['GET', 'DELETE'], '/admin/*', limited, admin(deps));
  app.on(['POST', 'PUT', 'PATCH'], '/admin/*', bounded, validateOptionalJson, limited, admin(deps));

  app.all('*', (c) => answerUnrouted(c, allowedMethods(app, c.req.path)));
  app.onError((error, c) => answerFault(c, toFault(error), deps.now()));
  return app;
}

/** Runs the stage only for requests that it is for. */
const when = (applies: (c: EdgeContext) => boolean, stage: MiddlewareHandler<EdgeEnv>) =>
  createMiddleware<EdgeEnv>((c, next) => (applies(c) ? stage(c, next) : next()));

/** As the client spelled it: a path that needs decoding to match a route is another path. */
const spelledPath = (request: Request): string => new URL(request.url).pathname;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function allowedMethods(app: EdgeApp, path: string): readonly string[] {
  const routed = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return routed.includes('GET') ? ['HEAD', ...routed] : routed;
}

function answerUnrouted(c: EdgeContext, allowed: readonly string[]): Response {
  if (allowed.length === 0) throw new Fault('route_not_found');
  const allow = allowed.join(', ');
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  throw new Fault('method_not_allowed', { details: { allow } });
}

const answerFault = (c: EdgeContext, fault: Fault, now: number): Response =>
  Response.json(faultEnvelope(fault, c.var.ids.requestId, now), {
    status: fault.status,
    headers: faultHeaders(fault),
  });
