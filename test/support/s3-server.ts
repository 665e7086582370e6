/** What of S3 the blob store uses, path-style: PUT and GET of an object with its metadata. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from '../../infra/local/listen.ts';

const NO_SUCH_KEY =
  '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>no</Message></Error>';

export async function startS3Server() {
  const objects = new Map<
    string,
    { readonly body: Buffer; readonly headers: IncomingHttpHeaders }
  >();
  const server = createServer(async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (request.method === 'PUT') {
      objects.set(path, { body: await buffer(request), headers: request.headers });
      response.end();
      return;
    }
    const object = objects.get(path);
    const metadata = Object.entries(object?.headers ?? {}).filter(([name]) =>
      name.startsWith('x-amz-meta-'),
    );
    response.writeHead(object ? 200 : 404, Object.fromEntries(metadata));
    response.end(object?.body ?? NO_SUCH_KEY);
  });
  const endpoint = await listenOnLoopback(server);
  return {
    endpoint,
    /** The paths of all objects. */
    paths: () => [...objects.keys()],
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
