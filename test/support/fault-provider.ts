/** One server of raw TCP that plays any number of providers, of every kind: the URL says which, the model what goes wrong. */
import type { Socket } from 'node:net';
import type { Bytes, Kind } from './fault-wire.ts';
import { type ReceivedRequest, startRawProvider } from './raw-provider.ts';

/** Breaks the connection without a word. */
export const RESET = { connection: 'reset' } as const;
/** Ends it properly. */
export const END = { connection: 'end' } as const;

/** What is sent, or awaited, or done to the connection; after the last one: silence. */
export type Step = Bytes | Promise<unknown> | typeof RESET | typeof END;

export interface UpstreamCall {
  readonly provider: string;
  readonly model: string;
  /** 1 for the first of this model at this provider. */
  readonly number: number;
  readonly request: ReceivedRequest;
  /** Settles when the connection is closed, from whichever side. */
  readonly closed: Promise<void>;
}

export type Answer = (call: UpstreamCall) => Iterable<Step>;

export interface FaultProvider extends AsyncDisposable {
  /** As the configuration of a provider has it. */
  connection(name: string, kind: Kind): object;
  callsOf(provider: string, model: string): readonly UpstreamCall[];
}

export async function startFaultProvider(answer: Answer): Promise<FaultProvider> {
  const calls = new Map<string, UpstreamCall[]>();
  const callsOf = (provider: string, model: string) => calls.get(`${provider}/${model}`) ?? [];
  const server = await startRawProvider(async (socket, request) => {
    const { provider, model } = addressee(request);
    const earlier = callsOf(provider, model);
    const call: UpstreamCall = {
      provider,
      model,
      request,
      number: earlier.length + 1,
      closed: new Promise((resolve) => socket.once('close', () => resolve())),
    };
    calls.set(`${provider}/${model}`, [...earlier, call]);
    await play(socket, answer(call));
  });
  const { origin } = new URL(server.baseUrl);
  return {
    callsOf,
    connection: (name, kind) => connectionTo(`${origin}/${name}`, kind),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export const connectionTo = (url: string, kind: Kind): object =>
  kind === 'bedrock'
    ? { endpoint: url, region: 'us-east-1', apiKey: 'key-canary' }
    : { baseUrl: `${url}/v1`, apiKey: 'key-canary' };

function addressee({ path, body }: ReceivedRequest) {
  const [, provider = '', word, id] = path.split('/');
  const model: string = word === 'model' ? decodeURIComponent(id ?? '') : JSON.parse(body).model;
  return { provider, model };
}

async function play(socket: Socket, steps: Iterable<Step>): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step instanceof Promise) await step;
    else if (typeof step === 'string' || step instanceof Uint8Array) await send(socket, step);
    else if (step === RESET) socket.resetAndDestroy();
    else socket.end();
  }
}

/** Resolves when there is room for more, or nobody to take it. */
async function send(socket: Socket, bytes: Bytes): Promise<void> {
  if (bytes.length === 0 || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.on('drain', go).on('close', go);
  });
}
