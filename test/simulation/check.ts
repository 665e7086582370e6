/** The checker: the invariants of routing, judged by the upstream's history and what clients saw. */
import { checkAttempts } from './check-attempts.ts';
import { checkClients } from './check-clients.ts';
import { checkShared } from './check-shared.ts';
import { createEvidence } from './evidence.ts';
import type { History } from './history.ts';

/** Sentences that begin with the invariant's number. */
export function check(history: History): readonly string[] {
  const evidence = createEvidence(history);
  return [...checkClients(evidence), ...checkAttempts(evidence), ...checkShared(evidence)];
}
