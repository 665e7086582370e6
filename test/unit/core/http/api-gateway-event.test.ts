import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../../../core/http/api-gateway-event.ts';

const fixture = (name: string): APIGatewayProxyEvent =>
  JSON.parse(
    readFileSync(new URL(`../../../fixtures/api-gateway/${name}.json`, import.meta.url), 'utf8'),
  );

describe('the request that the app gets', () => {
  const request = (name: string) => toRequest(fixture(name), AbortSignal.timeout(60_000));

  it('has method, address, headers and text', async () => {
    const chat = request('chat-completion');
    expect(chat.method).toBe('POST');
    expect(chat.url).toBe(
      'https://abcdef1234.execute-api.eu-central-1.amazonaws.com/v1/chat/completions',
    );
    expect(chat.headers.get('content-type')).toBe('application/json');
    expect(await chat.json()).toHaveProperty('messages.0.content', 'Grüße! Which headphones?');
  });

  it('has the bytes of a base64 body', async () => {
    expect([...(await request('base64-body').bytes())]).toEqual([0, 255, 254, 10, 13, 128]);
  });

  it('keeps an encoded path, repeated parameters, headers and cookies', () => {
    const { url, headers } = request('multi-value');
    expect(new URL(url).pathname).toBe('/v1/models/us.anthropic%2Fclaude%20x');
    expect([...new URL(url).searchParams]).toEqual([
      ['limit', '10'],
      ['tag', 'a b'],
      ['tag', 'c&d=e'],
    ]);
    expect(headers.get('accept')).toBe('text/html, application/json');
    expect(headers.get('cookie')).toBe('a=1; b=2; c=3');
  });

  it('has the bytes of a header that is not ASCII', () => {
    const metadata = request('multi-value').headers.get('x-gateway-metadata') ?? '';
    expect(Buffer.from(metadata, 'latin1').toString()).toBe('{"name":"Grüße 👋"}');
  });

  it('needs neither headers nor a domain name', () => {
    expect(new URL(request('console-test').url).pathname).toBe('/healthz');
  });

  it.each(['GET', 'HEAD'])('has no body with %s, which no request may have', (httpMethod) => {
    const event = { ...fixture('chat-completion'), httpMethod };
    expect(toRequest(event, AbortSignal.timeout(60_000)).body).toBeNull();
  });
});
