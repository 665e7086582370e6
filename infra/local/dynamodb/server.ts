/** DynamoDB's HTTP protocol (`X-Amz-Target`, JSON 1.0) over dynalite's operations, and transactions over those. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Store } from 'dynalite/db/index.js';
import { OPERATIONS } from './operations.ts';
import { asServiceError } from './service-error.ts';
import { transactWriteItems } from './transact-write-items.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Who calls is not checked: it is to listen on loopback. A page in a browser cannot send its header. */
export const createDynamoDbServer = (store: Store): Server =>
  createServer(async (request, response) => {
    const { status, body } = await answer(store, request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });

async function answer(store: Store, request: IncomingMessage): Promise<Answer> {
  try {
    const { 'x-amz-target': target = '' } = request.headers;
    const body: unknown = JSON.parse(await text(request));
    return { status: 200, body: await operate(store, String(target), body) };
  } catch (error) {
    const refusal = asServiceError(error);
    if (refusal) return { status: refusal.statusCode, body: refusal.body };
    const message = error instanceof Error ? error.message : '';
    return { status: 500, body: { __type: 'InternalServerError', message } };
  }
}

async function operate(store: Store, target: string, body: unknown): Promise<unknown> {
  const name = target.replace('DynamoDB_20120810.', '');
  if (name === 'TransactWriteItems') return transactWriteItems(store, body);
  const operation = OPERATIONS.get(name);
  if (!operation) throw unknownOperation(name);
  return operation.run(store, operation.check(body, store));
}

const unknownOperation = (name: string): Error =>
  Object.assign(new Error(`Not an operation here: ${name}`), {
    statusCode: 400,
    body: { __type: 'com.amazon.coral.service#UnknownOperationException' },
  });
