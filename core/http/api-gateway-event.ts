/** An API Gateway REST proxy event as the HTTP request that a client sent. */
import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * `signal` ends the request. The path keeps its percent-encoding; the query arrives decoded and is
 * encoded again.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function toRequest(event: APIGatewayProxyEvent, signal: AbortSignal): Request {
  const { httpMethod: method, body } = event;
  const hasBody = body !== null && method !== 'GET' && method !== 'HEAD';
  return new Request(toUrl(event), {
    method,
    headers: toHeaders(event.multiValueHeaders),
    body: hasBody ? toBody(body, event.isBase64Encoded) : null,
    signal,
  });
}

function toUrl({
  path,
  requestContext,
  multiValueQueryStringParameters: query,
}: APIGatewayProxyEvent): URL {
  // The console's test button sends no domain name.
  const url = new URL(`https://${requestContext.domainName ?? 'core'}`);
  url.pathname = path;
  for (const [name, values = []] of Object.entries(query ?? {})) {
    for (const value of values) url.searchParams.append(name, value);
  }
  return url;
}

/** JSON brings the bytes of a header as UTF-8 text; `Headers` takes one character for each byte. */
function toHeaders(fields: APIGatewayProxyEvent['multiValueHeaders'] | null): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(fields ?? {})) {
    for (const value of values) headers.append(name, Buffer.from(value).toString('latin1'));
  }
  return headers;
}

const toBody = (body: string, isBase64Encoded: boolean) =>
  isBase64Encoded ? Buffer.from(body, 'base64') : body;
