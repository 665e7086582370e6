/** What an upstream can do to a call, as timed steps: the fault matrix as the adapter would report it. */
import {
  type FailureDetails,
  type FailureReason,
  ProviderFailure,
} from '../../core/providers/provider.ts';
import type { SeededRandom } from '../support/seeded-random.ts';

export interface Chunk {
  readonly text: string;
  readonly isFinish: boolean;
}

export type Step = { readonly afterMs: number } & (
  | { readonly kind: 'emit'; readonly chunk: Chunk }
  | { readonly kind: 'fail'; readonly failure: ProviderFailure }
  | { readonly kind: 'hang' }
);

/** The gateway's limits in the simulation; the steps keep clear of them on either side. */
export const FIRST_TOKEN_MS = 1_000;
export const IDLE_MS = 700;

type Script = (name: string, random: SeededRandom) => readonly Step[];

const quick = (random: SeededRandom) => random.between(5, 60);
const role: Script = (_, random) => [emit(random, '')];
const words: Script = (name, random) =>
  Array.from({ length: random.integer(1, 4) }, () =>
    emit(random, `${name}.${random.integer(0, 99)} `),
  );
const finish: Script = (_, random) => [
  { kind: 'emit', afterMs: quick(random), chunk: { text: '', isFinish: true } },
];
const hang: Script = () => [{ kind: 'hang', afterMs: 0 }];
const after =
  (ms: number, script: Script): Script =>
  (name, random) => {
    const [first, ...rest] = script(name, random);
    return first ? [{ ...first, afterMs: ms }, ...rest] : [];
  };
const fail =
  (reason: FailureReason, details: (random: SeededRandom) => FailureDetails = () => ({})): Script =>
  (_, random) => [
    {
      kind: 'fail',
      afterMs: quick(random),
      failure: new ProviderFailure(reason, details(random)),
    },
  ];
const hinted = (status: number) => (random: SeededRandom) => ({
  status,
  retryAfterMs: random.between(100, 4_000),
});
const sequence =
  (...scripts: readonly Script[]): Script =>
  (name, random) =>
    scripts.flatMap((script) => script(name, random));

export const HEALTHY = {
  answer: sequence(role, words, finish),
  'slow answer': sequence(after(FIRST_TOKEN_MS * 0.9, words), after(IDLE_MS * 0.9, words), finish),
  'answer without text': finish,
} satisfies Record<string, Script>;

export const FAULTS = {
  '429 with Retry-After': fail('rate-limited', hinted(429)),
  '429 without': fail('rate-limited', () => ({ status: 429 })),
  '500': fail('server-error', () => ({ status: 500 })),
  '503 with Retry-After': fail('server-error', hinted(503)),
  'connection refused': fail('connect'),
  'reset before headers': fail('reset'),
  'accepts and is silent': hang,
  'silent after headers': sequence(role, hang),
  'first token late': sequence(role, after(FIRST_TOKEN_MS * 1.5, words), finish),
  'reset after headers': sequence(role, fail('interrupted')),
  'cut after content': sequence(words, fail('interrupted')),
  'stall after content': sequence(words, hang),
  'late chunk': sequence(words, after(IDLE_MS * 1.5, words), finish),
  'garbage before content': sequence(role, fail('bad-response')),
  'garbage after content': sequence(words, fail('bad-response')),
  'HTML with 200': fail('bad-response', () => ({ status: 200 })),
  'empty stream': fail('interrupted'),
  'error event first': sequence(role, fail('server-error')),
  'error event late': sequence(words, fail('server-error')),
  'throttled in the stream': sequence(role, fail('rate-limited')),
  'throttled late': sequence(words, fail('rate-limited')),
  'context length': fail('context-length', () => ({ status: 400 })),
  'content policy': fail('content-policy', () => ({ status: 400 })),
  'invalid request': fail('invalid-request', () => ({ status: 400, param: 'top_p' })),
  unauthorized: fail('auth', () => ({ status: 401 })),
  forbidden: fail('auth', () => ({ status: 403 })),
  'model not found': fail('model-not-found', () => ({ status: 404 })),
} satisfies Record<string, Script>;

const scripts = new Map<string, Script>(Object.entries({ ...HEALTHY, ...FAULTS }));

/** The steps of one call; `name` makes its text unlike any other call's. */
export function stepsOf(kind: string, name: string, random: SeededRandom): readonly Step[] {
  const script = scripts.get(kind);
  if (!script) throw new Error(`There is no fault called "${kind}".`);
  return script(name, random);
}

function emit(random: SeededRandom, text: string): Step {
  return { kind: 'emit', afterMs: quick(random), chunk: { text, isFinish: false } };
}
