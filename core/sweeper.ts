/** Lambda entry, called every minute: closes the rows whose core died before it could. */
import { composeLedger } from './compose-ledger.ts';
import { parseConfig } from './config/gateway-config.ts';
import { createDocumentClient } from './document-client.ts';
import { parseLedgerEnv } from './env.ts';

const env = parseLedgerEnv(process.env);
const writeLine = (entry: object) => process.stdout.write(`${JSON.stringify(entry)}\n`);

const ledger = composeLedger({
  env,
  config: parseConfig(env.GATEWAY_CONFIG),
  documents: createDocumentClient(env),
  onClosed: async ({ requestId, outcome }) =>
    void writeLine({ event: 'row-closed-late', requestId, outcome }),
  writeLine,
});

/** Rejects if the open rows cannot be listed, so that Lambda counts an error. */
export const handler = (): Promise<void> => ledger.sweep('overdue');
