/** An SQS queue on loopback, as its JSON protocol has it: it takes messages, and answers what they digest to. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { listenOnLoopback } from '../../infra/local/listen.ts';

const messageSchema = z.object({ QueueUrl: z.string(), MessageBody: z.string() });

export async function startSqsServer() {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.headers['x-amz-target'] !== 'AmazonSQS.SendMessage') {
      return response.writeHead(400).end();
    }
    const { MessageBody } = messageSchema.parse(JSON.parse(body));
    bodies.push(MessageBody);
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ MessageId: String(bodies.length), MD5OfMessageBody }));
  });
  const origin = await listenOnLoopback(server);
  return {
    queueUrl: `${origin}/123456789012/rows`,
    /** Of the messages that are in the queue. */
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
