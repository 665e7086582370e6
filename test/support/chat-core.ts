/** The core over one scripted provider. */
import type { Clock } from '../../core/attempts/clock.ts';
import { startCoreApp } from './core-app.ts';
import {
  delta,
  finish,
  type RawScript,
  SSE_HEAD,
  sse,
  startRawProvider,
  usage,
} from './raw-provider.ts';

export const ask = { model: 'up', messages: [{ role: 'user', content: 'prompt-canary' }] };
const prices = { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } };

export async function startChatCore(script: RawScript, more: object = {}, clock?: Clock) {
  const provider = await startRawProvider(script);
  const config = {
    providers: [
      {
        name: 'upstream',
        kind: 'openai',
        baseUrl: provider.baseUrl,
        apiKey: 'key-canary',
        models: ['up'],
        prices,
        ...more,
      },
    ],
  };
  const core = await startCoreApp(config, clock);
  return { provider, ...core, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
}

/** Says "Hello" for 10 and 5 tokens. */
export const whole: RawScript = (socket) =>
  void socket.end(SSE_HEAD + delta('Hel') + delta('lo') + finish() + usage(10, 5) + sse('[DONE]'));
