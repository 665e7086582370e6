/** The core with its stores in memory, so that what is measured is the core's own work. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { systemClock } from '../../core/attempts/system-clock.ts';
import type { FinalRow, OpenRow } from '../../core/ledger/request-log.ts';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { startCoreApp } from '../support/core-app.ts';
import { createInMemoryRequestLog } from '../support/in-memory-request-log.ts';
import { announce } from './part.ts';

const [, , config = ''] = process.argv;

/** Forgets what is closed: a measurement makes hundreds of thousands of rows. */
const open = new Map<string, OpenRow>();
const log = {
  ...createInMemoryRequestLog(),
  open: async (row: OpenRow) => void open.set(row.requestId, row),
  close: async (row: FinalRow) => {
    open.delete(row.requestId);
    return row;
  },
};

const { handle, edgeSecrets } = await startCoreApp(JSON.parse(config), systemClock, log);
const origin = await listenOnLoopback(createServer(getRequestListener(handle)));
announce({ origin, hopPrivateKey: edgeSecrets.HOP_PRIVATE_KEY });
