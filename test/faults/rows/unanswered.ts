/** Providers that cannot be reached, keep silent, or hang up before there is anything to see. */
import { corrupt } from '../../support/bedrock-server.ts';
import { END, RESET, type Step } from '../../support/fault-provider.ts';
import { chunked } from './bytes.ts';
import { begun, type FaultRow, interrupted, SSE_KINDS, UNAVAILABLE, words } from './fault-row.ts';

const UNREACHABLE = {
  answer: () => [],
  attempt: { outcome: 'connect', possiblyBilled: false },
  alone: { calls: 1, status: 502, code: 'upstream_connect_error' },
} as const;
const DROPPED = {
  attempt: { outcome: 'reset', possiblyBilled: true },
  alone: { calls: 2, ...UNAVAILABLE },
} as const;
const SILENT = {
  settings: { firstTokenTimeoutMs: 400 },
  attempt: { outcome: 'timeout', possiblyBilled: true },
  alone: { calls: 1, status: 504, code: 'upstream_timeout' },
} as const;
const CUT = { attempt: interrupted, alone: { calls: 1, ...UNAVAILABLE } } as const;

/** The server keeps the line open with comments, and says nothing. */
function* murmur(): Generator<Step> {
  for (let n = 0; n < 100; n += 1) {
    yield ': still here\n\n';
    yield new Promise<void>((resolve) => void setTimeout(resolve, 100));
  }
}

export const UNANSWERED: readonly FaultRow[] = [
  // Nothing listens on the port of `tcpmux`.
  { id: 'F4', title: 'connection refused', url: 'http://127.0.0.1:1', ...UNREACHABLE },
  { id: 'F4', title: 'a name without an address', url: 'http://nowhere.invalid', ...UNREACHABLE },
  { id: 'F5', title: 'reset before headers', answer: () => [RESET], ...DROPPED },
  { id: 'F5', title: 'hung up on before headers', answer: () => [END], ...DROPPED },
  { id: 'F6', title: 'accepts and never answers', answer: () => [], ...SILENT },
  { id: 'F7', title: 'headers, then silence', answer: ({ wire }) => [wire.head], ...SILENT },
  { id: 'F7', title: 'a role, then silence', answer: begun, ...SILENT },
  {
    id: 'F7',
    title: 'headers, then only comments',
    kinds: SSE_KINDS,
    answer: function* ({ wire }) {
      yield wire.head;
      yield* murmur();
    },
    ...SILENT,
  },
  {
    id: 'F8',
    title: 'reset after headers',
    kinds: SSE_KINDS,
    answer: ({ wire }) => chunked([wire.head, RESET]),
    ...CUT,
  },
  { id: 'F8', title: 'hung up on after headers', answer: ({ wire }) => [wire.head, END], ...CUT },
  {
    id: 'F8',
    title: 'reset after the role',
    answer: (played) => chunked([...begun(played), RESET]),
    ...CUT,
  },
  {
    id: 'F8',
    title: 'hung up on after the role',
    answer: (played) => [...begun(played), END],
    ...CUT,
  },
  {
    id: 'F14',
    title: 'a frame with a wrong checksum after the role',
    kinds: ['bedrock'],
    answer: (played) => [
      ...begun(played),
      corrupt(Buffer.from(played.wire.text('x'))),
      ...words(played),
    ],
    ...CUT,
  },
  {
    id: 'F14',
    title: 'a frame that is cut after the role',
    kinds: ['bedrock'],
    answer: (played) => [...begun(played), played.wire.text('x').slice(0, 20), END],
    ...CUT,
  },
];
