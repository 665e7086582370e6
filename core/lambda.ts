/** The core on Lambda, behind API Gateway: the same app, streamed. Built once per cold start. */
import { composeCore } from './compose.ts';
import { parseCoreEnv } from './env.ts';
import { createStreamHandler, type StreamingRuntime } from './http/lambda-stream.ts';

declare const awslambda: StreamingRuntime;

const core = await composeCore({
  env: parseCoreEnv(process.env),
  secrets: (name) => process.env[name],
  writeLine: (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`),
});

/** No request waits for it; the first ones only keep the process awake meanwhile. */
const published = core.publishKeys();

export const handler = createStreamHandler((request, invocation) => {
  invocation.waitUntil(published);
  return core.app.fetch(request, invocation);
}, awslambda);
