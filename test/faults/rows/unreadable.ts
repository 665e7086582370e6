/** Providers whose answer is none, before there is anything to see. */
import { gzipSync } from 'node:zlib';
import { END } from '../../support/fault-provider.ts';
import { httpHead } from '../../support/fault-wire.ts';
import { begun, type FaultRow, SSE_KINDS, unreadable, words } from './fault-row.ts';

const UNREADABLE = {
  attempt: unreadable,
  alone: { calls: 1, status: 502, code: 'upstream_bad_response' },
} as const;

const PAGE = '<!doctype html><title>Welcome</title><p>body-canary</p>';
const LONG_LINE = `data: ${'a'.repeat(10_000_000)}`;
const packedLine = gzipSync(LONG_LINE.repeat(5));

export const UNREADABLE_ROWS: readonly FaultRow[] = [
  {
    id: 'F11',
    title: 'an unparsable line before content',
    kinds: SSE_KINDS,
    answer: (played) => [...begun(played), 'data: {"choices":[{"del\n\n', ...words(played)],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'a web page with status 200',
    answer: () => [httpHead(200, 'content-type: text/html') + PAGE, END],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'JSON that is no answer',
    kinds: SSE_KINDS,
    answer: () => [
      `${httpHead(200, 'content-type: application/json')}{"hello":"body-canary"}`,
      END,
    ],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'a redirect',
    answer: () => [httpHead(302, 'location: http://127.0.0.1:1/', 'content-length: 0'), END],
    ...UNREADABLE,
    attempt: { ...unreadable, upstreamStatus: 302 },
  },
  {
    id: 'F31',
    title: 'another protocol',
    answer: () => ['SSH-2.0-OpenSSH_9.9\r\n', END],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'a line of 10 MB before content',
    kinds: SSE_KINDS,
    answer: (played) => [...begun(played), LONG_LINE, ...words(played)],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'a line that unpacks to 50 MB',
    kinds: SSE_KINDS,
    answer: () => [
      httpHead(200, 'content-type: text/event-stream', 'content-encoding: gzip'),
      packedLine,
      END,
    ],
    ...UNREADABLE,
  },
  {
    id: 'F31',
    title: 'a frame that claims a gigabyte',
    kinds: ['bedrock'],
    answer: ({ wire }) => [wire.head, Buffer.from('40000000'.repeat(8), 'hex')],
    ...UNREADABLE,
  },
];
