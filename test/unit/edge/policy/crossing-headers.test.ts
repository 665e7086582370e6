import { expect, it } from 'vitest';
import { toClientHeaders, toCoreHeaders } from '../../../../edge/policy/crossing-headers.ts';

const IDS = { requestId: 'minted', clientRequestId: undefined };

it('only named request headers reach the core', () => {
  const client = new Headers({
    accept: 'text/event-stream',
    'idempotency-key': 'k',
    'x-gateway-timeout-ms': '5',
    'mcp-protocol-version': '2025-06-18',
    authorization: 'Bearer secret',
    cookie: 'a=b',
    'cf-connecting-ip': '1.2.3.4',
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
    host: 'evil.example',
    'x-gateway-hop': 'forged',
    'x-gateway-cache': 'HIT',
    'x-gateway-cache-ttl': '5',
    'x-request-id': 'client',
    'x-client-request-id': 'forged',
    'x-amz-target': 'x',
  });
  expect(Object.fromEntries(toCoreHeaders(client, IDS))).toEqual({
    accept: 'text/event-stream',
    'idempotency-key': 'k',
    'x-gateway-timeout-ms': '5',
    'mcp-protocol-version': '2025-06-18',
    'x-request-id': 'minted',
  });
});

it('the client’s own id travels beside the minted one', () => {
  const headers = toCoreHeaders(new Headers(), { requestId: 'minted', clientRequestId: 'mine' });
  expect(headers.get('x-client-request-id')).toBe('mine');
});

it('only named answer headers reach the client', () => {
  const core = new Headers({
    'content-type': 'application/json',
    'retry-after': '3',
    'idempotent-replayed': 'true',
    'x-gateway-provider': 'demo',
    'x-ratelimit-remaining-tokens': '7',
    'set-cookie': 'a=b',
    server: 'core',
    'x-amzn-requestid': 'x',
    'cache-control': 'public',
    'content-length': '12',
    'x-gateway-hop': 'x',
    location: 'https://evil.example',
  });
  expect(Object.fromEntries(toClientHeaders(core))).toEqual({
    'content-type': 'application/json',
    'retry-after': '3',
    'idempotent-replayed': 'true',
    'x-gateway-provider': 'demo',
    'x-ratelimit-remaining-tokens': '7',
  });
});
