import type { Answer } from './admin-client.ts';

/** When the edge goes by a change: it remembers a key for 30 seconds, and what it was told before for five minutes. */
export const inForce = ({ degraded }: Pick<Answer<unknown>, 'degraded'>): string =>
  degraded?.includes('key-mirror')
    ? 'The edge could not be told and may take six minutes to notice; do this again to tell it again.'
    : 'It is in force everywhere within 30 seconds.';
