/** The providers of a simulation. Their history is what the gateway is judged by. */
import type { ProviderFailure } from '../../core/providers/provider.ts';
import type { Target } from '../../core/routing/target.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { type Chunk, type Step, stepsOf } from './faults.ts';

export interface UpstreamCall {
  readonly request: number;
  readonly provider: string;
  readonly model: string;
  readonly kind: string;
  readonly startedAt: number;
  endedAt: number;
  /** `closed`: the gateway hung up. */
  end: 'open' | 'answered' | 'closed' | ProviderFailure;
  sent: string;
}

export interface Upstream {
  readonly calls: readonly UpstreamCall[];
  call(
    request: number,
    target: Target,
    signal: AbortSignal,
  ): AsyncGenerator<Chunk, void, undefined>;
}

interface UpstreamDeps {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  /** What a call of the provider meets at present. */
  kindAt(provider: string, now: number): string;
}

export function createUpstream({ clock, random, kindAt }: UpstreamDeps): Upstream {
  const calls: UpstreamCall[] = [];
  return {
    calls,
    call(request, { provider, model }, signal) {
      const startedAt = clock.now();
      const kind = kindAt(provider, startedAt);
      const call: UpstreamCall = {
        request,
        provider,
        model,
        kind,
        startedAt,
        endedAt: Number.POSITIVE_INFINITY,
        end: 'open',
        sent: '',
      };
      const steps = stepsOf(kind, `r${request}c${calls.length}`, random);
      calls.push(call);
      return perform(call, steps, { clock, signal });
    },
  };
}

async function* perform(
  call: UpstreamCall,
  steps: readonly Step[],
  { clock, signal }: { readonly clock: VirtualClock; readonly signal: AbortSignal },
): AsyncGenerator<Chunk, void, undefined> {
  const close = (end: UpstreamCall['end']) => {
    if (call.end !== 'open') return;
    call.end = end;
    call.endedAt = clock.now();
  };
  const hangUp = () => close('closed');
  signal.addEventListener('abort', hangUp);
  try {
    for (const step of steps) {
      await pass(clock, step.kind === 'hang' ? Number.POSITIVE_INFINITY : step.afterMs, signal);
      if (step.kind === 'fail') {
        close(step.failure);
        throw step.failure;
      }
      if (step.kind === 'hang') return;
      call.sent += step.chunk.text;
      if (step.chunk.isFinish) close('answered');
      yield step.chunk;
    }
  } finally {
    hangUp();
    signal.removeEventListener('abort', hangUp);
  }
}

function pass(clock: VirtualClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      cancel?.();
      reject(signal.reason);
    };
    const cancel =
      ms === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(ms, () => {
            signal.removeEventListener('abort', stop);
            resolve();
          });
    signal.addEventListener('abort', stop);
  });
}
