/** A part of the measurement is a program of its own, so that no part is measured with another's work. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Part<Announced> extends AsyncDisposable {
  readonly announced: Announced;
  /** Sends it a message, and resolves with its answer. */
  ask(message: object): Promise<unknown>;
}

/** Resolves when the program has announced itself; rejects when it ends before. */
export async function startPart<Announced>(
  program: URL,
  ...args: readonly string[]
): Promise<Part<Announced>> {
  const child = fork(program, args);
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`${program.pathname} ended with ${code}.`);
  });
  const answer = async () => (await Promise.race([once(child, 'message'), failed]))[0];
  return {
    announced: await answer(),
    ask(message) {
      child.send(message);
      return answer();
    },
    async [Symbol.asyncDispose]() {
      failed.catch(() => {});
      child.disconnect();
      await ended;
    },
  };
}

/** The program's side: what its starter waits for. It ends with its starter. */
export function announce(what: unknown): void {
  process.on('disconnect', () => process.exit());
  process.send?.(what);
}
