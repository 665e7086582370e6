/**
 * Many requests on several instances that die at any moment, over a log that fails in every way a network
 * can: what is left at the end must be one final row for each. Time is virtual, and a seed repeats it all.
 */
import { sleep } from '../../core/attempts/clock.ts';
import { openRequest } from '../../core/ledger/open-request.ts';
import type { RequestLog, RequestLogRow } from '../../core/ledger/request-log.ts';
import { replayRow } from '../../core/ledger/row-spool.ts';
import { createSpoolingRequestLog } from '../../core/ledger/spooling-request-log.ts';
import { ABANDONED_AFTER_MS, sweepOpenRows } from '../../core/ledger/sweep-open-rows.ts';
import { closedAt, costing, FIRST_ARRIVAL, factsAt, idAt } from './a-row.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface LedgerWorldOptions {
  readonly seed: number;
  readonly requests: number;
  /** The table as all instances share it. */
  readonly table?: ReturnType<typeof createInMemoryRequestLog>;
}

interface Instance {
  isAlive: boolean;
  readonly log: RequestLog;
  tend(): Promise<void>;
}

const INSTANCES = 4;
const LAST_ARRIVAL_MS = 120_000;
const LONGEST_ANSWER_MS = 20_000;
const TEND_EVERY_MS = 60_000;
const DEAD = new Promise<never>(() => {});
const never = new AbortController().signal;

export async function runLedgerWorld({
  seed,
  requests,
  table = createInMemoryRequestLog(),
}: LedgerWorldOptions) {
  const random = createSeededRandom(seed);
  const clock = createVirtualClock(FIRST_ARRIVAL);
  const pause = (maxMs: number) => sleep(clock, random.between(0, maxMs), never);
  const spooled = new Set<RequestLogRow>();
  /** Of requests whose first byte could leave. */
  const accepted = new Set<string>();
  const seen = { kills: 0, spooled: 0, failures: 0, closedByOthers: 0 };
  let isHealed = false;

  const isOutage = () => (clock.now() - FIRST_ARRIVAL) % 20_000 > 17_000;

  const fail = (): never => {
    seen.failures += 1;
    throw new Error('The table did not answer.');
  };

  async function travel<Result>(run: () => Promise<Result>): Promise<Result> {
    await pause(20);
    if (!isHealed && (isOutage() || random.chance(0.05))) fail();
    if (!isHealed && random.chance(0.03)) {
      // Given up, but on its way: it arrives when nobody expects it any more.
      clock.after(random.between(0, 30_000), () => void run());
      fail();
    }
    const result = await run();
    await pause(20);
    return isHealed || random.chance(0.97) ? result : fail();
  }

  /** A call by an instance that may die before, meanwhile or after. */
  async function call<Result>(instance: Instance, run: () => Promise<Result>): Promise<Result> {
    if (!instance.isAlive) return DEAD;
    const result = await travel(run);
    return instance.isAlive ? result : DEAD;
  }

  const start = (): Instance => {
    const reached: RequestLog = {
      ...table,
      open: (row) => call(instance, () => table.open(row)),
      close: (row) => call(instance, () => table.close(row)),
      record: (row) => call(instance, () => table.record(row)),
    };
    const onClosed = async () => {};
    const instance: Instance = {
      isAlive: true,
      log: createSpoolingRequestLog({
        log: reached,
        spool: {
          async put(row) {
            if (!instance.isAlive) return DEAD;
            await pause(5);
            spooled.add(row);
            seen.spooled += 1;
          },
        },
        onSpooled: () => {},
        onLost: () => {
          throw new Error('The second place does not fail here.');
        },
      }),
      async tend() {
        for (const row of spooled) {
          const replayed = replayRow(row, { log: reached, onClosed });
          await replayed.then(() => spooled.delete(row)).catch(() => {});
        }
        const deadline = clock.now() - ABANDONED_AFTER_MS;
        await sweepOpenRows(deadline, { log: reached, onClosed, onFailure: () => {} });
      },
    };
    return instance;
  };

  const instances = Array.from({ length: INSTANCES }, start);

  const arriving = () => {
    const receivedAt = Math.floor(clock.now());
    return { receivedAt, deadline: receivedAt + LONGEST_ANSWER_MS };
  };
  const settlement = () => ({
    ...costing(random.integer(0, 5_000)),
    outcome: random.pick(['success', 'partial', 'failed', 'client_closed'] as const),
    httpStatus: 200,
    attempts: [],
  });

  async function ask(n: number): Promise<void> {
    const arrival = arriving();
    const instance = random.pick(instances);
    const row = openRequest(factsAt(n, arrival), { log: instance.log, now: clock.now });
    await row.durable;
    if (!instance.isAlive) return;
    accepted.add(idAt(n));
    await pause(LONGEST_ANSWER_MS);
    const closing = Array.from({ length: random.chance(0.1) ? 2 : 1 }, async () => {
      const ours = settlement();
      const final = await row.close(ours);
      if (final.costMicroUsd !== ours.cost.microUsd) seen.closedByOthers += 1;
    });
    await Promise.all(closing);
  }

  /** A record of the edge, which its queue brings until it has been taken, and now and then once more. */
  async function bring(n: number): Promise<void> {
    const row = { ...closedAt(n, {}, arriving()), cache: 'HIT' as const };
    accepted.add(row.requestId);
    for (;;) {
      const isTaken = await travel(() => table.record(row)).then(
        () => true,
        () => false,
      );
      if (isTaken && !random.chance(0.1)) return;
      await pause(5_000);
    }
  }

  for (let n = 0; n < requests; n += 1) {
    const run = random.chance(0.15) ? bring : ask;
    clock.after(random.between(0, LAST_ARRIVAL_MS), () => void run(n));
  }
  for (let at = 0; at < LAST_ARRIVAL_MS; at += random.integer(500, 4_000)) {
    clock.after(at, () => {
      const index = random.integer(0, INSTANCES - 1);
      const [killed] = instances.splice(index, 1, start());
      if (killed) killed.isAlive = false;
      seen.kills += 1;
    });
  }
  for (let at = 0; at < LAST_ARRIVAL_MS; at += TEND_EVERY_MS / INSTANCES) {
    clock.after(
      at,
      () =>
        void random
          .pick(instances)
          .tend()
          .catch(() => {}),
    );
  }
  await clock.run(FIRST_ARRIVAL + LAST_ARRIVAL_MS + 2 * LONGEST_ANSWER_MS);
  isHealed = true;
  await clock.run();
  clock.after(2 * ABANDONED_AFTER_MS, () => {});
  await clock.run();
  const last = start();
  await clock.until(last.tend());
  return { rows: table.rows(), accepted, seen, left: spooled.size, counters: table.counters };
}
