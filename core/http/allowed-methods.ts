import type { CoreApp } from './request-facts.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods that the app has a route of its own for at this path; empty where there is nothing. */
export const allowedMethods = (app: CoreApp, path: string): readonly string[] =>
  METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
