/** The way to the embedded DynamoDB, on which writes meet with accidents. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from '../../infra/local/listen.ts';

export type Accident =
  /** Not reached. */
  | 'cut'
  /** Done, but the answer is lost. */
  | 'lost'
  /** Taken, and never answered. */
  | 'hang'
  | 'refused'
  /** As DynamoDB says it to a transaction that met another one. */
  | 'conflict';

const CONFLICT = {
  __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
  Message:
    'Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]',
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
};

/** `next` is asked at every write, with its operation: `PutItem`, `TransactWriteItems`, … */
export async function startFaultyDynamoDb(
  endpoint: string,
  next: (operation: string) => Accident | undefined,
) {
  const operations: string[] = [];
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const operation = target.replace(/^.*[.]/, '');
    const isWrite = /Put|Write|Update/.test(operation);
    if (isWrite) operations.push(operation);
    const accident = isWrite ? next(operation) : undefined;
    const forward = async () => {
      const body = new Uint8Array(await buffer(request));
      const headers = { 'x-amz-target': target };
      const done = await fetch(endpoint, { method: 'POST', headers, body });
      return [done.status, await done.text()] as const;
    };
    try {
      const reply = await meetWith(accident, forward);
      if (reply === 'cut') request.socket.destroy();
      else if (reply !== 'none') response.writeHead(reply[0], JSON_1_0).end(reply[1]);
    } catch {
      // The client has left.
    }
  });
  const reached = await listenOnLoopback(server);
  return {
    endpoint: reached,
    /** Of all writes that were tried. */
    operations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

type Reply = readonly [status: number, body: string];

async function meetWith(
  accident: Accident | undefined,
  forward: () => Promise<Reply>,
): Promise<Reply | 'cut' | 'none'> {
  switch (accident) {
    case undefined:
      return forward();
    case 'cut':
      return 'cut';
    case 'hang':
      return 'none';
    case 'refused':
      return [500, '{"__type":"InternalServerError"}'];
    case 'conflict':
      return [400, JSON.stringify(CONFLICT)];
    case 'lost':
      await forward();
      return 'cut';
  }
}
