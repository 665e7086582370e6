/** The edge on this machine: the built Worker in the real Workers runtime, with a local queue. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare, MiniflareCoreError, NoOpLog } from 'miniflare';
import * as z from 'zod';

const CONFIG_URL = new URL('../../wrangler.toml', import.meta.url);
/** Someone who looks at the request log after a hit wants to see it there, also after a restart of the core. */
const QUEUE_WAIT_SECONDS = 1;

export interface LocalEdgeOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** The Worker's variables and secrets, as wrangler.toml names them. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder for what the runtime stores. The queue is in its memory: what it holds when it stops is lost. */
  readonly persistTo: string;
  /** Called with each line that the Worker prints. */
  readonly onLog?: (line: string) => void;
}

export interface LocalEdge {
  readonly url: string;
  close(): Promise<void>;
}

/** A taken port rejects with an error whose `code` is `EADDRINUSE`, as Node's servers do. */
export async function startEdge(options: LocalEdgeOptions): Promise<LocalEdge> {
  const contents = await bundleWorker();
  const deployed = readSettings();
  const runtime = new Miniflare({
    host: '127.0.0.1',
    port: options.port,
    log: new NoOpLog(),
    logRequests: false,
    cf: false,
    telemetry: { enabled: false },
    resourcePersistencePath: options.persistTo,
    handleStructuredLogs: ({ message }) => options.onLog?.(message),
    workers: [
      {
        config: {
          name: 'gateway-edge',
          compatibilityDate: deployed.compatibility_date,
          compatibilityFlags: deployed.compatibility_flags,
          manifest: {
            mainModule: 'worker.js',
            modules: { 'worker.js': { type: 'esm', contents } },
          },
          env: { ...textBindings(options.env), RECORDS: { type: 'queue', name: deployed.queue } },
          triggers: [toConsumer(deployed)],
        },
      },
    ],
  });
  try {
    const url = await runtime.ready;
    return { url: url.origin, close: () => runtime.dispose() };
  } catch (error) {
    await runtime.dispose().catch(() => undefined);
    throw asPortError(error, options.port);
  }
}

const textBindings = (env: LocalEdgeOptions['env']) =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, { type: 'text' as const, value }]),
  );

async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../edge/worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

const toConsumer = (deployed: Settings) => ({
  type: 'queue' as const,
  name: deployed.queue,
  maxBatchSize: deployed.max_batch_size,
  maxBatchTimeout: QUEUE_WAIT_SECONDS,
  maxRetries: deployed.max_retries,
  retryDelay: QUEUE_WAIT_SECONDS,
  deadLetterQueue: deployed.dead_letter_queue,
});

const settingsSchema = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  queue: z.string(),
  max_batch_size: z.int(),
  max_retries: z.int(),
  dead_letter_queue: z.string(),
});
type Settings = z.infer<typeof settingsSchema>;

/** What is deployed and what runs here agree, because both read it from wrangler.toml; its values are JSON as well. */
function readSettings(): Settings {
  const lines = readFileSync(CONFIG_URL, 'utf8').matchAll(/^(\w+) = (.+)$/gm);
  const values = Array.from(lines, ([, name, value = '']) => [name, JSON.parse(value)]);
  return settingsSchema.parse(Object.fromEntries(values));
}

function asPortError(error: unknown, port: number): unknown {
  if (!(error instanceof MiniflareCoreError) || error.code !== 'ERR_ADDRESS_IN_USE') return error;
  const taken = new Error(`Port ${port} is in use.`, { cause: error });
  return Object.assign(taken, { code: 'EADDRINUSE' });
}
