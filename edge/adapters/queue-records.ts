import type { RecordQueue } from '../env.ts';
import type { Records } from '../ports.ts';

export const createQueueRecords = (queue: RecordQueue): Records => ({
  async send(record) {
    await queue.send(record);
  },
});
