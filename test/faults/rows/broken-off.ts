/** Providers that fail after content: a stream that has shown it can only end in an error. */
import { corrupt } from '../../support/bedrock-server.ts';
import { END, RESET, type Step } from '../../support/fault-provider.ts';
import { bytesOf, chunked, withHeader } from './bytes.ts';
import {
  type FaultRow,
  failing,
  halfway,
  interrupted,
  LIMITED,
  limited,
  type Played,
  rest,
  SSE_KINDS,
  UNAVAILABLE,
  unreadable,
  whole,
} from './fault-row.ts';

const CUT = {
  attempt: interrupted,
  isAfterContent: true,
  alone: { calls: 2, ...UNAVAILABLE },
} as const;
const UNREADABLE = {
  attempt: unreadable,
  isAfterContent: true,
  alone: { calls: 1, status: 502, code: 'upstream_bad_response' },
} as const;

const STALLED = {
  ...CUT,
  settings: { idleTimeoutMs: 400 },
  attempt: { outcome: 'timeout', possiblyBilled: true },
} as const;

/** All but the usage and what follows it. */
const finished = (played: Played): readonly Step[] => [
  ...halfway(played),
  played.shown,
  played.wire.finish(),
];

/** The same steps under another head. */
const headed = (head: string, [, ...steps]: readonly Step[]): readonly Step[] => [head, ...steps];

export const BROKEN_OFF: readonly FaultRow[] = [
  {
    id: 'F9',
    title: 'reset after content',
    answer: (played) => chunked([...halfway(played), played.shown, RESET]),
    ...CUT,
  },
  {
    id: 'F9',
    title: 'hung up on after content',
    answer: (played) => [...halfway(played), END],
    ...CUT,
  },
  {
    id: 'F9',
    title: 'cut between the chunks of HTTP',
    answer: (played) => chunked([...halfway(played), played.shown, END]),
    ...CUT,
  },
  {
    id: 'F9',
    title: 'reset between the finish and the usage',
    answer: (played) => chunked([...finished(played), RESET]),
    ...CUT,
  },
  {
    id: 'F9',
    title: 'cut between the finish and the usage',
    answer: (played) => chunked([...finished(played), END]),
    ...CUT,
  },
  {
    id: 'F10',
    title: 'a stall after content',
    answer: halfway,
    ...STALLED,
  },
  {
    id: 'F10',
    title: 'a stall between the finish and the usage',
    answer: finished,
    ...STALLED,
  },
  {
    id: 'F11',
    title: 'an unparsable line after content',
    kinds: SSE_KINDS,
    answer: (played) => [...halfway(played), 'data: {"choices":[{"del\n\n', ...rest(played)],
    ...UNREADABLE,
  },
  {
    id: 'F11',
    title: 'a line that is not UTF-8 after content',
    kinds: SSE_KINDS,
    answer: (played) => [
      ...halfway(played),
      'data: {"choices":[{"delta":{"content":"',
      Uint8Array.of(0xff),
      '"}}]}\n\n',
      ...rest(played),
    ],
    ...UNREADABLE,
  },
  {
    id: 'F12',
    title: 'a finish that is none',
    answer: (played) => [...halfway(played), played.wire.finish('failed'), END],
    ...UNREADABLE,
  },
  {
    id: 'F12',
    title: '[DONE] without a finish',
    kinds: SSE_KINDS,
    answer: (played) => [...halfway(played), played.wire.done, END],
    ...CUT,
  },
  {
    id: 'F13',
    title: 'throttled after content',
    answer: (played) => [...halfway(played), played.wire.break('throttled'), END],
    attempt: { ...limited, possiblyBilled: true, trouble: 'throttled' },
    isAfterContent: true,
    alone: { calls: 2, ...LIMITED },
  },
  {
    id: 'F13',
    title: 'failing after content',
    answer: (played) => [...halfway(played), played.wire.break('failing'), END],
    attempt: { ...failing, possiblyBilled: true, trouble: 'failing' },
    isAfterContent: true,
    alone: { calls: 2, ...UNAVAILABLE },
  },
  {
    id: 'F13',
    title: 'failing between the finish and the usage',
    answer: (played) => [...finished(played), played.wire.break('failing'), END],
    attempt: { ...failing, possiblyBilled: true, trouble: 'failing' },
    isAfterContent: true,
    alone: { calls: 2, ...UNAVAILABLE },
  },
  {
    id: 'F14',
    title: 'a frame with a wrong checksum after content',
    kinds: ['bedrock'],
    answer: (played) => [
      ...halfway(played),
      corrupt(Buffer.from(played.wire.text('x'))),
      ...rest(played),
    ],
    ...CUT,
  },
  {
    id: 'F14',
    title: 'a frame that is cut after content',
    kinds: ['bedrock'],
    answer: (played) => [...halfway(played), played.wire.text('x').slice(0, 20), END],
    ...CUT,
  },
  {
    id: 'F31',
    title: 'a length that promises more',
    answer: (played) => [
      ...headed(withHeader(played.wire.head, 'content-length: 9999'), halfway(played)),
      played.shown,
      END,
    ],
    ...CUT,
  },
  {
    id: 'F31',
    title: 'a length that promises less',
    answer: (played) => {
      const length = bytesOf(halfway(played).slice(1)).byteLength + 10;
      return headed(withHeader(played.wire.head, `content-length: ${length}`), whole(played));
    },
    ...CUT,
  },
  {
    id: 'F31',
    title: 'a line of 10 MB after content',
    kinds: SSE_KINDS,
    answer: (played) => [
      ...halfway(played),
      `data: ${'a'.repeat(10_000_000)}\n\n`,
      ...rest(played),
    ],
    ...UNREADABLE,
  },
];
